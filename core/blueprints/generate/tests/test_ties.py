# SPDX-License-Identifier: Apache-2.0
"""Ties of repeated layers: to the layer of the same number, to one a step off, all to the same, or chosen one by one."""
import unittest

from torch import nn

from generate import expr as E
from generate.decide import Example, Unsolved
from generate.layer_ties import Layers
from generate.ties import fewest, gated, tie_patterns
from generate.trace import Condition, Node, Run, Trace


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
        for tie, kinds in configs:
            model = nn.Module()
            model.layers = nn.ModuleList(nn.ModuleDict({"attn": nn.Linear(1, 1)} if kind == "full" else {"conv": nn.Linear(1, 1)}) for kind in kinds)
            scope = E.Scope({"tie": tie, "kinds": kinds, "num_layers": len(kinds)})
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

    def test_those_of_a_kind_are_tied_to_their_like(self):
        configs = [(True, ["slow", "full", "full"]), (True, ["full", "slow", "full", "full"]), (False, ["full", "full"])]
        tie = self.tie(configs, [[(1, 1), (2, 2)], [(0, 0), (2, 2), (3, 3)], []], "others.#.weight")
        self.assertEqual((tie["when"], tie["to"]), ("kinds[i] == 'full' and tie", "others.{i}.weight"))
        tie = self.tie(configs, [[(1, None), (2, None)], [(0, None), (2, None), (3, None)], []], "one.weight")
        self.assertEqual(tie["to"], "one.weight")

    def test_without_a_rule(self):
        with self.assertRaises(Unsolved):
            self.tie([(True, ["full", "full", "full", "full"]), (True, ["full"] * 5)], [[(1, 0)], [(0, 2), (4, 1)]])


class Gate(unittest.TestCase):
    def test_what_was_never_seen_without_the_setting_of_ties_is_under_it(self):
        gate = ("name", "tie")
        plain, other = {"tensor": "a.bias", "to": "b.bias"}, {"repeat": {"i": "n if tie else 0"}, "tensor": "a.{i}", "to": "b.{i}"}
        chosen = {"repeat": {"i": "n"}, "when": "bias or first", "tensor": "a.{i}", "to": "b.{i}"}
        self.assertEqual(gated([plain, other, chosen], gate), [{"when": "tie", **plain}, other, {**chosen, "when": "tie and (bias or first)"}])
        self.assertEqual(gated([plain], None), [plain])


if __name__ == "__main__":
    unittest.main()
