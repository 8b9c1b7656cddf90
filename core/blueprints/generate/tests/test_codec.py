# SPDX-License-Identifier: Apache-2.0
"""What audio codecs do: several children in a round, widths counted along, loops that are over, numbered tensors, copies, odd kernels."""
import unittest

from generate import shapes

import torch
from torch import nn

from generate import expr as E
from generate import symbols as S
from generate.induce import induce
from generate.replacements import Replacements as tare
from generate.reference import differences
from generate.trace import Trace

shapes.install()


class Codec(nn.Module):
    def __init__(self, config):
        super().__init__()
        layers, scale = [nn.Conv1d(1, config["width"], 3)], 1
        for ratio in tare.loop(config["ratios"], "ratios"):
            for _ in tare.loop(tare.range(config["residual"]), "residual"):
                layers.append(nn.Linear(scale * config["width"], scale * config["width"]))
            layers.append(nn.ELU())
            layers.append(nn.Conv1d(scale * config["width"], 2 * scale * config["width"], ratio))
            scale *= 2
        layers.append(nn.LSTM(scale * config["width"], config["width"], config["lstm"]))
        self.layers = nn.ModuleList(layers)
        for index, _ in tare.loop(tare.enumerate(config["ratios"]), "last"):
            pass
        self.last = nn.Linear(index + 1, 1)
        self.count = nn.Linear(tare.len(self.layers[:0] or nn.ModuleList([nn.Linear(2, 2) for _ in tare.loop(tare.range(config["residual"]), "made")])), 1)
        self.total = nn.Linear(tare.math_prod(config["ratios"]), 1)
        self.heads = nn.ModuleList([nn.Linear(config["width"], 2) for _ in tare.loop(tare.range(config["residual"]), "heads")])
        self.frames = nn.ParameterList(nn.Parameter(torch.zeros(1, config["width"])) for _ in tare.loop(tare.range(config["residual"]), "frames"))
        self.copies = tare.deepcopy(self.heads)
        self.shared = nn.ModuleList([self.last] * config["residual"])
        self.kernel = nn.Conv2d(3, 4, config["patch"])
        self.register_buffer("halves", torch.arange(0, config["width"])[None, ::2], persistent=False)


DEFAULT = {"width": 8, "ratios": [4, 2, 3], "residual": 2, "lstm": 2, "patch": [2, 3]}
CHANGES = [{}, {"width": 12}, {"width": 9, "residual": 3}, {"ratios": [3]}, {"ratios": [2, 5]}, {"ratios": [5, 3, 2, 4], "lstm": 3}, {"residual": 1}, {"lstm": 1},
           {"lstm": 3, "ratios": [2, 2]}, {"patch": [4, 5]}, {"patch": [4, 4, 4]}, {"ratios": [2, 3, 4, 5, 6], "residual": 4}]  # fmt: skip


def trace(**changes):
    scope = E.Scope({**DEFAULT, **changes})
    config = {k: S.wrap(list(v) if isinstance(v, list) else v, ("name", k)) for k, v in scope.items()}
    with Trace() as t, shapes.Shapes():
        net = Codec(config)
    return t, scope, t.tree(net)


class CodecTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = induce([trace(**changes) for changes in CHANGES])

    def test_a_round_may_add_several_children(self):
        (name, loop), = [(k, v) for k, v in self.node["children"]["layers"]["children"].items() if "each" in v]
        self.assertEqual(loop["repeat"], {"i": "len(ratios)"})
        self.assertEqual([v if isinstance(v, str) else v["class"] for v in loop["each"].values()], ["Linear", "ELU", "Conv1d"])

    def test_a_number_counted_along_becomes_a_power(self):
        loop = next(v for v in self.node["children"]["layers"]["children"].values() if "each" in v)
        conv = list(loop["each"].values())[-1]
        self.assertIn("2 ** i", conv["parameters"]["weight"][1])

    def test_parameters_in_a_list_are_as_many_as_the_config_says(self):
        listed = {"each {i}": {"repeat": {"i": "residual"}, "each": {"{i}": [1, "width"]}}}
        self.assertEqual({"class": "ParameterList", "parameters": listed}, self.node["children"]["frames"])

    def test_layers_of_a_recurrent_network_are_repeated(self):
        lstm = next(v for v in self.node["children"]["layers"]["children"].values() if v.get("class") == "LSTM")
        (name, layers), = lstm["parameters"].items()
        self.assertEqual(("each {i}", {"i": "lstm"}), (name, layers["repeat"]))
        self.assertEqual([{"shape": ["4 * width", "width * 2 ** len(ratios)"], "when": "i == 0"}, {"shape": ["4 * width", "width"], "when": "i > 0"}],
                         layers["each"]["weight_ih_l{i}"])  # fmt: skip
        self.assertEqual(["4 * width", "width"], layers["each"]["weight_hh_l{i}"])
        self.assertNotIn("assumes", lstm)

    def test_kernels_of_another_rank_are_not_covered(self):
        self.assertIn("len(patch) == 2", self.node["children"]["kernel"]["assumes"])

    def test_lengths_products_slices_and_the_index_of_a_loop_that_is_over(self):
        self.assertEqual(self.node["children"]["total"]["parameters"]["weight"][1], "prod(ratios)")
        self.assertEqual(self.node["children"]["count"]["parameters"]["weight"][1], "residual")
        self.assertEqual(self.node["children"]["last"]["parameters"]["weight"][1], "len(ratios)")
        self.assertEqual(self.node["buffers"]["halves"]["shape"], [1, "(width + 1) // 2"])

    def test_copies_and_shared_modules_are_repeated_too(self):
        self.assertEqual(self.node["children"]["copies"]["children"]["{i}"]["repeat"], {"i": "residual"})
        self.assertEqual(self.node["children"]["shared"]["children"]["{i}"], {"repeat": {"i": "residual"}, "class": "Linear", "same_as": "last"})

    def test_it_holds_for_configs_it_has_not_seen(self):
        for changes in ({"width": 11, "ratios": [7, 3, 2, 5]}, {"residual": 5, "lstm": 2}, {"ratios": [4], "width": 5, "lstm": 3}, {"ratios": [2] * 7}):
            _, scope, root = trace(**changes)
            self.assertIsNone(differences(self.node, scope, root), changes)


if __name__ == "__main__":
    unittest.main()
