# SPDX-License-Identifier: Apache-2.0
"""Assumptions that say the same are said once."""
import unittest

from generate.tidy import of_all_items, tidied, without_instances


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

    def test_a_comparison_that_is_said_from_its_other_side(self):
        self.assertEqual(self.left(["layers - shared <= 52", "layers - shared >= 0"], "i < layers - shared"), ["layers - shared >= 0"])

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


class Items(unittest.TestCase):
    def test_what_holds_for_items_of_a_list_is_said_of_all(self):
        each = [f"len(kinds) <= {k} or kinds[{k}] in known" for k in (2, 1, 3)]
        self.assertEqual(of_all_items(["kinds[0] in known", *each, "flag"]), ["kinds[0] in known", "len([x for x in range(1, len(kinds)) if kinds[x] not in known]) == 0", "flag"])

    def test_items_beside_each_other(self):
        each = [f"len(a.b) <= {k} or len(a.b) <= {k - 1} or a.b[{k}] >= a.b[{k - 1}]" for k in (1, 2, 3)]
        self.assertEqual(of_all_items(each), ["len([x for x in range(1, len(a.b)) if a.b[x] < a.b[x - 1]]) == 0"])

    def test_an_index_that_nothing_else_has(self):
        each = [f"len(kinds) <= {k} or kinds[{k}] in [str(x) for x in range(4)]" for k in (1, 2, 3)]
        self.assertEqual(of_all_items(each), ["len([y for y in range(1, len(kinds)) if kinds[y] not in [str(x) for x in range(4)]]) == 0"])

    def test_other_sentences_stay(self):
        for others in (
            [f"len(kinds) <= {k} or kinds[{k}] in known" for k in (1, 2)],  # few
            [f"len(kinds) <= {k} or kinds[{k}] in known" for k in (1, 2, 4)],  # with a gap
            [f"kinds[{k}] in known" for k in (1, 2, 3)],  # a shorter list was never seen
            [f"len(kinds) <= {k} or kinds[{k}] == '{k}'" for k in (1, 2, 3)],  # of each something else
            [f"len(kinds) <= {k} or kinds[{k + 1}] in known" for k in (1, 2, 3)],
        ):
            self.assertEqual(of_all_items(others), others)

    def test_in_all_nodes(self):
        made = body([], "bias")
        made["children"]["layers"]["assumes"] = [f"len(kinds) <= {k} or not kinds[{k}]" for k in range(3)]
        self.assertEqual(tidied(made)["children"]["layers"]["assumes"], ["len([x for x in range(0, len(kinds)) if kinds[x]]) == 0"])


if __name__ == "__main__":
    unittest.main()
