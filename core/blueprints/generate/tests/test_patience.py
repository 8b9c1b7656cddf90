# SPDX-License-Identifier: Apache-2.0
import resource
import unittest

from generate.patience import LOOK, TooLong, patience, spend, spent


def work(rounds):
    for _ in rounds:
        try:
            spend(LOOK // 10)
        except Exception:  # as the search does, which must not take it for a refusal
            pass


class Patience(unittest.TestCase):
    def test_what_goes_on_for_ever_ends(self):
        before = spent()
        with self.assertRaises(TooLong), patience(3 * LOOK):
            work(iter(int, 1))
        self.assertEqual(before + 3.1 * LOOK, spent())

    def test_what_takes_much_memory_ends(self):
        limits = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (64 << 30, limits[1]))
        try:
            with self.assertRaises(TooLong), patience(share=1e-6):
                work(iter(int, 1))
        finally:
            resource.setrlimit(resource.RLIMIT_AS, limits)

    def test_what_ends_in_time_goes_on(self):
        with patience(LOOK):
            work(range(10))
        work(range(500))


if __name__ == "__main__":
    unittest.main()
