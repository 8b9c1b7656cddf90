# SPDX-License-Identifier: Apache-2.0
"""Classes without rules for all of their fields."""
import unittest

from generate.examples import Unsolved
from generate.some_fields import described


class SomeFields(unittest.TestCase):
    def free(self, fields, refused):
        """The fields that are free in the end, where those of `refused` have no rule; and how often a description was tried."""
        tries = []

        def describe(free):
            tries.append(free)
            if refused & set(free):
                raise Unsolved("no rule")
            return free

        return "".join(described(describe, list(fields))), len(tries)

    def test_all_but_those_without_a_rule_are_free(self):
        for fields, refused, wanted in (("abcd", "", "abcd"), ("abcd", "c", "abd"), ("abcd", "abcd", ""), ("a", "a", ""), ("", "", ""), ("abcdefg", "ag", "bcdef")):
            with self.subTest(fields=fields, refused=refused):
                self.assertEqual(wanted, self.free(fields, set(refused))[0])

    def test_few_tries_find_the_one_to_blame(self):
        self.assertLess(self.free("abcdefghijklmnop", {"f"})[1], 11)

    def test_without_any_description_there_is_none(self):
        def describe(free):
            raise Unsolved("no rule")

        with self.assertRaises(Unsolved):
            described(describe, ["a", "b"])


if __name__ == "__main__":
    unittest.main()
