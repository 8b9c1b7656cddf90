# SPDX-License-Identifier: Apache-2.0
"""Configs near refused ones that the library accepts."""
import unittest

from generate import expr as E
from generate.hints import Hints
from generate.repair import working
from generate.trace import Trace


class Working(unittest.TestCase):
    def test_what_was_searched_in_vain_is_searched_for_less(self):
        tries = []

        def run(env):
            tries.append(env)
            with Trace() as trace:
                trace.reads = {name: None for name in env}
                raise ValueError(f"never {len(tries) > 1 and env['a']}")

        hopeless, counts = set(), []
        for _ in range(2):
            tries.clear()
            with self.assertRaises(ValueError):
                working(run, E.Scope({name: 64 for name in "abcdefgh"}), Hints({}), lambda path: True, hopeless)
            counts.append(len(tries))
        self.assertEqual(1, len(hopeless))
        self.assertLess(2 * counts[1], counts[0])

    def test_a_switch_that_needs_several_fields(self):
        needed, tries = ("experts", "width", "groups"), []

        def run(env):
            tries.append(env)
            with Trace() as trace:
                trace.reads = dict.fromkeys(["layers", "experts"])
                for name in needed:
                    trace.reads[name] = None
                    if env[name] is None:
                        raise ValueError("nothing where a size should be")
                    trace.births[name] = ()

        types = {name: {"int", "None"} for name in needed}
        found = working(run, E.Scope({"layers": 4, **dict.fromkeys(needed)}), Hints(types), lambda path: True, set(), most=12)
        self.assertEqual(4, found["layers"])
        self.assertTrue(all(type(found[name]) is int for name in needed))
        self.assertLessEqual(len(tries), 13)


if __name__ == "__main__":
    unittest.main()
