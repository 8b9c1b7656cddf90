# SPDX-License-Identifier: Apache-2.0
"""Ties of repeated layers: to the layer of the same number, to one a step off, or all to the same."""
import unittest

from generate.ties import fewest, tie_patterns


class Patterns(unittest.TestCase):
    def test_what_a_run_of_layers_may_be_tied_to(self):
        self.assertEqual(tie_patterns([([1], [2]), ([0], [1])]), {(0, 1, None)})
        self.assertEqual(tie_patterns([([1], [0]), ([2], [0])]), {(1, None, 0)})
        self.assertEqual(tie_patterns([([0], []), ([1], [])]), {(0, None, None)})
        self.assertEqual(tie_patterns([([0], [0])]), {(0, 0, None), (0, None, 0)})

    def test_a_gap_is_no_run(self):
        self.assertEqual(tie_patterns([([0], [0]), ([2], [2])]), set())
        self.assertEqual(tie_patterns([([], [0]), ([], [1])]), set())

    def test_few_patterns_say_all(self):
        same, shared = (0, 0, None), (0, None, 0)
        self.assertEqual(fewest([{same, shared}, {same}]), [same])
        self.assertEqual(fewest([{same, shared}, {same}, {shared}, {shared}]), [shared, same])


if __name__ == "__main__":
    unittest.main()
