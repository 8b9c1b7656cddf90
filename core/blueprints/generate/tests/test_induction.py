# SPDX-License-Identifier: Apache-2.0
"""From traces of small modules to blueprint nodes."""
import itertools
import unittest

from generate import shapes

import torch
from torch import nn

from generate import expr as E
from generate import symbols as S
from generate.induce import induce
from generate.order import BEHIND, apart
from generate.replacements import Replacements as tare
from generate.reference import differences
from generate.trace import Trace

shapes.install()


class Block(nn.Module):
    def __init__(self, config, index):
        super().__init__()
        self.norm = nn.LayerNorm(config["width"])
        if index % config["every"] == 0:
            self.mix = nn.Linear(config["width"], config["width"], bias=config["bias"])
        self.register_buffer("table", torch.arange(0, config["width"], 2), persistent=False)


class Net(nn.Module):
    """Loops, conditions, an accumulated width, and two formulas that give the same number by default."""

    def __init__(self, config):
        super().__init__()
        self.blocks = nn.ModuleList([Block(config, i) for i in tare.loop(tare.range(config["layers"]), "blocks")])
        width, stages = config["width"], []
        for size in tare.loop(config["sizes"], "stages"):
            stages.append(nn.Linear(width, size))
            width = size
        self.stages = nn.Sequential(*stages)
        channels = 1
        for _ in tare.loop(tare.range(tare.math_log2(config["stride"])), "powers"):
            channels = channels * config["kv"]
        self.mask = nn.Linear(channels, config["width"], bias=False)
        act, length = nn.ReLU(), config["kv"]
        rounds = [act]
        for _ in tare.loop(tare.range(config["layers"]), "rounds"):
            rounds += [nn.Linear(4, 4), nn.Linear(4, 4), act]
            length = (length + 1) // 2
        self.rounds, self.end = nn.Sequential(*rounds), nn.Linear(length, 4)
        model = nn.LayerNorm(config["width"])
        self.clones = nn.ModuleList([tare.deepcopy(model) for _ in tare.loop(tare.range(config["heads"]), "clones")])
        first = nn.ModuleList([])
        for _ in tare.loop(tare.range(config["layers"]), "first"):
            first.append(nn.Identity() if config["every"] == config["heads"] else nn.Linear(4, 4))
        self.first, self.second = first, nn.ModuleList([])
        for _ in tare.loop(tare.range(config["layers"] - 3), "second"):
            self.second.append(nn.Identity() if config["every"] == config["heads"] else nn.Linear(4, 4))
        self.third = nn.ModuleList([nn.Linear(4, 4) for _ in tare.loop(tare.range(config["heads"] - 5), "third")])
        self.fourth = nn.ModuleList([nn.Linear(4, 4) for _ in tare.loop(tare.range(config["heads"] - 6), "fourth")])
        self.window = nn.Parameter(torch.zeros(1, *config["window"]))
        if config["new"]:
            out = (config["kv"] * 2 + config["heads"]) * 8
        elif config["single"]:
            out = config["heads"] * 8 + 16
        else:
            out = config["heads"] * 24
        self.qkv = nn.Linear(config["width"], out)


DEFAULT = {"width": 32, "layers": 3, "every": 2, "bias": True, "sizes": [8, 16], "new": False, "single": False, "kv": 4, "heads": 4,
           "stride": 4, "window": [7, 7]}  # fmt: skip


def trace(**changes):
    scope = E.Scope({**DEFAULT, **changes})
    config = {k: S.wrap(list(v) if isinstance(v, list) else v, ("name", k)) for k, v in scope.items()}
    with Trace() as t, shapes.Shapes():
        net = Net(config)
    return t, scope, t.tree(net)


def traces():
    yield trace()
    for change in ({"width": 48}, {"width": 50}, {"layers": 1}, {"layers": 5}, {"every": 1}, {"every": 3}, {"sizes": [8]}, {"sizes": [5, 6, 7]}, {"heads": 6}):
        yield trace(**change)
    for change in ({"stride": 8, "kv": 3}, {"stride": 2}, {"stride": 16, "kv": 5}, {"window": [7]}, {"window": [7, 5, 6]}, {"window": [4, 9]}, {"every": 4}):
        yield trace(**change)
    for bias, new, single, kv in itertools.product((True, False), (True, False), (True, False), (4, 2)):
        yield trace(bias=bias, new=new, single=single, kv=kv)


class Two(nn.Module):
    """Two loops that fill one list."""

    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleList([*[nn.Linear(4, 4) for _ in tare.loop(tare.range(config["layers"]), "first")],
                                     *[nn.Linear(8, 8) for _ in tare.loop(tare.range(config["more"]), "then")], nn.LayerNorm(4)])  # fmt: skip


def two(layers, more):
    scope = E.Scope({"layers": layers, "more": more})
    with Trace() as t, shapes.Shapes():
        net = Two({k: S.wrap(v, ("name", k)) for k, v in scope.items()})
    return t, scope, t.tree(net)


class AfterALoop(unittest.TestCase):
    def test_what_follows_a_loop_is_numbered_after_it_however_often_that_went_round(self):
        body = induce([two(3, 1), two(3, 2), two(3, 0)])
        self.assertEqual(["{i}", "{#}", "{#} "], list(body["children"]["layers"]["children"]))
        self.assertIsNone(differences(body, E.Scope({"layers": 5, "more": 2}), two(5, 2)[2]))


class Numbered(nn.Module):
    """Every round adds two children with its number in their names."""

    def __init__(self, config):
        super().__init__()
        for i in tare.loop(tare.range(config["layers"]), "numbered"):
            self.add_module(f"lateral_{i + 1}", nn.Linear(4, 4))
            self.add_module(f"output_{i + 1}", nn.LayerNorm(4))


def numbered(layers):
    scope = E.Scope({"layers": layers})
    with Trace() as t, shapes.Shapes():
        net = Numbered({"layers": S.wrap(layers, ("name", "layers"))})
    return t, scope, t.tree(net)


class NumberedByTheirRound(unittest.TestCase):
    def test_one_rule_for_the_names_however_many_rounds_there_are(self):
        body = induce([numbered(2), numbered(3), numbered(1)])
        self.assertEqual(["lateral_{i + 1}", "output_{i + 1}"], list(body["children"]["each {i}"]["each"]))
        self.assertIsNone(differences(body, E.Scope({"layers": 9}), numbered(9)[2]))


class Head(nn.Module):
    """Asks about numbers that another constructor took from a list, where Python counted the places."""

    def __init__(self, stride, base):
        super().__init__()
        self.layer = nn.Linear(4, 4)
        if stride != base:
            self.up = nn.Upsample(scale_factor=2)


class Pyramid(nn.Module):
    def __init__(self, config):
        super().__init__()
        counted, heads = itertools.count(), []
        for _ in tare.loop(tare.range(config["levels"]), "levels"):
            heads.append(Head(config["strides"][next(counted)], config["strides"][0]))
        self.heads = nn.ModuleList(heads)


def pyramid(strides):
    scope = E.Scope({"levels": len(strides), "strides": strides})
    with Trace() as t, shapes.Shapes():
        net = Pyramid({k: S.wrap(v, ("name", k)) for k, v in scope.items()})
    return t, scope, t.tree(net)


class CountedByPython(unittest.TestCase):
    def test_what_weighs_nothing_may_hang_on_the_item_of_this_round(self):
        body = induce([pyramid(strides) for strides in ([8, 16, 8, 8, 32, 8, 16], [8, 8, 32, 8, 8, 8], [4, 8], [8, 32, 8], [4, 4, 8, 4, 4], [8, 8, 8, 16])])
        self.assertEqual("strides[i] != strides[0]", body["children"]["heads"]["children"]["{i}"]["children"]["up"]["when"])


class Put(nn.Module):
    """A table that is made before the layer, or put in afterwards."""

    def __init__(self, config):
        super().__init__()
        self.table = nn.Embedding(2, 4) if config["trained"] else None
        self.layer = nn.Linear(4, 4)
        if not config["trained"]:
            del self.table
        self.table = nn.Embedding(3, 4)


def put(trained):
    scope = E.Scope({"trained": trained})
    with Trace() as t, shapes.Shapes():
        net = Put({"trained": S.wrap(trained, ("name", "trained"))})
    return t, scope, t.tree(net)


class Ordered(unittest.TestCase):
    def test_a_child_that_stands_elsewhere_in_other_configs_is_said_in_both_places(self):
        body = induce([put(True), put(False)])
        self.assertEqual(["table", "layer", "table "], list(body["children"]))
        self.assertEqual([None, None], [differences(body, E.Scope({"trained": trained}), put(trained)[2]) for trained in (True, False)])

    def test_what_always_stands_alike_or_may_not_be_moved_is_left(self):
        alike, turned = [[("a",), ("b",)], [("a",), ("c",), ("b",)]], [[("a",), ("b",)], [("b",), ("a",)]]
        self.assertEqual(alike, apart(alike, counts=bool, movable=bool))
        self.assertEqual(turned, apart(turned, counts=bool, movable=lambda key: False))
        self.assertEqual([[("a",), ("b",)], [("b",), ("a", BEHIND)]], apart(turned, counts=bool, movable=bool))


class Padded(nn.Module):
    """A layer with a child is none, even where the child weighs nothing."""

    def __init__(self, padded):
        super().__init__()
        self.layer, self.more = nn.Linear(4, 4), nn.Sequential()
        if padded:
            (self.layer if padded == "within" else self.more).pad = nn.Identity()


class KeptFromBeingALayer(unittest.TestCase):
    def test_a_child_without_weight_matters_to_a_module_with_tensors_of_its_own(self):
        trees = {}
        for padded in (None, "within", "beside"):
            with Trace() as t, shapes.Shapes():
                net = Padded(padded)
            trees[padded] = t, E.Scope({}), t.tree(net)
        body = induce([trees[None]])
        self.assertIsNone(differences(body, E.Scope({}), trees["beside"][2], bare=False))
        self.assertEqual("layer.pad: Identity expected, None computed", differences(body, E.Scope({}), trees["within"][2], bare=False))


class Narrow(nn.Module):
    """Every fourth layer is narrow; the configs with a bias are too small to have one."""

    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(8, config["width"] - (config["cut"] if i % 4 == 3 else 0), bias=bool(config["bias"])) for i in tare.loop(tare.range(config["layers"]), "all")])


def narrow(**config):
    scope = E.Scope({"layers": 3, "width": 16, "cut": 4, "bias": False, **config})
    with Trace() as t, shapes.Shapes():
        net = Narrow({k: S.wrap(v, ("name", k)) for k, v in scope.items()})
    return t, scope, t.tree(net)


class Biases(unittest.TestCase):
    def test_a_bias_is_as_long_as_the_weight_is_wide(self):
        body = induce([narrow(), narrow(layers=5), narrow(layers=9, cut=2), narrow(layers=8, width=24), narrow(bias=True), narrow(bias=True, width=24)])
        self.assertIsNone(differences(body, E.Scope({"layers": 6, "width": 20, "cut": 4, "bias": True}), narrow(layers=6, width=20, bias=True)[2]))


class Induction(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.body = induce(list(traces()))

    def test_loops_become_repeats(self):
        blocks = self.body["children"]["blocks"]["children"]
        self.assertEqual(list(blocks), ["{i}"])
        self.assertEqual(blocks["{i}"]["repeat"], {"i": "layers"})
        self.assertEqual(blocks["{i}"]["buffers"]["table"], {"shape": ["(width + 1) // 2"], "dtype": "int64", "persistent": False})

    def test_conditions_stand_where_they_decide(self):
        mix = self.body["children"]["blocks"]["children"]["{i}"]["children"]["mix"]
        self.assertEqual(mix["when"], "i % every == 0")
        self.assertEqual(mix["parameters"]["bias"], {"shape": ["width"], "when": "bias"})

    def test_a_size_may_come_from_the_round_before(self):
        weight = self.body["children"]["stages"]["children"]["{i}"]["parameters"]["weight"]
        self.assertEqual(weight, ["sizes[i]", "width if i == 0 else sizes[i - 1]"])

    def test_a_number_multiplied_in_every_round_is_a_power(self):
        self.assertEqual(self.body["children"]["mask"]["parameters"]["weight"], ["width", "kv ** int(log2(stride))"])

    def test_a_number_that_every_round_works_on_is_written_out_for_the_rounds_seen(self):
        self.assertEqual(self.body["children"]["end"]["assumes"], ["layers in [1, 3, 5]"])

    def test_a_shared_module_stands_in_the_rounds_it_follows(self):
        each = self.body["children"]["rounds"]["children"]["each {i}"]
        self.assertEqual((each["repeat"], list(each["each"])), ({"i": "layers"}, ["{3 * i + 1}", "{3 * i + 2}", "{3 * i + 3}"]))
        self.assertEqual(each["each"]["{3 * i + 3}"], {"class": "ReLU", "same_as": "rounds.0"})

    def test_copies_stand_in_the_loop_that_makes_them(self):
        self.assertEqual(self.body["children"]["clones"]["children"]["{i}"]["repeat"], {"i": "heads"})

    def test_what_the_rounds_of_a_loop_always_answered_alike_is_assumed(self):
        first, second = (self.body["children"][name]["children"]["{i}"] for name in ("first", "second"))
        self.assertEqual([option["when"] for option in first], ["every != heads", "every == heads"])
        self.assertEqual(second["assumes"], ["every != heads"])

    def test_a_loop_that_never_went_round_twice_is_assumed_not_to(self):
        self.assertEqual(self.body["children"]["third"]["children"]["{i}"]["assumes"], ["heads - 5 <= 1"])

    def test_a_loop_that_never_went_round_is_assumed_not_to(self):
        self.assertIn("heads - 6 <= 0", self.body["assumes"])

    def test_a_list_written_out_has_one_length(self):
        self.assertEqual(self.body["parameters"]["window"], [1, "window[0]", "window[1]"])
        self.assertIn("len(window) == 2", self.body["assumes"])

    def test_what_it_says_holds_for_configs_it_has_not_seen(self):
        for change in ({"layers": 7, "every": 4}, {"new": True, "single": True, "kv": 3, "heads": 10}, {"single": True, "heads": 5}, {"sizes": [9, 3, 4, 4]}):
            _, scope, root = trace(**change)
            self.assertIsNone(differences(self.body, scope, root), change)

    def test_a_difference_is_found(self):
        _, scope, root = trace()
        scope["width"] = 33
        self.assertIn("expected", differences(self.body, scope, root))


if __name__ == "__main__":
    unittest.main()
