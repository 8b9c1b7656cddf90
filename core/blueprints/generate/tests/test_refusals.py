# SPDX-License-Identifier: Apache-2.0
"""What is taken for the reason why the library refuses a config."""
import unittest

import torch

from generate import expr as E
from generate import symbols as S
from generate.explore import Explorer, Seen
from generate.hints import Hints
from generate.refusals import conditions_for, never_accepted
from generate.trace import Condition, Trace


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
        raised, accepted = explorer.raised, [env for env, _ in explorer.results]
        self.assertEqual([("width % heads != 0", True, ["heads"])], [(E.text(question), *more) for question, *more in never_accepted(raised, accepted)])
        raised[-1].expr = ("cmp", "!=", ("name", "width"), E.const(24))
        self.assertEqual([], never_accepted(raised, accepted), "a number by heart")
        raised[-1].expr = E.op("%", ("name", "width"), ("name", "heads"))
        self.assertEqual([], never_accepted(raised, [*accepted, E.Scope({"width": 10, "heads": 4})]))

    def test_what_the_library_puts_in_the_place_of_null_is_asked_about(self):
        """num_key_value_heads has to be num_attention_heads, which it is where it is null; whether something is null is asked as it stands."""
        for value, found in ((3, [("shared != heads", True, ["shared"])]), (None, [])):
            raised = [Condition(("cmp", "!=" if value else "is", ("name", "shared"), ("name", "heads") if value else E.NONE), True, ())]
            accepted = [E.Scope({"heads": 2, "shared": shared}) for shared in (2, None)]
            self.assertEqual(found, [(E.text(question), *more) for question, *more in never_accepted(raised, accepted)])

    def test_what_is_in_an_object_is_no_reason_where_no_object_was_accepted(self):
        question = ("cmp", "!=", ("item", ("name", "rope"), E.const("type")), E.const("default"))
        raised, accepted = [Condition(question, True, ())], [E.Scope({"rope": None})]
        self.assertEqual([], never_accepted(raised, accepted))
        accepted.append(E.Scope({"rope": {"type": "default"}}))
        self.assertEqual([(question, True, ["rope"])], never_accepted(raised, accepted))


class LastAsked(unittest.TestCase):
    """Refusals for which several answers are needed."""

    ACCEPTED = [{"token": True, "pool": "token"}, {"token": True, "pool": "avg"}, {"token": False, "pool": "avg"}]

    def refusal(self, **config):
        class Pooled(torch.nn.Module):
            def __init__(self, config):
                super().__init__()
                assert config["token"] or config["pool"] != "token"

        try:
            with Trace():
                Pooled({key: S.wrap(value, ("name", key)) for key, value in config.items()})
        except AssertionError as e:
            return e.last_asked
        return None

    def test_the_answers_that_no_accepted_config_gives_together(self):
        env = {"token": False, "pool": "token"}
        asked = self.refusal(**env)
        self.assertEqual([(("cmp", "==", ("name", "pool"), ("const", "token")), True), (("name", "token"), False)], asked)
        accepted = [E.Scope(other) for other in self.ACCEPTED]
        self.assertEqual(["token or pool != 'token'"], conditions_for([(E.Scope(env), asked)], accepted, lambda env: True))
        self.assertEqual([], conditions_for([(E.Scope(env), asked)], [*accepted, E.Scope(env)], lambda env: True))  # it was refused for something else

    def test_what_is_not_answered_needs_no_condition(self):
        env = {"token": False, "pool": "token"}
        self.assertEqual([], conditions_for([(E.Scope(env), self.refusal(**env))], [], lambda env: False))

    def test_what_asks_nobody_is_told_by_what_is_divided(self):
        """Heads of an odd size do not go with rotary embeddings: no question was asked, but several configs show it."""
        envs = [E.Scope({"rotary": rotary, "width": width, "heads": heads}) for rotary in (True, False) for width in (48, 60, 72) for heads in (2, 4, 3, 5)]
        odd = [env for env in envs if env.rotary and env.width // env.heads % 4]
        accepted, refused = [env for env in envs if env not in odd], [(env, []) for env in odd]
        self.assertEqual(["not rotary or width // heads % 4 == 0"], conditions_for(refused, accepted, lambda env: True, [("width", "heads")]))
        self.assertEqual([], conditions_for(refused, accepted, lambda env: True, [("heads", "width")]))
        self.assertEqual([], conditions_for(refused[:1], accepted, lambda env: True, [("width", "heads")]))  # one may have had another reason

    def test_what_was_asked_by_another_than_the_one_who_gave_up(self):
        class Inner(torch.nn.Module):
            def __init__(self):
                super().__init__()
                torch.empty(2).copy_(torch.empty(3))

        class Outer(torch.nn.Module):
            def __init__(self, config):
                super().__init__()
                if config["bias"]:
                    self.inner = Inner()

        with self.assertRaises(RuntimeError) as caught, Trace():
            Outer({"bias": S.wrap(True, ("name", "bias"))})
        self.assertEqual([], caught.exception.last_asked)

    def test_a_module_that_is_put_into_words_asks_nothing(self):
        class Layer(torch.nn.Module):
            def __init__(self, width, decoder):
                super().__init__()
                self.conv = torch.nn.Conv1d(8, 8, 3, padding=width)
                if not decoder:
                    raise TypeError(f"{self} should be used as a decoder")

        with self.assertRaises(TypeError) as caught, Trace():
            Layer(S.wrap(1, ("name", "width")), S.wrap(False, ("name", "decoder")))
        self.assertEqual([(("name", "decoder"), False)], caught.exception.last_asked)


if __name__ == "__main__":
    unittest.main()
