# SPDX-License-Identifier: Apache-2.0
"""Rules that were told apart by the wrong question, which only one that is asked on purpose shows."""
import unittest

import torch

from generate import expr as E
from generate import symbols as S
from generate.doubts import apart, crossed, doubts
from generate.explore import Explorer, Seen
from generate.hints import Hints
from generate.trace import Trace


class Questions(unittest.TestCase):
    def test_what_is_asked_after_something_else(self):
        node = {"class": "A", "parameters": {"weight": {"shape": ["a if x else b if y and z else c", 3], "when": "w"}}, "children": {"{i}": {"repeat": {"i": "n"}, "when": "v", "class": "B"}, "relu": "ReLU"}}
        self.assertEqual([(("w",), "x"), (("w", "not (x)"), "y"), (("w", "not (x)", "y"), "z")], doubts(node))

    def test_in_nodes_within(self):
        node = {"class": "A", "when": "a", "children": {"inner": [{"class": "B", "when": "b"}, {"class": "C", "when": "not b"}]}}
        self.assertEqual([(("a",), "b"), (("a",), "not b")], doubts(node))

    def test_settings_that_stand_in_for_each_other_in_all_ways(self):
        found = set(crossed(["a if x else b if y else c"]))
        self.assertEqual({((), "x"), ((), "y"), (("not (x)",), "y")}, found)


    def test_answers_of_one_constructor_that_were_never_seen_together(self):
        answers = {"shared": [True, True, False], "wide": [False, False, True], "bias": [True, False, None]}
        self.assertEqual([(("shared",), "wide"), (("not (shared)",), "wide"), (("wide",), "shared"), (("not (wide)",), "shared")], apart([["shared", "wide"]], answers))
        self.assertEqual([], [pair for pair in apart([["shared"], ["wide"]], answers)], "asked in two places")
        self.assertEqual([(("bias",), "shared"), (("not (bias)",), "shared")], apart([["shared", "bias"]], answers))


class OnPurpose(unittest.TestCase):
    def test_one_field_gives_the_other_answer_and_leaves_those_before(self):
        def run(env):
            with Trace() as trace:
                config = {key: S.wrap(value, ("name", key)) for key, value in env.items()}
                torch.nn.Linear(2, 3 if config["positions"] and config["token"] else 2, device="meta")
            return Seen(trace.all_asked(), [], set(env), trace)

        explorer = Explorer(run, E.Scope({"positions": False, "token": True, "labels": 10}), Hints({"labels": {"int"}}), budget=2)
        explorer.base = explorer.start
        for env in ({}, {"positions": True}):
            explorer.attempt(E.Scope({**explorer.start, **env}))
        new = explorer.against([(("positions",), "token")], 4)
        self.assertEqual([{"positions": True, "token": False, "labels": 10}], [dict(env) for env, _ in new])
        self.assertEqual([], explorer.against([(("positions and not token and labels > 99",), "token")], 4), "never asked")


if __name__ == "__main__":
    unittest.main()
