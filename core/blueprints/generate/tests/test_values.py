# SPDX-License-Identifier: Apache-2.0
"""Values that remember: they compute as their plain twins do, and say where they came from."""
import ast
import unittest

from generate import expr as E
from generate import symbols as S
from generate.instrument import _Rewrite
from generate.replacements import Replacements
from generate.timm_trace import Word


class Asked:
    """Stands in for a trace: keeps what was asked."""

    def __init__(self, of_config=False):
        self.questions, self.of_config = [], of_config

    def condition(self, expression, outcome):
        self.questions.append((E.text(expression), outcome))

    def __enter__(self):
        S.Log.current = self
        return self.questions

    def __exit__(self, *_):
        S.Log.current = None


def named(**values):
    return [S.wrap(v, ("name", k)) for k, v in values.items()]


class Outcomes(unittest.TestCase):
    def test_the_names_between_which_is_decided(self):
        old, new = ("name", "old_size"), ("name", "size")
        self.assertEqual({"old_size", "size"}, E.outcomes(("if", ("cmp", "is", old, E.NONE), ("if", new, new, E.const(3)), old)))
        self.assertEqual(set(), E.outcomes(("if", old, E.const(1), E.op("*", new, E.const(2)))))


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


class Cases(unittest.TestCase):
    def test_a_word_in_another_case_says_of_which_word_it_is_and_asks_whether_that_is_in_it(self):
        for word, lower, is_lower in (("SAME", "same", False), ("same", "same", True)):
            with Asked() as questions:
                made = S.wrap(word, ("name", "padding")).lower()
                self.assertTrue(made == "same")
            self.assertEqual((lower, "lower(padding)"), (S.plain(made), E.text(made.expr)))
            self.assertEqual([("lower(padding) == padding", is_lower), ("lower(padding) == 'same'", True)], questions)
        made = S.wrap("same", ("name", "padding")).upper()
        self.assertEqual(S.plain(made), E.evaluate(made.expr, {"padding": "same"}))

    def test_words_of_timm_are_told_as_they_are(self):
        with Asked() as questions:
            word = Word("avg", ("name", "global_pool"))
            self.assertIs(word, word.lower())
            self.assertNotIsInstance(Word("AVG", ("name", "global_pool")).lower(), S.Sym)
        self.assertEqual([], questions)


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


SOURCE = """
from collections.abc import Iterable

def sides(x):
    x = x if isinstance(x, Iterable) else (x, x)
    return x

def divisible(x, least):
    if x < 0.9 * least:
        x += 8
    return x

NORMS = {"layer": 1, "rms": 2, "none": 3}

def norm(word):
    return NORMS[word]

def levels(scale):
    if (scale & (scale - 1)) == 0:
        return "two by two"
    return "at once"

def from_end(place, count):
    if place < 0:
        place += count
    return place
"""


class OneRule(unittest.TestCase):
    """What the library asks only to compute a number is no question: the number has one rule, whatever the answer."""

    def setUp(self):
        self.made = {"__tare__": Replacements}
        exec(compile(ast.fix_missing_locations(_Rewrite("modeling_toy.py").visit(ast.parse(SOURCE))), "toy", "exec"), self.made)

    def test_a_number_for_each_side(self):
        rules = ["size[0] if is_list(size) else size", "size[1] if is_list(size) else size"]
        for size, sides in ((16, [16, 16]), ([14, 16], [14, 16])):
            with Asked() as questions:
                found = self.made["sides"](*named(size=size))
            self.assertEqual((sides, rules, []), (S.plain(found), [E.text(side.expr) for side in found], questions))
        self.assertEqual(((3, 3), [1, 2]), (self.made["sides"](3), self.made["sides"]([1, 2])))
        with Asked(of_config=True):  # what a config class keeps is the list
            self.assertEqual(("name", "size"), S.expr_of(self.made["sides"](*named(size=[14, 16]))))

    def test_a_number_that_is_raised_where_it_is_too_small(self):
        for width, least, raised in ((16, 20, 24), (16, 16, 16)):
            with Asked() as questions:
                found = self.made["divisible"](*named(width=width, least=least))
            self.assertEqual((raised, "width + 8 if width < 0.9 * least else width", []), (S.plain(found), E.text(found.expr), questions))
        self.assertEqual(24, self.made["divisible"](16, 20))

    def test_a_table_of_words_is_a_question_for_each(self):
        with Asked() as questions:
            self.assertEqual(2, self.made["norm"](*named(kind="rms")))
        self.assertEqual([("kind == 'layer'", False), ("kind == 'rms'", True)], [*dict.fromkeys(questions)])
        with Asked() as questions, self.assertRaises(KeyError):
            self.made["norm"](*named(kind="?"))
        self.assertEqual(["kind == 'layer'", "kind == 'rms'", "kind == 'none'"], [question for question, _ in questions])

    def test_a_power_of_two_is_asked_for_as_such(self):
        for scale, levels in ((8, "two by two"), (3, "at once")):
            with Asked() as questions:
                self.assertEqual(levels, self.made["levels"](*named(scale=scale)))
            (question, outcome), = questions
            self.assertEqual(("2 ** int(log2(scale)) == scale", scale == 8), (question, outcome))
            self.assertEqual(outcome, E.holds(question, {"scale": scale}))
        self.assertEqual("two by two", self.made["levels"](0))

    def test_the_round_of_a_loop_is_not_counted_from_the_end(self):
        layer = S.SymInt(2, ("loop", 0, 2))
        self.assertIs(layer, self.made["from_end"](layer, *named(count=4)))
        self.assertEqual("place + count if place < 0 else place", E.text(self.made["from_end"](*named(place=-1, count=4)).expr))


if __name__ == "__main__":
    unittest.main()
