# SPDX-License-Identifier: Apache-2.0
"""What is taken for the reason why the library refuses a config."""
import unittest

from generate import expr as E
from generate import symbols as S
from generate.explore import Explorer, Seen
from generate.hints import Hints
from generate.trace import Trace


def divisible(width, heads):
    if width % heads != 0:
        raise ValueError("not divisible")


def one_of_two(width, heads):
    if width < 8 or heads > 4:
        raise ValueError("too narrow or too many")


def both(width, heads):
    if width > 8 and heads > 4:
        raise ValueError("both at once")


def within(width, heads):
    if width > 8:
        if heads > 4:
            raise ValueError("of wide ones")


def another(width, heads):
    if width > 8:
        pass
    raise ValueError("whatever was asked")


def asserted(width, heads):
    assert width % heads == 0 and heads < 8, "neither"


def deeper(width, heads):
    if width > heads:
        divisible([1], 2)


class Refusals(unittest.TestCase):
    def reason(self, function, width, heads):
        with self.assertRaises(Exception) as caught, Trace():
            function(S.wrap(width, ("name", "width")), S.wrap(heads, ("name", "heads")))
        reason = caught.exception.tare_reason
        return None if reason is None else (E.text(reason.expr), reason.outcome)

    def test_the_question_around_a_raise_is_the_reason(self):
        self.assertEqual(("width % heads != 0", True), self.reason(divisible, 10, 3))
        self.assertEqual(("width < 8", True), self.reason(one_of_two, 4, 2))
        self.assertEqual(("heads > 4", True), self.reason(one_of_two, 16, 8))
        self.assertEqual(("width % heads == 0", False), self.reason(asserted, 10, 3))

    def test_there_is_no_reason_where_more_than_one_answer_counts(self):
        for function in (both, within, another, deeper):
            with self.subTest(function=function.__name__):
                self.assertIsNone(self.reason(function, 16, 8))

    def test_what_an_accepted_config_answers_is_no_reason(self):
        def run(env):
            with Trace() as trace:
                divisible(S.wrap(env["width"], ("name", "width")), S.wrap(env["heads"] or 1, ("name", "heads")))
            return Seen(trace.all_asked(), [], {"width", "heads"}, trace)

        explorer = Explorer(run, E.Scope({"width": 12, "heads": 3}), Hints({"width": {"int"}, "heads": {"int", "None"}}))
        for width, heads in ((12, 3), (10, 3), (12, None)):
            explorer.attempt(E.Scope({"width": width, "heads": heads}))
        self.assertEqual([("width % heads != 0", True, ["heads"])], [(E.text(question), *more) for question, *more in explorer.refused()])
        explorer.raised[-1].expr = ("cmp", "!=", ("name", "width"), E.const(24))
        self.assertEqual([], explorer.refused(), "a number by heart")
        explorer.raised[-1].expr = E.op("%", ("name", "width"), ("name", "heads"))
        explorer.results.append((E.Scope({"width": 10, "heads": 4}), None))
        self.assertEqual([], explorer.refused())


if __name__ == "__main__":
    unittest.main()
