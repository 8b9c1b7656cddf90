# SPDX-License-Identifier: Apache-2.0
"""Numbers that Python counts along in a loop, and questions that are made of several."""
import unittest

from generate import shapes

from torch import nn

from generate import expr as E
from generate import symbols as S
from generate.examples import Unsolved
from generate.induce import induce
from generate.replacements import Replacements as tare
from generate.reference import differences
from generate.trace import Trace

shapes.install()


class Pad(nn.Module):
    pass


class Layer(nn.Module):
    def __init__(self, config, strided):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        if config["padding"] is not None and config["padding"] == "same" and strided:
            self.pad = Pad()


class Stage(nn.Module):
    def __init__(self, config, strided):
        super().__init__()
        self.layers = nn.ModuleList([Layer(config, strided and j == 0) for j in tare.loop(tare.range(config["layers"]), "layers")])


class Encoder(nn.Module):
    """The stride is a plain number of Python, and goes on growing until the config says that it is enough."""

    def __init__(self, config):
        super().__init__()
        self.stages, so_far = nn.ModuleList(), 4
        for i in tare.loop(tare.range(config["stages"]), "stages"):
            stride = 1 if i == 0 else 2
            if so_far >= config["most"]:
                stride = 1
            self.stages.append(Stage(config, stride > 1))
            so_far *= stride


class Pyramid(nn.Module):
    """The size is halved from level to level, and asked about in each of a level's blocks."""

    def __init__(self, config):
        super().__init__()
        self.levels, size = nn.ModuleList(), config["size"]
        for i in tare.loop(tare.range(config["levels"]), "levels"):
            level = nn.Module()
            level.blocks = nn.ModuleList([nn.Linear(4, 4) if size in config["sizes"] else nn.Identity() for _ in tare.loop(tare.range(config["layers"]), "layers")])
            self.levels.append(level)
            size = size // 2


class Pooled(nn.Module):
    """One line asks for several words."""

    def __init__(self, config):
        super().__init__()
        after = config["pool"] in ("avg", "avgmax", "max") if config["after"] is None else config["after"]
        self.norm = nn.LayerNorm(4) if config["norm"] and not after else nn.Identity()


def trace(cls, **config):
    with Trace() as trace, shapes.Shapes():
        model = cls({key: S.wrap(value, ("name", key)) for key, value in config.items()})
    return trace, E.Scope(config), trace.tree(model)


class CountedAlong(unittest.TestCase):
    def test_a_stride_that_stops_growing(self):
        def made(most, padding, stages=4, layers=2):
            return trace(Encoder, most=most, padding=padding, stages=stages, layers=layers)

        seen = [made(most, padding, stages) for most in (4, 8, 16, 32) for padding in (None, "same", "valid") for stages in (3, 4)] + [made(32, "same", 4, layers) for layers in (1, 3)]
        body = induce(seen)
        for most in (2, 8, 16, 33, 64, 128):  # with more stages than were ever seen
            _, scope, root = made(most, "same", 6)
            self.assertIsNone(differences(body, scope, root), most)


class Nested(unittest.TestCase):
    def test_what_is_counted_along_is_asked_in_a_loop_within(self):
        sizes = ([64], [32, 8], [16], [8], [4], [], [64, 16])
        body = induce([trace(Pyramid, size=64, sizes=some, levels=5, layers=layers) for some in sizes for layers in (1, 2)])
        for size, some in ((128, [16]), (64, [2]), (48, [24, 3])):
            _, scope, root = trace(Pyramid, size=size, sizes=some, levels=6, layers=3)
            self.assertIsNone(differences(body, scope, root), (size, some))


class AmongWords(unittest.TestCase):
    def test_words_of_one_line_are_one_question(self):
        configs = [{"pool": pool, "after": after, "norm": norm} for pool in ("avg", "avgmax", "max", "token", "map") for after in (None, True, False) for norm in (True, False)]
        body = induce([trace(Pooled, **config) for config in configs])
        found = {option["class"]: option["when"] for option in body["children"]["norm"]}
        self.assertEqual("norm and (pool not in ['avg', 'avgmax', 'max'] if after is None else not after)", found["LayerNorm"])


class Suspects(unittest.TestCase):
    def test_the_field_that_is_another_wherever_there_is_no_rule(self):
        class Odd(nn.Module):
            def __init__(self, config):
                super().__init__()
                self.fc = nn.Linear(4, 4)
                if S.plain(config["width"]) * 7919 % 31 > 15:  # without a trace
                    self.more = nn.Linear(4, 4)

        with self.assertRaises(Unsolved) as caught:
            induce([trace(Odd, depth=depth, width=width) for depth in (1, 2) for width in (31, 1, 2, 3, 5, 31, 6, 9, 12, 13)])
        self.assertEqual("width", caught.exception.suspects[0])


if __name__ == "__main__":
    unittest.main()
