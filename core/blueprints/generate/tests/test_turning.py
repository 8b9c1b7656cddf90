# SPDX-License-Identifier: Apache-2.0
"""Lists that a loop fills from their end."""
import unittest

from generate import shapes

from torch import nn

from generate import expr as E
from generate import symbols as S
from generate.induce import induce
from generate.reference import differences
from generate.replacements import Replacements as tare
from generate.trace import Trace

shapes.install()


class Decoder(nn.Module):
    """From the widest stage back to the first; every stage begins with the width of the one before."""

    def __init__(self, config):
        super().__init__()
        widths = config["widths"]
        before, self.up = widths[-1], nn.ModuleList()
        for stage in tare.loop(tare.reversed(tare.range(tare.len(widths))), "stages"):
            blocks = nn.ModuleList()
            for _ in tare.loop(tare.range(config["blocks"]), "blocks"):
                blocks.append(nn.Linear(before, widths[stage]))
                before = widths[stage]
            self.up.insert(0, blocks)


def trace(widths, blocks):
    scope = E.Scope({"widths": widths, "blocks": blocks})
    config = {key: S.wrap(list(value) if isinstance(value, list) else value, ("name", key)) for key, value in scope.items()}
    with Trace() as made, shapes.Shapes():
        model = Decoder(config)
    return made, scope, made.tree(model)


class Turning(unittest.TestCase):
    def test_item_i_is_what_round_i_made(self):
        body = induce([trace(*config) for config in (([4, 8, 16], 2), ([8, 4, 16, 2], 2), ([4, 6], 1), ([6, 2, 8, 4, 12], 3), ([5], 2))])
        stage = body["children"]["up"]["children"]["{i}"]
        self.assertEqual({"i": "len(widths)"}, stage["repeat"])
        self.assertEqual("widths[i]", stage["children"]["{j}"]["parameters"]["weight"][0])
        for config in (([3, 9, 4, 7], 2), ([7, 7, 2], 4)):
            _, scope, root = trace(*config)
            self.assertIsNone(differences(body, scope, root), config)

    def test_other_lists_are_left_alone(self):
        made, _, root = trace([4, 8], 2)
        (_, up), = root.children
        rounds = [[dict(block.loops)[uid] for _, block in stage.children for uid in dict(block.loops) if uid not in dict(stage.loops)] for _, stage in up.children]
        self.assertEqual([[0, 1], [0, 1]], rounds)


if __name__ == "__main__":
    unittest.main()
