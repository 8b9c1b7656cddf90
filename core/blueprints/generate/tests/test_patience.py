# SPDX-License-Identifier: Apache-2.0
import unittest

from generate.patience import TooLong, patience


class Patience(unittest.TestCase):
    def test_what_goes_on_for_ever_ends(self):
        with self.assertRaises(TooLong), patience(0.05):
            while True:
                try:
                    sum(range(1000))
                except Exception:  # as the search does, which must not take it for a refusal
                    pass

    def test_what_ends_in_time_goes_on(self):
        with patience(0.05):
            pass
        for _ in range(200):
            sum(range(10_000))


if __name__ == "__main__":
    unittest.main()
