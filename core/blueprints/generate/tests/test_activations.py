# SPDX-License-Identifier: Apache-2.0
"""Activations are looked up by name, in three ways, which says nothing about shapes unless they have weights."""
import unittest

from torch import nn
from transformers import BertConfig, activations

from generate import expr as E
from generate import modules as M
from generate import symbols as S
from generate.induce import induce


class Twice(nn.Module):
    def __init__(self, word):
        super().__init__()
        self.act = activations.ACT2FN[word]
        self.layers = nn.Sequential(nn.Linear(2, 2), self.act)


class LookedUp(unittest.TestCase):
    def setUp(self):
        M.prepare()

    def looked_up(self, word, way):
        with M.ModelTrace(BertConfig()) as trace:
            module = way(S.wrap(word, ("name", "act")))
            named = trace.activations.get(id(module))
        return named and E.text(named.expr), [E.text(asked.expr) for asked in trace.all_asked()]

    def test_the_module_remembers_the_name(self):
        for way in (lambda name: activations.ACT2FN[name], lambda name: activations.ACT2CLS[name](), activations.get_activation):
            self.assertEqual(("act", []), self.looked_up("relu", way))

    def test_one_with_weights_is_a_question(self):
        for way in (lambda name: activations.ACT2FN[name], lambda name: activations.ACT2CLS[name]()):
            self.assertEqual((None, ["act == 'prelu'"]), self.looked_up("prelu", way))

    def test_one_that_stands_in_two_places_hangs_on_no_name(self):
        traces = []
        for word in ("relu", "gelu"):
            with M.ModelTrace(BertConfig()) as trace:
                model = Twice(S.wrap(word, ("name", "act")))
            traces.append((trace, E.Scope(act=word), trace.tree(model)))
        children = induce(traces)["children"]
        self.assertEqual(({"activation": "act"}, {"class": "ReLU", "same_as": "act"}), (children["act"], children["layers"]["children"]["1"]))

    def test_plain_names_are_left_alone(self):
        self.assertIs(activations.ACT2FN["relu"].__class__, activations.ACT2CLS["relu"])


if __name__ == "__main__":
    unittest.main()
