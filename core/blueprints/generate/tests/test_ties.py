# SPDX-License-Identifier: Apache-2.0
"""Ties of repeated layers: to the layer of the same number, to one a step off, all to the same, or chosen one by one."""
import unittest

from torch import nn

from generate import expr as E
from generate.counting import counted_presence
from generate.examples import Example, Unsolved
from generate.features import Features
from generate.layer_ties import Layers
from generate.ties import fewest, gated, tie_patterns
from generate.trace import Condition, Node, Run, Trace
from generate.whole_ties import with_modules


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


class Chosen(unittest.TestCase):
    """Layers with an attention or without, told by a list of the config."""

    def layers(self, *configs):
        examples, models = [], []
        for tie, kinds, *period in configs:
            model = nn.Module()
            model.layers = nn.ModuleList(nn.ModuleDict({"attn": nn.Linear(1, 1)} if kind == "full" else {"conv": nn.Linear(1, 1)}) for kind in kinds)
            scope = E.Scope({"tie": tie, "kinds": kinds, "num_layers": len(kinds), **dict(zip(["period"], period))})
            trace = Trace()
            trace.runs[7] = Run(7, "a loop", ("call", "len", ("name", "kinds")), (), None, times=len(kinds), complete=True)
            for k, layer in enumerate(model.layers):
                trace.births[id(layer)] = (layer, "", ((7, k),), None, None)
                question = ("cmp", "==", ("item", ("name", "kinds"), ("loop", 7, k)), E.const("full"))
                trace.asked[id(layer)] = [Condition(question, kinds[k] == "full", ((7, k),))]
            examples.append(Example(trace, scope, Node(model, "Model", "", ())))
            models.append(model)
        return Layers(examples, models)

    def tie(self, configs, pairs, source="layers.#.attn.weight"):
        return self.layers(*configs).tie("layers.#.attn.weight", source, {r: [([a], [b] if b is not None else []) for a, b in found] for r, found in enumerate(pairs) if found})

    def test_all_of_a_kind_are_tied_to_the_first(self):
        configs = [(True, ["slow", "full", "full"]), (True, ["full", "slow", "full", "full"]), (False, ["full", "full"]), (True, ["slow"] * 4), (True, ["full", "full"])]
        self.assertEqual(self.tie(configs, [[(2, 1)], [(2, 0), (3, 0)], [], [], [(1, 0)]]), {
            "repeat": {"i": "len(kinds)"}, "when": "kinds[i] == 'full' and (i != index(kinds, 'full') and tie)",
            "tensor": "layers.{i}.attn.weight", "to": "layers.{index(kinds, 'full')}.attn.weight"})  # fmt: skip

    def test_blocks_in_turn(self):
        kinds, found, configs = "slow full full slow full full full slow full".split(), [], []
        for period in (1, 2, 3):
            some = kinds[period:] + kinds
            at = [k for k, kind in enumerate(some) if kind == "full"]
            configs += [(True, some, period), (False, some, period)]
            found += [[(k, at[n % period]) for n, k in enumerate(at) if n >= period], []]
        tie = self.tie(configs, found)
        full = "[x for x in range(len(kinds)) if kinds[x] == 'full']"
        before = "len([x for x in range(i) if kinds[x] == 'full'])"
        self.assertEqual(tie["when"], f"kinds[i] == 'full' and (tie and {before} >= period)")
        self.assertEqual(tie["to"], f"layers.{{{full}[{before} % period]}}.attn.weight")

    def test_those_of_a_kind_are_tied_to_their_like(self):
        configs = [(True, ["slow", "full", "full"]), (True, ["full", "slow", "full", "full"]), (False, ["full", "full"])]
        tie = self.tie(configs, [[(1, 1), (2, 2)], [(0, 0), (2, 2), (3, 3)], []], "others.#.weight")
        self.assertEqual((tie["when"], tie["to"]), ("kinds[i] == 'full' and tie", "others.{i}.weight"))
        tie = self.tie(configs, [[(1, None), (2, None)], [(0, None), (2, None), (3, None)], []], "one.weight")
        self.assertEqual(tie["to"], "one.weight")

    def test_to_their_like_or_all_to_one(self):
        configs = [(True, ["full"] * 5, 1), (True, ["full"] * 5, 2), (True, ["full"] * 4, 2), (True, ["full"] * 3, 1), (False, ["full"] * 3, 1)]
        alike, shared = [[(k, k) for k in range(n)] for n in (5, 3)], [[(k, 0) for k in range(n)] for n in (5, 4)]
        layers = self.layers(*configs)
        for row, example in enumerate(layers.examples):
            example.scope["shared"] = row in (1, 2)
        found = {row: [([a], [b]) for a, b in pairs] for row, pairs in enumerate([alike[0], *shared, alike[1]])}
        tie = layers.tie("layers.#.attn.weight", "others.#.weight", found)
        self.assertEqual((tie["when"], tie["to"]), ("tie", "others.{0 if shared else i}.weight"))

    def test_without_a_rule(self):
        with self.assertRaises(Unsolved):
            self.tie([(True, ["full", "full", "full", "full"]), (True, ["full"] * 5)], [[(1, 0)], [(0, 2), (4, 1)]])


class Whole(unittest.TestCase):
    """A model whose head may be tied to its body."""

    def model(self, layers):
        part = lambda: nn.ModuleDict({"layers": nn.ModuleList(nn.Linear(1, 1) for _ in range(layers)), "norm": nn.Linear(1, 1)})
        return nn.ModuleDict({"head": nn.ModuleDict({"inner": part(), "own": nn.Linear(1, 1)}), "inner": part()})

    def pairs(self, model, but=""):
        names = [name for name, _ in model.named_parameters()]
        return {(f"head.{name}", name) for name in names if name.startswith("inner.") and name != but}

    def test_modules_of_many_tensors(self):
        models = [self.model(9), self.model(2), self.model(2)]
        rows = [self.pairs(models[0]), self.pairs(models[1]), set()]
        self.assertEqual(with_modules(rows, models), [{("head.inner.*", "inner.*")}, {("head.inner.*", "inner.*")}, set()])

    def test_what_is_tied_in_part_only(self):
        models = [self.model(9), self.model(2)]
        rows = [self.pairs(model, "inner.norm.bias") for model in models]
        weight = ("head.inner.norm.weight", "inner.norm.weight")
        self.assertEqual(with_modules(rows, models), [{("head.inner.layers.*", "inner.layers.*"), weight}] * 2)
        rows[1] = self.pairs(models[1], "inner.layers.1.bias")
        self.assertEqual(with_modules(rows, models), rows)

    def test_few_tensors_are_said_one_by_one(self):
        model = self.model(1)
        self.assertEqual(with_modules([self.pairs(model)], [model]), [self.pairs(model)])


class Counted(unittest.TestCase):
    def test_a_number_counted_along_is_a_count_of_words(self):
        kinds, examples, present = ["slow", "full", "full", "slow", "full", "full"], [], []
        for period in (2, 3):
            for n, i in enumerate(k for k, kind in enumerate(kinds) if kind == "full"):
                trace, node = Trace(), Node(None, "Block", "", ())
                trace.runs[7] = Run(7, "a loop", E.const(4), (), None, times=4, complete=True)
                for j in range(4):
                    question = ("cmp", "==", ("op", "%", ("loop", 7, j), ("name", "period")), ("op", "%", E.const(n), ("name", "period")))
                    node.conditions.append(Condition(question, j % period == n % period, ((7, j),)))
                for j in range(4):
                    scope = E.Scope({"kinds": kinds, "period": period})
                    examples.append(Example(trace, scope, node, {"i": i, "j": j}, {7: "j"}))
                    present.append(j % period == n % period)
        condition = counted_presence(examples, present, Features(examples), "block")
        self.assertEqual(E.text(condition), "j % period == len([x for x in range(i) if kinds[x] == 'full']) % period")
        self.assertIsNone(counted_presence(examples, [e.variables["j"] == 0 for e in examples], Features(examples), "block"))


class Gate(unittest.TestCase):
    def test_what_was_never_seen_without_the_setting_of_ties_is_under_it(self):
        gate = ("name", "tie")
        plain, other = {"tensor": "a.bias", "to": "b.bias"}, {"repeat": {"i": "n if tie else 0"}, "tensor": "a.{i}", "to": "b.{i}"}
        chosen = {"repeat": {"i": "n"}, "when": "bias or first", "tensor": "a.{i}", "to": "b.{i}"}
        self.assertEqual(gated([plain, other, chosen], gate), [{"when": "tie", **plain}, other, {**chosen, "when": "tie and (bias or first)"}])
        self.assertEqual(gated([plain], None), [plain])


if __name__ == "__main__":
    unittest.main()
