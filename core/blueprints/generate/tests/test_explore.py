# SPDX-License-Identifier: Apache-2.0
"""Which configs are tried."""
import unittest

from torch import nn

from generate import expr as E
from generate import symbols as S
from generate.explore import Explorer, Seen
from generate.hints import Hints
from generate.trace import Trace


class Inner(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.wide = bool(config["wide"])


class Outer(nn.Module):
    """Two places of one class, of which the second is there in few configs."""

    def __init__(self, config):
        super().__init__()
        self.first, self.second = Inner(config), Around(config) if config["deep"] and config["layers"] > 40 else None


class Around(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.inner, self.parts = Inner(config), [word in config["parts"] for word in ("key", "value")]


def run(env):
    with Trace() as trace:
        Outer({key: S.wrap(value, ("name", key)) for key, value in env.items()})
    return Seen(trace.all_asked(), list(trace.runs.values()), set(env), trace)


class Exploring(unittest.TestCase):
    def explored(self):
        more = {f"field{k}": k for k in range(20)}  # of which nothing depends
        explorer = Explorer(run, E.Scope({"wide": False, "deep": False, "layers": 3, "parts": ["other"], **more}), Hints({}), budget=100)
        explorer.explore()
        return explorer

    def test_a_question_gets_both_answers_in_every_place(self):
        asked = {place: outcomes for (source, place), (_, outcomes, _) in self.explored().places.items() if source == "wide"}
        self.assertEqual({("Inner", "Outer"): {False, True}, ("Inner", "Around", "Outer"): {False, True}}, asked)

    def test_words_of_a_list_are_told_apart(self):
        answers = {tuple(word in env["parts"] for word in ("key", "value")) for env, _ in self.explored().results if env["deep"] and env["layers"] > 40}
        self.assertEqual({(True, False), (False, True), (True, True), (False, False)}, answers)


if __name__ == "__main__":
    unittest.main()
