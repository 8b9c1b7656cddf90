# SPDX-License-Identifier: Apache-2.0
"""What constructors asked of the configs that were tried, and what was answered."""
from . import expr as E

ORDERED = [("cmp", sign) for sign in ("<", "<=", ">", ">=")]


class Asked:
    """The questions of all accepted configs. Those of one loop are one question, whatever the round."""

    def __init__(self, heavy):
        """heavy: the ids of configs that are much work, in which nothing is asked again if that can be done elsewhere."""
        self.heavy = heavy
        self.questions = {}  # source of a question -> (the question, its answers, a config under which it was asked)
        self.places = {}  # the same for each place: (source, Condition.place, its line) -> ...
        self._answers = {}  # id of a config -> {(source of a question, answer)}
        self._flat = {}  # a question -> what _in_any_round() makes of it

    def note(self, conditions, env):
        """Whether a question was among them that no config was asked before."""
        before = len(self.questions)
        for c in conditions:
            flat, source = self._in_any_round(c.expr)
            self._answers.setdefault(id(env), set()).add((source, c.outcome))
            for known, key in ((self.questions, source), (self.places, (source, c.place, c.line))):
                flat, answers, asked_in = known.setdefault(key, (flat, set(), env))
                answers.add(c.outcome)
                if id(asked_in) in self.heavy and id(env) not in self.heavy:  # rather ask again where that is little work
                    known[key] = flat, answers, env
        return len(self.questions) > before

    def of(self, env):
        """{(source of a question, answer)} of a config."""
        return self._answers.get(id(env), set())

    def is_settled(self, source):
        """Whether a question had both answers."""
        return len(self.questions[source][1]) == 2

    def one_sided_places(self):
        """(question, its answers, a config) of places that only ever got one answer, where others got both: a bias, in one of two kinds of layers."""
        return [asked for (source, *_), asked in self.places.items() if self.is_settled(source)]

    def of_one_constructor(self):
        """Lists of the settled questions that one constructor asks, but for those about the rounds of a loop."""
        groups = {}
        for (source, place, _), (flat, *_) in self.places.items():
            if place and self.is_settled(source) and ("var", "i") not in E.walk(flat):
                groups.setdefault(place, {})[source] = None
        return list(groups.values())

    def rare(self, envs):
        """{(source of a question, answer): the configs} that less than a third of these were given."""
        got_in = {}
        for env in envs:
            for answer in sorted(self.of(env)) if id(env) not in self.heavy else ():
                got_in.setdefault(answer, []).append(env)
        return {answer: found for answer, found in got_in.items() if len(found) < len(envs) / 3}

    def names(self, sources):
        """The fields in these questions."""
        return {name for source in sources for name in E.names(self.questions[source][0])}

    def limited(self):
        """The fields of which it matters how large they are."""
        asked = [flat for source, (flat, *_) in self.questions.items() if self.is_settled(source)]
        return {name for flat in asked for x in E.walk(flat) if x[:2] in ORDERED for name in E.names(x)}

    def _in_any_round(self, question):
        """The question as it is asked in any round of its loops, and its source. The same ones come again and again."""
        key = repr(question)
        if key not in self._flat:
            flat = E.substitute(question, lambda x: ("var", "i") if x[0] == "loop" else None)
            self._flat[key] = flat, E.text(flat)
        return self._flat[key]
