# SPDX-License-Identifier: Apache-2.0
import unittest

from torch import nn

from generate import expr as E
from generate.assumptions import _is_of_sizes, _too_short, asked_in_constructor, hold
from generate.examples import Example
from generate.shapes import Shapes
from generate.trace import Condition, Node, Trace


class Sizes(unittest.TestCase):
    def test_how_sizes_go_together_and_not_that_there_is_one(self):
        size = ("op", "*", ("name", "groups"), ("name", "width"))
        self.assertTrue(_is_of_sizes(("cmp", "==", ("op", "%", size, ("name", "groups")), E.const(0))))
        self.assertTrue(_is_of_sizes(("cmp", "<", ("name", "pad_token_id"), ("name", "vocab_size"))))
        self.assertFalse(_is_of_sizes(("cmp", "<=", size, E.const(0))))
        self.assertFalse(_is_of_sizes(("cmp", ">", size, E.const(0))))


class Toy(nn.Module):
    """No layer of torch's own."""


class Loops(unittest.TestCase):
    def assumed(self, kinds):
        """What is assumed after a constructor has asked of every item whether it is "full"; kinds: the list, config by config."""
        examples = []
        for words in kinds:
            node = Node(Toy(), "Toy", "", ())
            node.conditions = [Condition(("cmp", "==", ("item", ("name", "kinds"), ("loop", 7, k)), E.const("full")), word == "full", ((7, k),)) for k, word in enumerate(words)]
            examples.append(Example(Trace(), E.Scope(kinds=words), node))
        return asked_in_constructor(examples)

    def test_what_was_asked_of_every_item_is_not_assumed_for_one(self):
        self.assertEqual([], self.assumed([["full", "sliding"], ["full", "sliding", "sliding"]]))

    def test_what_every_item_answered_alike_is(self):
        self.assertEqual(["kinds[0] != 'full'"], self.assumed([["sliding"], ["chunked"]]))


class OfTorch(unittest.TestCase):
    def assumed(self, *questions):
        """What is assumed after a layer of torch's own has asked these questions of sizes 8 and 2, a padding index of 1 and a rate, none of which held."""
        node = Node(nn.Identity(), "Identity", "", ())
        node.conditions = [Condition(question, False, ()) for question in questions]
        return asked_in_constructor([Example(Trace(), E.Scope(width=8, groups=2, pad_token_id=1, rate=0.5), node)])

    def test_how_sizes_go_together_is(self):
        width = ("name", "width")
        self.assertEqual(["width % groups == 0"], self.assumed(("cmp", "!=", ("op", "%", width, ("name", "groups")), E.const(0))))
        self.assertEqual(["width % 4 == 0"], self.assumed(("cmp", "!=", ("op", "%", width, E.const(4)), E.const(0))))
        self.assertEqual([], self.assumed(("cmp", "!=", ("op", "%", width, E.const(1)), E.const(0))))
        self.assertEqual([], self.assumed(("cmp", "<", ("name", "rate"), E.const(0))))

    def test_what_is_never_varied_may_be_null(self):
        self.assertEqual(["not is_int(pad_token_id) or pad_token_id < width"], self.assumed(("cmp", ">=", ("name", "pad_token_id"), ("name", "width"))))


class Words(unittest.TestCase):
    def assumed(self, *configs):
        """What is assumed after a constructor with `if wanted: table[kind]`; configs: (wanted, kind)."""
        examples = []
        for wanted, kind in configs:
            node = Node(Toy(), "Toy", "", ())
            node.conditions = [Condition(("name", "wanted"), wanted, ()), *([Condition(("cmp", "==", ("name", "kind"), E.const(kind)), True, ())] if wanted else [])]
            examples.append(Example(Trace(), E.Scope(wanted=wanted, kind=kind), node))
        return asked_in_constructor(examples)

    def test_a_word_that_was_looked_up_is_assumed_where_it_was_however_others_are(self):
        self.assertEqual(["not wanted or kind == 'x'"], self.assumed((True, "x"), (False, "y"), (False, "x")))

    def test_so_is_one_of_several(self):
        self.assertEqual(["not wanted or (kind == 'x' or kind == 'y')"], self.assumed((True, "x"), (True, "y"), (False, "z")))


class SizesThatMeet(unittest.TestCase):
    def assumed(self, *configs):
        """What is assumed after a constructor with `if scaled:` two sizes meet that are one for an even width; configs: (scaled, width)."""
        alike = ("cmp", "==", E.op("//", E.op("+", ("name", "width"), E.const(1)), E.const(2)), E.op("//", ("name", "width"), E.const(2)))
        examples = []
        for scaled, width in configs:
            node = Node(Toy(), "Toy", "", ())
            node.conditions = [Condition(("name", "scaled"), scaled, ()), *([Condition(alike, True, (), Shapes.ASKER)] if scaled and width is not None else [])]
            examples.append(Example(Trace(), E.Scope(scaled=scaled, width=width), node))
        return asked_in_constructor(examples)

    def test_sizes_that_meet_under_a_condition_are_assumed_to_be_alike_there(self):
        self.assertEqual(["not scaled or (width + 1) // 2 == width // 2"], self.assumed((True, 8), (True, 6), (False, 3), (False, 4)))

    def test_also_where_all_others_are_so_by_chance(self):
        self.assertEqual(["not scaled or (width + 1) // 2 == width // 2"], self.assumed((True, 8), (True, 6), (False, 4)))

    def test_where_a_size_is_null_others_meet(self):
        self.assertEqual(["not scaled or width is None or (width + 1) // 2 == width // 2"], self.assumed((True, 8), (True, 6), (False, 3), (False, None)))

    def test_sizes_that_always_meet(self):
        self.assertEqual(["scaled", "(width + 1) // 2 == width // 2"], self.assumed((True, 8), (True, 6)))


class Nested(unittest.TestCase):
    def test_a_question_about_a_nested_config_holds_where_there_is_one(self):
        examples = []
        for inner in (E.Scope(kind="x"), None, E.Scope(kind="z")):
            node = Node(Toy(), "Toy", "", ())
            node.conditions = [Condition(("cmp", "==", ("name", "inner.kind"), E.const("y")), False, ())] if inner else []
            examples.append(Example(Trace(), E.Scope(inner=inner), node))
        self.assertEqual(["inner is None or inner.kind != 'y'"], asked_in_constructor(examples))


class Held(unittest.TestCase):
    def test_what_is_said_of_held_fields_alone_goes_without_saying(self):
        made = hold({"class": "Model", "assumes": ["hidden % 2 == 0", "hidden > period"]}, {("hidden",): 8, ("scale",): None})
        self.assertEqual(["hidden > period", "hidden == 8", "scale is None"], made["assumes"])


class Lists(unittest.TestCase):
    def test_a_question_about_an_item_holds_where_there_is_one(self):
        item = ("item", ("name", "widths"), E.const(3))
        self.assertEqual(E.text(_too_short(("cmp", ">", item, ("name", "least")))), "len(widths) <= 3")
        self.assertIsNone(_too_short(("cmp", ">", ("name", "width"), E.const(3))))


if __name__ == "__main__":
    unittest.main()
