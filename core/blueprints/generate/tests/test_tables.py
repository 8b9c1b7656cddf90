# SPDX-License-Identifier: Apache-2.0
"""Lists of numbers that a constructor has written out, and numbers that another module has worked out."""
import ast
import unittest

from generate import expr as E
from generate import symbols as S
from generate.replacements import Replacements as tare
from generate.tables import is_table, table
from generate.trace import Trace


class Tables(unittest.TestCase):
    def test_which_lists_are_tables(self):
        wanted = {"[16, 24, 32]": True, "[3, 3]": False, "[1, 2, n]": False, "[True, False, True]": False, "(1, 2, 3)": False}
        self.assertEqual({source: is_table(ast.parse(source, mode="eval").body) for source in wanted}, wanted)

    def test_items_remember_their_place_in_a_loop(self):
        with Trace() as trace:
            sizes = table([16, 24, 32])
            found = list(tare.loop(sizes, "sizes"))
            run = next(iter(trace.runs.values()))
            self.assertEqual([E.text(x.expr) for x in found], [f"[16, 24, 32][{k}]" for k in range(3)])
            self.assertEqual((run.count, tare.len(sizes)), (E.const(3), 3))
            self.assertIs(type(sizes[1]), int)

    def test_a_known_place_says_what_stands_there(self):
        at = lambda k: E.substitute(("item", E.const_list([16, 24, 32]), ("var", "i")), lambda e: E.const(k) if e == ("var", "i") else None)  # noqa: E731
        self.assertEqual([at(0), at(-1)], [E.const(16), E.const(32)])
        self.assertEqual(E.text(at(3)), "[16, 24, 32][3]")

    def test_without_a_trace_they_are_plain(self):
        self.assertIs(type(table([1, 2, 3])), list)

    def test_how_many_items_a_product_has(self):
        with Trace():
            n = S.wrap(4, ("name", "n"))
            points = tare.list(tare.product(tare.range(n), tare.range(n + 1)))
            self.assertEqual((points[7], E.text(tare.len(points).expr)), ((1, 2), "n * (n + 1)"))

    def test_how_long_a_list_is_that_a_loop_has_filled(self):
        with Trace():
            sizes, filled = S.wrap([8, 16, 32], ("name", "sizes")), [4]
            for size in tare.loop(sizes, "filled"):
                filled.append(size * 2)
            found = [tare.len(filled), tare.len(filled[2:])]
            self.assertEqual([(n, E.text(n.expr)) for n in found], [(4, "len(sizes) + 1"), (2, "len(sizes) - 1")])


if __name__ == "__main__":
    unittest.main()
