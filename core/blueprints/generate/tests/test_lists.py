# SPDX-License-Identifier: Apache-2.0
"""Lists that constructors make of the config's lists still know their rules."""
import unittest

import numpy as np

from generate import expr as E
from generate import symbols as S
from generate.modules import prepare
from generate.replacements import Replacements as tare
from generate.trace import Trace

SCOPE = {"sizes": [8, 16, 32], "more": [5, 6], "points": 4, "levels": 3}


def named(key):
    return S.wrap(SCOPE[key], ("name", key))


class Lists(unittest.TestCase):
    def test_a_copy_says_what_the_list_said(self):
        index = S.SymInt(1, ("var", "i"))
        for made, text in ((tare.tuple(named("sizes")), "sizes[i]"), ((1,) + tare.tuple(named("sizes")), "([1] + sizes)[i]"),
                           (tare.list(tare.reversed(named("sizes"))), "sizes[::-1][i]"), (named("sizes") + named("more"), "(sizes + more)[i]")):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(E.text(made[index].expr), text)
                self.assertEqual(E.evaluate(made[index].expr, SCOPE, {"i": 1}), S.plain(made[index]))

    def test_items_in_numpy_s_order_are_those_of_the_sorted_list(self):
        prepare()
        made = [named("sizes")[place] for place in np.argsort(S.wrap([32, 8, 16], ("name", "sizes"))).tolist()]
        self.assertEqual(["sorted(sizes)[0]", "sorted(sizes)[1]", "sorted(sizes)[2]"], [E.text(item.expr) for item in made])
        self.assertEqual([1, 0], np.argsort([9, 7]).tolist())

    def test_a_list_of_a_range_says_its_rule(self):
        made = tare.list(tare.range(1, named("points"), 2))
        self.assertEqual(S.plain(made), [1, 3])
        self.assertEqual(E.evaluate(made.expr, SCOPE, {}), [1, 3])

    def test_a_number_in_a_text_says_where_it_stands(self):
        rate, _ = S.wrap("4/8", ("name", "rate")).split("/")
        self.assertEqual(("int(split(rate, '/')[0])", 4), (E.text(tare.int(rate).expr), S.plain(tare.int(rate))))

    def test_a_float_on_the_left_asks_the_number_on_the_right(self):
        self.assertEqual(E.text(tare.mul(0.75, named("points")).expr), "0.75 * points")
        self.assertEqual(tare.sub(2, 1), 1)

    def test_a_copy_that_grows_forgets(self):
        copy = tare.list(named("sizes"))
        copy.extend([64])
        copy += [128]
        self.assertEqual(E.text(S.sym_len(copy).expr), "len([sizes[0], sizes[1], sizes[2], 64, 128])")
        self.assertEqual(E.text(S.sym_len(named("sizes")).expr), "len(sizes)")

    def test_a_set_of_words_asks_which_are_in_the_list(self):
        with Trace() as trace:
            made = tare.set(S.wrap(["sliding", "full", "sliding"], ("name", "layer_types")))
        self.assertEqual(list(made), ["full", "sliding"])
        self.assertEqual([E.text(asked.expr) for asked in sum(trace.asked.values(), [])], ["'full' in layer_types", "'sliding' in layer_types"])

    def test_a_set_of_a_part_asks_for_the_words_of_the_whole(self):
        with Trace() as trace:
            tare.set(S.wrap(["sliding", "full"], ("name", "layer_types"))[0:1][::-1])
        self.assertEqual([("'full' in layer_types[0:1][::-1]", False), ("'sliding' in layer_types[0:1][::-1]", True)],
                         [(E.text(asked.expr), asked.outcome) for asked in sum(trace.asked.values(), [])])  # fmt: skip

    def test_whether_two_lists_have_the_same_words_is_a_question(self):
        types = S.wrap(["sliding", "full"], ("name", "layer_types"))
        with Trace() as trace:
            self.assertTrue(tare.sorted(tare.set(types[0:1])) != tare.sorted(tare.set(types)))
        self.assertEqual(("sorted(set(layer_types[0:1])) == sorted(set(layer_types))", False), (E.text(trace.last.expr), trace.last.outcome))
        self.assertEqual(["full", "sliding"], tare.sorted(tare.set(types)))

    def test_a_set_of_numbers_asks_nothing(self):
        with Trace() as trace:
            made = tare.set(S.wrap([4, 2, 4], ("name", "sizes")))
        self.assertEqual([E.text(number.expr) for number in made], ["sizes[1]", "sizes[0]"])
        self.assertEqual(sum(trace.asked.values(), []), [])

    def test_two_loops_in_one_comprehension(self):
        def lengths(outer, inner):
            values = [0 for x in tare.loop(outer, "1:0") for _ in tare.loop(inner(x), "2:0")]
            return S.sym_len(tare.listed_twice(values, "1:0", "2:0"))

        with Trace():
            same = lengths(tare.range(named("levels")), lambda x: tare.range(named("points")))
            each = lengths(named("sizes"), lambda x: tare.range(x))
        self.assertEqual([E.text(same.expr), E.text(each.expr)], ["levels * points", "sum([sizes[x] for x in range(len(sizes))])"])
        self.assertEqual([E.evaluate(x.expr, SCOPE) for x in (same, each)], [12, 56])


if __name__ == "__main__":
    unittest.main()
