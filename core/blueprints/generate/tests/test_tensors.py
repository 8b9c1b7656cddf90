# SPDX-License-Identifier: Apache-2.0
"""Dimensions for which no rule holds everywhere, tensors of one number, and tensors that meet."""
import unittest

import torch

from generate import expr as E
from generate import shapes
from generate import symbols as S
from generate.examples import Unsolved
from generate.growth import in_order
from generate.features import Features
from generate.tensors import _for_most, without_odd_ranks
from generate.tests.test_decide import A, parsed
from generate.trace import Tensor, Trace

HALF = ("op", "//", A, E.const(2))


class Most(unittest.TestCase):
    def described(self, strange):
        """The rule of a dimension that is half of a, but for as many examples as there are in `strange`, in which it is that."""
        scopes = [{"a": a, "flag": False} for a in (6, 8, 10, 12)] + [{"a": 7, "flag": True} for _ in strange]
        examples = parsed(scopes, [(("name", "flag"), set(range(len(scopes))))])
        return _for_most(examples, [3, 4, 5, 6, *strange], [[HALF]] * 4 + [[E.const(n)] for n in strange], "toy")

    def test_what_holds_for_most_examples_is_assumed_of_all(self):
        self.assertEqual((HALF, ["not flag"]), self.described([17, 19, 23]))

    def test_not_what_holds_for_few(self):
        with self.assertRaises(Unsolved):
            self.described([17, 19, 23, 29, 31])


class Ones(unittest.TestCase):
    def test_a_dimension_of_one_keeps_its_origin_beside_new_ones(self):
        with shapes.Shapes():
            made = torch.ones(S.wrap(1, ("name", "width"))).unsqueeze(-1).unsqueeze(0)
        self.assertEqual((E.const(1), ("name", "width"), E.const(1)), tuple(shapes.symbolic_shape(made)))


class Sorted(unittest.TestCase):
    def test_rounds_that_take_one_item_of_a_sorted_list_after_the_other_have_one_rule(self):
        def item(k):
            return ("item", ("call", "sorted", ("name", "sizes")), E.const(k))

        [example] = parsed([{"sizes": [8, 2, 4]}], [])
        rounds = [example.inside(7, "i", k, example.node) for k in range(3)]
        rules = in_order(rounds, [[E.op("-", item(k), item(0))] for k in range(3)])
        self.assertIn("sorted(sizes)[i] - sorted(sizes)[0]", [E.text(rule) for rule in rules])
        self.assertEqual([], in_order(rounds, [[("item", ("name", "sizes"), E.const(k))] for k in range(3)]))


def ramped(width):
    """What YaRN does with its frequencies: those of every second place, times a ramp of half as many as there are places."""
    places = S.wrap(width, ("name", "width"))
    with Trace() as trace, shapes.Shapes():
        made = torch.arange(0, places, 2) * torch.arange(places // 2)
    return trace, shapes.symbolic_shape(made)


class Kernels(unittest.TestCase):
    def assumed(self, sizes, exprs):
        """What is assumed of `size` where 2-dimensional convolutions of these sizes have kernels with these rules for their sides."""
        examples = parsed([{"size": size} for size in sizes], [])
        for example in examples:
            sides = [example.evaluate(e) for e in exprs]
            example.node.cls, example.node.tensors = "Conv2d", [Tensor("weight", "parameters", "float32", (8, 3, *sides), (E.const(8), E.const(3), *exprs), True)]
        return without_odd_ranks(examples, Features(examples), ["toy"])[1]

    def test_a_list_of_sides_has_one_item_for_each(self):
        sides = [("item", ("name", "size"), E.const(k)) for k in range(2)]
        either = [("if", ("call", "is_list", ("name", "size")), side, ("name", "size")) for side in sides]
        self.assertEqual("len(size) == 2", self.assumed([[4, 4], [4, 2]], sides))
        self.assertEqual("not is_list(size) or len(size) == 2", self.assumed([[4, 4], 16], either))
        self.assertIsNone(self.assumed([[4, 4], [4, 2, 2]], sides))  # it takes two of them
        self.assertIsNone(self.assumed([4, 16], [("name", "size")] * 2))

    def test_a_list_of_a_nested_config_makes_no_kernel_of_another_rank(self):
        examples = parsed([{"inner": E.Scope(size=size)} for size in ([4, 4], [4, 2], [4, 2, 3])], [])
        for example in examples:
            sides = example.scope["inner"]["size"]
            example.node.cls, example.node.tensors = "Conv2d", [Tensor("weight", "parameters", "float32", (8, 3, *sides), tuple(map(E.const, (8, 3, *sides))), True)]
        kept, assumed = without_odd_ranks(examples, Features(examples), ["toy"])
        self.assertEqual((2, "len(inner.size) == 2"), (len(kept), assumed))


class Meeting(unittest.TestCase):
    def test_sizes_that_meet_are_asked_whether_they_are_alike(self):
        trace, shape = ramped(8)
        self.assertEqual([("(width + 1) // 2 == width // 2", True)], [(E.text(c.expr), c.outcome) for c in trace.all_asked()])
        self.assertEqual(["(width + 1) // 2"], [E.text(d) for d in shape])

    def test_a_size_that_is_one_by_chance_is_no_rule(self):
        with self.assertRaises(shapes.Stretched):
            ramped(3)

    def test_sizes_that_are_told_are_no_sums_of_others(self):
        with shapes.Shapes():
            image = torch.zeros(1, S.wrap(42, ("name", "height")), S.wrap(42, ("name", "width")), 1)
            windows = image.view(1, image.shape[1] // 7, 7, image.shape[2] // 7, 7, 1).permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, 7, 7, 1).transpose(0, -1)
        self.assertEqual(["1", "7", "7", "height // 7 * (width // 7)"], [E.text(d) for d in shapes.symbolic_shape(windows)])

    def test_a_one_that_is_written_there_asks_nothing(self):
        with Trace() as trace, shapes.Shapes():
            made = torch.ones(S.wrap(5, ("name", "width")), 1) * torch.ones(S.wrap(7, ("name", "height")))
        self.assertEqual([], trace.all_asked())
        self.assertEqual((5, 7), shapes.plain_shape(made))


if __name__ == "__main__":
    unittest.main()
