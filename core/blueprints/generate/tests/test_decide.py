# SPDX-License-Identifier: Apache-2.0
"""Which questions are chosen where several would do: those that would be right for other configs too."""
import unittest

from generate import expr as E
from generate.decide import decide
from generate.examples import Example
from generate.features import Features
from generate.trace import Condition, Node, Trace

A, B = ("name", "a"), ("name", "b")


def parsed(examples, asked):
    """Examples of one module; asked: [(question, rows in which the library asked it)]."""
    out = []
    for row, scope in enumerate(examples):
        node = Node(None, "Toy", "", ())
        example = Example(Trace(), E.Scope(scope), node)
        node.conditions = [Condition(question, bool(example.evaluate(question)), ()) for question, rows in asked if row in rows]
        out.append(example)
    return out


def rule(scopes, candidates, asked, pools):
    examples = parsed(scopes, asked)
    wanted = [example.evaluate(pool) for example, pool in zip(examples, pools)]
    return E.text(decide(examples, wanted, candidates, Features(examples), "toy", pools=[[pool] for pool in pools]))


class Decide(unittest.TestCase):
    def test_what_stands_in_for_a_setting_is_told_by_that_setting(self):
        scopes = [{"a": 6, "b": None, "flag": 0}, {"a": 8, "b": None, "flag": 0}, {"a": 6, "b": 5, "flag": 1}]
        flag = ("cmp", "==", ("name", "flag"), E.const(0))  # asked by the library in every row, and as good by coincidence
        self.assertEqual("a // 2 if b is None else b", rule(scopes, [("op", "//", A, E.const(2)), B], [(flag, {0, 1, 2})], [("op", "//", A, E.const(2))] * 2 + [B]))

    def test_settings_that_stand_in_for_each_other_need_no_deeper_search(self):
        names = [("name", name) for name in "abcde"]
        scopes = [{name: k + 5 if here == "1" else None for k, (name, here) in enumerate(zip("abcde", shown))} for shown in ("11111", "01111", "00111", "10010", "00011", "01000")]
        first = [next(name for name in names if scope[name[1]] is not None) for scope in scopes]
        found = rule([{**scope, "e": 9} for scope in scopes], names, [], first)
        self.assertEqual("((d if c is None else c) if b is None else b) if a is None else a", found)

    def test_one_setting_rather_than_one_in_place_of_another(self):
        nested = ("item", ("name", "nested"), E.const("a"))
        scopes = [{"nested": None, "a": True}, {"nested": None, "a": False}, {"nested": {"a": False}, "a": False}]  # none of them gives both: `a if a else nested['a']` is right, too
        asked = [(("cmp", "is", ("name", "nested"), E.NONE), {0, 1, 2}), (A, {0, 1, 2})]
        self.assertEqual("a if nested is None else nested['a']", rule(scopes, [A, nested], asked, [A, A, nested]))

    def test_a_setting_that_is_null_where_it_is_missing_is_that_setting(self):
        scopes = [{"a": 6, "b": None}, {"a": 8, "b": 5}, {"a": 8, "b": 7}]
        self.assertEqual("b", rule(scopes, [A, E.NONE, B], [(("cmp", "is", B, E.NONE), {0, 1, 2})], [E.NONE, B, B]))

    def test_a_question_that_is_of_no_use_is_left_out(self):
        usual = dict.fromkeys(("deep", "x", "y", "z", "p", "q", "flag"), False)
        deep = [({**usual, "deep": True, "x": bool(k & 1), "y": bool(k & 2), "z": bool(k & 4)}, E.const(20 + k)) for k in range(8)]  # where three questions are needed
        flat = [({**usual, "p": p, "q": q, "flag": flag}, E.const(10 + p + 2 * q)) for p in (False, True) for q in (False, True) for flag in (False, True)]
        found = rule([scope for scope, _ in deep + flat], [E.const(n) for n in (*range(10, 14), *range(20, 28))], [(("name", "flag"), set(range(16)))], [pool for _, pool in deep + flat])
        self.assertNotIn("flag", found)

    def test_a_question_about_something_else_is_the_library_s_own(self):
        scopes = [{"a": 6, "b": None, "flag": True}, {"a": 8, "b": 4, "flag": False}]
        self.assertEqual("a if flag else a * 2", rule(scopes, [A, ("op", "*", A, E.const(2))], [(("name", "flag"), {0, 1})], [A, ("op", "*", A, E.const(2))]))

    def test_one_question_rather_than_two_in_every_branch(self):
        half, twice, thrice = ("op", "//", A, E.const(2)), ("op", "*", A, E.const(2)), ("op", "*", A, E.const(3))
        rows = [(0, 1, 0, 0, 1, twice), (0, 0, 3, 1, 0, half), (0, 0, 0, 1, 1, twice), (0, 0, 0, 0, 0, twice),  # b alone tells them; y and b would as well
                (1, 0, 0, 0, 0, A), (1, 0, 0, 1, 0, thrice), (1, 0, 0, 1, 1, half), (1, 1, 0, 0, 1, A)]  # fmt: skip
        scopes = [{"a": 6 + 2 * k, **dict(zip("xybzw", values))} for k, (*values, _) in enumerate(rows)]
        asked = [(("cmp", "==", ("name", name), E.const(0)), where) for name, where in zip("xyzw", (set(range(8)), set(range(8)), {4, 5, 6, 7}, {5, 6}))]
        found = rule(scopes, [twice, half, A, thrice], [*asked, (B, {1, 2, 3})], [pool for *_, pool in rows])
        self.assertEqual("(a // 2 if b else a * 2) if x == 0 else a if z == 0 else a * 3 if w == 0 else a // 2", found)


if __name__ == "__main__":
    unittest.main()
