# SPDX-License-Identifier: Apache-2.0
"""Constructors that do much work."""
import unittest

from generate import symbols as S
from generate.hints import Hints
from generate.replacements import Replacements as tare
from generate.lighter import MUCH, lighter
from generate.trace import TABLE, Trace

from torch import nn


class Lighter(unittest.TestCase):
    def halve(self, env, path):
        return {**env, path: env[path] // 2}

    def numbers(self, env):
        return {path: (path in ("side", "patch"), value) for path, value in env.items()}

    def test_only_what_saves_work_is_halved(self):
        light = lighter({"side": 512, "patch": 1, "width": 4096}, 512 * 512, self.numbers, self.halve, lambda env: (env["side"] // max(env["patch"], 1)) ** 2)
        self.assertEqual({"side": 128, "patch": 1, "width": 4096}, light)

    def test_refused_configs_are_passed_over(self):
        env = {"side": 512, "patch": 1, "width": 4096}
        self.assertEqual(env, lighter(env, 2 * MUCH, self.numbers, self.halve, lambda env: None))

    def test_little_work_stays(self):
        self.assertEqual({"side": 8}, lighter({"side": 8}, MUCH, self.numbers, self.halve, self.fail))


class Tables(unittest.TestCase):
    def test_a_long_loop_without_modules_forgets_its_index(self):
        size = S.wrap(100, ("name", "size"))
        with Trace() as trace:
            kinds = [[type(j) for j in tare.loop(tare.range(size), "inner")][0] for _ in tare.loop(tare.range(size), "outer")]
        self.assertIs(S.SymInt, kinds[0])
        self.assertIs(int, kinds[-1])
        self.assertEqual(100 * 100 + 100, sum(run.times for run in trace.runs.values()))
        self.assertLess(TABLE, 100 * 100)

    def test_a_long_loop_with_modules_remembers(self):
        size = S.wrap(TABLE + 2, ("name", "size"))
        with Trace():
            for i in tare.loop(tare.range(size), "layers"):
                nn.Module()
                for _ in tare.loop(tare.range(2), "inner"):
                    pass
        self.assertIs(S.SymInt, type(i))

    def test_only_loops_that_make_modules_count_layers(self):
        hints, names = Hints({}), {k: S.wrap(4, ("name", k)) for k in ("layers", "width")}
        with Trace() as trace:
            for _ in tare.loop(tare.range(names["layers"]), "layers"):
                nn.Module()
                for _ in tare.loop(tare.range(names["width"]), "table"):
                    pass
        hints.learn([], list(trace.runs.values()))
        self.assertEqual(({"layers"}, {"width"}), (hints.counts, hints.places))


class Conditions(unittest.TestCase):
    def test_items_of_a_composed_list_are_noted_near_its_start_only(self):
        layers = S.wrap(9, ("name", "layers"))
        with Trace() as trace:
            kinds = ["full"] * S.wrap(2, ("name", "first")) + ["sparse"] * layers
            [kind == "full" for kind in list(kinds[:layers])]
            parts = ["full"] * layers + ["odd" if k % 2 else "even" for k in range(9)]
            [kind == "odd" for kind in tare.list(parts)]
            given = S.wrap(["full"] * 9, ("name", "kinds"))
            [kind == "full" for kind in given]
        asked = [c.expr[2] for c in trace.asked[None]]
        self.assertEqual([], [item for item in asked if item[1] != ("name", "kinds") and item[2][1] > 3])
        self.assertEqual(2 + 4, sum(item[1] != ("name", "kinds") for item in asked))  # of both parts; none of the one without a rule
        self.assertEqual(9, sum(item[1] == ("name", "kinds") for item in asked))


if __name__ == "__main__":
    unittest.main()
