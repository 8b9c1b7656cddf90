# SPDX-License-Identifier: Apache-2.0
"""What the questions and loops of a constructor say about the values worth trying."""
import random
import unittest

from generate import expr as E
from generate.hints import Hints
from generate.trace import Run

LEVELS, WIDTH = ("name", "levels"), ("name", "width")


def after_a_loop(count):
    hints = Hints({})
    hints.learn([], [Run(1, "toy.py:1", count, (), None, times=3, made=True)])
    return hints


class Variations(unittest.TestCase):
    def test_the_items_of_a_list_whose_length_counts_are_no_counts(self):
        hints = after_a_loop(("op", "-", LEVELS, ("call", "len", ("list", WIDTH, ("op", "*", WIDTH, E.const(2))))))
        self.assertEqual({"levels"}, hints.counts)

    def test_a_small_count_is_tried_beyond_its_usual_value(self):
        hints = after_a_loop(LEVELS)
        hints.usual = {"levels": 4}
        self.assertIn(6, hints.variations(("levels",), 1, E.Scope(levels=1), random.Random(0))[:3])

    def test_configs_that_check_have_other_numbers_of_layers(self):
        hints = after_a_loop(LEVELS)
        learnt = hints.variations(("levels",), 12, E.Scope(levels=12), random.Random(0))
        hints.checking = True
        self.assertTrue(set(hints.variations(("levels",), 12, E.Scope(levels=12), random.Random(0))[:3]) - set(learnt))

    def test_what_a_logarithm_is_taken_of_is_tried_with_powers_of_two(self):
        hints = after_a_loop(("call", "int", ("call", "log2", ("name", "factor"))))
        self.assertEqual([2, 4, 16, 1, 32], hints.variations(("factor",), 8, E.Scope(factor=8), random.Random(0)))

    def test_a_list_of_zeros_is_tried_with_numbers_of_which_others_come(self):
        hints = Hints({"cardinality": {"list", "None"}})
        hints.samples, hints.start_counts = {"cardinality": [0]}, {"size": 1}
        self.assertIn([5], hints.variations(("cardinality",), None, E.Scope(cardinality=None, size=1), random.Random(0)))

    def test_what_the_library_writes_for_null_is_tried_with_so_much_more_that_a_quotient_is_another(self):
        hints = Hints({"image_size": {"list", "None"}})
        hints.samples["image_size"] = [378, 378]
        tried = hints.variations(("image_size",), None, E.Scope(image_size=None), random.Random(0))
        self.assertEqual({378 // 14, 756 // 14}, {number // 14 for sides in tried for number in sides})

    def test_what_is_null_may_be_a_switch_for_each_layer(self):
        tried = Hints({"sparse": {"list", "None"}}).variations(("sparse",), None, E.Scope(sparse=None, num_hidden_layers=3), random.Random(0))
        self.assertEqual([[0, 1, 0], [1, 0, 1]], tried[-2:])

    def test_layers_inside_torch_are_tried_with_one_and_with_many(self):
        self.assertEqual([13, 1], Hints({}).variations(("num_layers",), 2, E.Scope(num_layers=2), random.Random(0))[:2])

    def test_an_activation_is_another_word_and_other_words_are_asked_for(self):
        hints = Hints({})
        self.assertEqual(["relu", "gelu"], hints.variations(("hidden_act",), "silu", {}, None))
        self.assertEqual(["gelu"], hints.variations(("activation_function",), "relu", {}, None))
        self.assertEqual(["?"], hints.variations(("factor_kind",), "relu", {}, None))

    def test_a_text_of_numbers_is_tried_with_others(self):
        self.assertEqual(["8/8", "4/16"], Hints({}).variations(("rate",), "4/8", E.Scope(rate="4/8"), random.Random(0))[:2])
        self.assertEqual(["?"], Hints({}).variations(("rate",), "16x", E.Scope(rate="16x"), random.Random(0)))

    def test_a_list_of_lists_is_tried_with_other_numbers_and_switches_and_lengths(self):
        usual = [[3, "conv", True], [[2, False]]]
        tried = Hints({}).variations(("stages",), usual, E.Scope(stages=usual), random.Random(0))
        longer = [[3, "conv", True, True], [[2, False]]]
        self.assertEqual([[[6, "conv", True], [[4, False]]], [[3, "conv", True], [[3, False]]], [[3, "conv", False], [[2, True]]], longer], tried[:4])
        hints = Hints({"strides": {"list", "None"}})
        hints.own = {"strides": [[2], [1, 1]]}  # what the library writes into files, and what it would not
        self.assertEqual([[[2], [1, 1]], [], [[4], [2, 2]]], hints.variations(("strides",), None, E.Scope(strides=None), random.Random(0))[:3])

    def test_what_may_be_of_several_kinds_is_tried_with_each(self):
        def tried(kinds, value, **near):
            return Hints({"field": set(kinds)}).variations(("field",), value, E.Scope(near, field=value), random.Random(0))

        self.assertEqual([[512, 1024], [512, 1024, 512]], tried({"int", "list"}, 512, encoder_layers=3)[1:3])
        self.assertEqual([True, False], tried({"str", "bool"}, "mean")[1:3])
        self.assertEqual(7, tried({"int", "list"}, [7, 7])[1])
        self.assertIn([], tried({"list", "None"}, None))
        self.assertNotIn([], tried({"int", "list", "None"}, None))  # an old key, of which nothing is declared


if __name__ == "__main__":
    unittest.main()
