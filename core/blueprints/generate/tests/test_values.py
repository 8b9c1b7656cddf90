# SPDX-License-Identifier: Apache-2.0
"""Values that remember: they compute as their plain twins do, and say where they came from."""
import unittest

from generate import expr as E
from generate import symbols as S


class Asked:
    """Stands in for a trace: keeps what was asked."""

    def __init__(self):
        self.questions = []

    def condition(self, expression, outcome):
        self.questions.append((E.text(expression), outcome))

    def __enter__(self):
        S.Log.current = self
        return self.questions

    def __exit__(self, *_):
        S.Log.current = None


def named(**values):
    return [S.wrap(v, ("name", k)) for k, v in values.items()]


class Arithmetic(unittest.TestCase):
    def test_every_result_is_right_and_remembered(self):
        hidden, heads, ratio = named(hidden=768, heads=12, ratio=0.3)
        scope = {"hidden": 768, "heads": 12, "ratio": 0.3}
        for value in (hidden // heads, hidden * 4 - 1, -(hidden - heads) % 7, hidden / heads, 2**heads, (hidden + 1) // 2,
                      S.sym_int(hidden * ratio), round(hidden * ratio), S.sym_max(hidden, heads * 100), 10 - heads - 3, 10 - (heads - 3)):
            with self.subTest(E.text(value.expr)):
                self.assertEqual(E.evaluate(value.expr, scope), S.plain(value))

    def test_trivial_steps_leave_no_trace(self):
        (n,) = named(n=5)
        self.assertEqual([E.text(x.expr) for x in (n + 0, n * 1, n + 1 - 1, n + 2 - 3, n * 3 // 3)], ["n", "n", "n", "n - 1", "n"])


class Questions(unittest.TestCase):
    def test_what_is_asked_and_answered(self):
        bias, size, kinds = named(bias=True, size=8, kinds=["a", "b"])
        with Asked() as questions:
            if bias and size > 4:
                self.assertIn("a", kinds)
            self.assertFalse(kinds[0] == "z")
        self.assertEqual(questions, [("bias", True), ("size > 4", True), ("'a' in kinds", True), ("kinds[0] == 'z'", False)])

    def test_lists_know_their_places(self):
        (sizes,) = named(sizes=[64, 128, 256])
        scope = {"sizes": [64, 128, 256]}
        for value in (sizes[-1], sizes[1:][0], sizes[::-1][0], S.sym_len(sizes) - 1, S.sym_sum(sizes), (sizes + [5])[3]):
            with self.subTest(E.text(S.expr_of(value))):
                self.assertEqual(E.evaluate(S.expr_of(value), scope), S.plain(value))

    def test_a_written_key_shadows_the_given_one(self):
        (rope,) = named(rope={"type": "linear"})
        rope["type"] = "other"
        self.assertEqual(rope["type"], "other")
        self.assertFalse(isinstance(rope["type"], S.Sym))


class Text(unittest.TestCase):
    def test_parentheses_stand_where_python_needs_them(self):
        a, b, c = (("name", x) for x in "abc")
        cases = {
            "a - (b - c)": ("op", "-", a, ("op", "-", b, c)), "a - b - c": ("op", "-", ("op", "-", a, b), c),
            "(a + b) * c": ("op", "*", ("op", "+", a, b), c), "(a ** b) ** c": ("op", "**", ("op", "**", a, b), c),
            "not (a and b)": ("not", ("and", a, b)), "(a if b else c) + 1": ("op", "+", ("if", b, a, c), E.const(1)),
        }  # fmt: skip
        for text, e in cases.items():
            self.assertEqual(E.text(e), text)

    def test_an_item_says_what_stands_there(self):
        sizes, place = ("name", "sizes"), ("name", "n")
        self.assertEqual("a", E.text(E.item(E.op("*", ("list", ("name", "a")), place), ("var", "i"))))
        self.assertEqual("sorted(sizes)[1]", E.text(E.item(sizes, E.item(("call", "argsort", sizes), E.const(1)))))


if __name__ == "__main__":
    unittest.main()
