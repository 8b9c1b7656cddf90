# SPDX-License-Identifier: Apache-2.0
"""Classes without a rule: widths that the library has searched for."""
import copy
import unittest

from generate import shapes

import torch
from torch import nn

from generate import expr as E
from generate import symbols as S
from generate.decide import Unsolved
from generate.default_only import described
from generate.reference import differences
from generate.trace import Trace

shapes.install()


class Model(nn.Module):
    _no_split_modules = ["Linear"]

    def __init__(self, config):
        super().__init__()
        searched = sum(p for p in range(2, int(config["width"])) if int(config["width"]) % p == 0)
        self.weight = nn.Parameter(torch.empty(config["width"], searched))
        self.layers = nn.ModuleList([nn.Linear(searched, n) for n in config["sizes"]])


DEFAULT = E.Scope(width=12, sizes=[3, 5], unread=7, bias=None, model_type="toy")


def run(env):
    config = {k: v if v is None else S.wrap(v, ("name", k)) for k, v in copy.deepcopy(env).items()}
    with Trace() as trace, torch.device("meta"), shapes.Shapes():
        model = Model(config)
    return [], [], {"width", "sizes", "bias", "model_type"}, (trace, trace.tree(model), model)


class DefaultOnly(unittest.TestCase):
    def test_every_field_that_was_read_is_as_by_default(self):
        body = described(run, DEFAULT)
        self.assertEqual(["width == 12", "sizes == [3, 5]", "bias is None"], body["assumes"])
        self.assertEqual(["Linear"], body["no_split"])
        _, _, _, (_, root, _) = run(DEFAULT)
        self.assertIsNone(differences(body, DEFAULT, root))

    def test_an_object_cannot_be_said(self):
        with self.assertRaises(Unsolved):
            described(run, E.Scope(DEFAULT, bias={"a": 1}))


if __name__ == "__main__":
    unittest.main()
