# SPDX-License-Identifier: Apache-2.0
import unittest

from generate import expr as E
from generate.assumptions import _too_short, without_instances


def body(assumptions, condition, count="layers"):
    child = {"repeat": {"i": count}, "when": condition, "class": "Block", "parameters": {"weight": ["hidden"]}}
    return {"class": "Model", "assumes": assumptions, "children": {"layers": {"class": "ModuleList", "children": {"{i}": child}}}}


class Instances(unittest.TestCase):
    def left(self, assumptions, condition, **more):
        return without_instances(body(assumptions, condition, **more)).get("assumes", [])

    def test_one_round_of_a_condition_is_no_assumption(self):
        self.assertEqual(self.left(["2 % period != offset", "7 % period == offset"], "i % period == offset"), [])

    def test_a_round_counted_from_the_end(self):
        self.assertEqual(self.left(["(layers - 1) % period != offset"], "i % period == offset"), [])
        self.assertEqual(self.left(["(hidden - 1) % period != offset"], "i % period == offset"), ["(hidden - 1) % period != offset"])

    def test_the_first_round_may_be_left_out(self):
        self.assertEqual(self.left(["depth > 1", "depth - 3 > 1"], "depth - i > 1"), [])

    def test_an_index_of_a_loop_around_both(self):
        self.assertEqual(self.left(["depths[i] > 1", "depths[i] - 2 > 1", "depths[j] - 2 > 1"], "depths[i] - j > 1"), ["depths[j] - 2 > 1"])

    def test_other_questions_stay(self):
        for other in ("2 % period != start", "2 % period < offset", "2 // period != offset", "flag", "hidden % period != offset"):
            self.assertEqual(self.left([other], "i % period == offset"), [other])

    def test_an_index_alone_matches_nothing_of_the_config(self):
        self.assertEqual(self.left(["hidden == 0", "1 == 0"], "i == 0"), ["hidden == 0", "1 == 0"])

    def test_one_index_stands_for_one_number(self):
        self.assertEqual(self.left(["widths[1] != widths[2]", "widths[1] != widths[1]"], "widths[i] != widths[i]"), ["widths[1] != widths[2]"])

    def test_assumptions_of_inner_nodes(self):
        made = body([], "i % period == offset")
        made["children"]["layers"]["assumes"] = ["3 % period != offset", "bias"]
        self.assertEqual(without_instances(made)["children"]["layers"]["assumes"], ["bias"])


class Lists(unittest.TestCase):
    def test_a_question_about_an_item_holds_where_there_is_one(self):
        item = ("item", ("name", "widths"), E.const(3))
        self.assertEqual(E.text(_too_short(("cmp", ">", item, ("name", "least")))), "len(widths) <= 3")
        self.assertIsNone(_too_short(("cmp", ">", ("name", "width"), E.const(3))))


if __name__ == "__main__":
    unittest.main()
