# SPDX-License-Identifier: Apache-2.0
"""Questions that tell examples apart: those that the library asked, and a few that cannot be noticed when they are asked."""
import copy
import dataclasses

from . import expr as E
from .examples import Unsolved, conditions_of, generalise
from .growth import counted_along


LONG = 6  # an expression with more parts is taken only if no shorter one does


class Features:
    """Questions that may tell examples apart, nearest first, with every example's answer."""

    def __init__(self, examples, extra=()):
        self.examples, self.questions, self._table, self._settings = examples, [], None, None
        self._asked = {}  # source of a question -> the rows in which the library asked it
        self._always = {}  # source of a question that was asked in every row -> the rows that say yes
        for row, example in enumerate(examples):
            for source, (question, about_inputs) in asked_of(example).items():
                if about_inputs and source not in self._asked:
                    self.questions.append((source, question))
                self._asked[source] = self._asked.get(source, 0) | 1 << row
        self.add([*extra, *(question for example in examples for question in counted_along(example)), *_standing_questions(examples)])

    def add(self, questions):
        known = {source for source, _ in self.questions}
        self.questions += [(source, q) for source, q in ((E.text(q), q) for q in questions) if source not in known]

    def without(self, unwanted):
        """These features less the questions that are unwanted."""
        if not any(unwanted(question) for _, question in self.questions):
            return self
        left = copy.copy(self)
        left.questions = [(source, question) for source, question in self.questions if not unwanted(question)]
        left._table = left._settings = None
        return left

    def table(self):
        """[((question, is it long, asked), yes, no)]: sets of rows as bits; a row where it cannot be asked is in neither yes nor no.

        Of questions that the same rows answer alike, and that were asked in the same rows, only the first is kept.
        """
        if self._table is None:
            self._table, seen = [], set()
            for source, question in self.questions:
                yes = no = 0
                for row, example in enumerate(self.examples):
                    value = example.value(source)
                    if value is not Unsolved:
                        yes, no = (yes | 1 << row, no) if value else (yes, no | 1 << row)
                asked = self._asked.get(source, 0)
                if yes and no and (yes, no, asked) not in seen:
                    seen.add((yes, no, asked))
                    self._table.append(((question, E.size(question) > LONG, asked), yes, no))
        return self._table

    def always(self):
        """(question, yes, no) of the short questions that the library asked in every row, one after the other."""
        rows = (1 << len(self.examples)) - 1
        for source, question in self.questions:
            if self._asked.get(source, 0) == rows and E.size(question) <= LONG:
                if source not in self._always:
                    answers = [example.value(source) for example in self.examples]
                    self._always[source] = None if any(answer is Unsolved for answer in answers) else rows_of(answers)
                yes = self._always[source]
                if yes is not None:
                    yield question, yes, rows & ~yes

    def splitting(self, rows):
        """(order, is it long, question, yes, no) of the questions that tell the rows apart and can be asked in all of them.

        order: 0 if the library asked the question in every one of the rows, 1 if in some, 2 if nobody asked it. A constructor asks
        its first question always and others only after certain answers, so this finds its own order.
        """
        for (question, is_long, asked), yes, no in _telling(self.table(), rows):
            yield 0 if rows & ~asked == 0 else 1 if asked else 2, is_long, question, yes, no

    def by_setting(self, rows):
        """(question, setting, whether yes means that it is not there, yes, no) of the questions in splitting() whether a setting is there."""
        if self._settings is None:
            asked_whether = [((question, *setting_of(question)), yes, no) for (question, _, _), yes, no in self.table()]
            self._settings = [entry for entry in asked_whether if entry[0][1] is not None]
        for about, yes, no in _telling(self._settings, rows):
            yield *about, yes, no


def _telling(table, rows):
    """The entries of a table that tell the rows apart and can be asked in all of them."""
    for about, yes, no in table:
        if yes & rows and no & rows and rows & ~(yes | no) == 0:
            yield about, yes, no


def setting_of(question):
    """(the setting, whether yes means that it is not there) of a question whether a setting is there; (None, None) for other questions."""
    if question[0] in ("name", "item"):
        return question, False
    if question[:2] == ("cmp", "is") and question[2][0] in ("name", "item") and question[3] == E.NONE:
        return question[2], True
    if question[:2] == ("cmp", "in") and question[2][0] == "const" and question[3][0] in ("name", "item"):
        return ("item", question[3], question[2]), False
    return None, None


def asked_of(example):
    """{source: (question, whether it is about inputs)} of conditions_of(); worked out once for all modules below that ask nothing themselves."""
    node, seen = example.node, set()
    while node is not None and not node.conditions and node.owner is not None and id(node) not in seen:
        seen.add(id(node))
        node = node.owner
    if id(node) not in example.asked:
        found = {}
        for condition in conditions_of(example):
            question, source, about_inputs = _question(condition, example)
            found.setdefault(source, (question, about_inputs))
        example.asked[id(node)] = found
    return example.asked[id(node)]


def _question(condition, example):
    """(question, its source, whether it is about inputs) of a condition as it is asked at the place of an example."""
    if condition.settled is None:
        leaves = tuple(dict.fromkeys(e for e in E.walk(condition.expr) if e[0] == "loop"))
        condition.settled = _Settled(leaves, E.text(E.substitute(condition.expr, lambda e: ("var", f"<{leaves.index(e)}>") if e[0] == "loop" else None)) if leaves else "")
    settled = condition.settled
    if not settled.leaves or not example.variables:
        if settled.told is None:
            settled.told = _told(generalise(condition.expr, example)[0])
        return settled.told
    here = [(example.loops.get(uid) or next(reversed(example.variables)), k) for _, uid, k in settled.leaves]  # as generalise() says it first
    key = settled.skeleton, tuple((name, k - example.variables[name]) for name, k in here)
    if key not in _questions:
        _questions[key] = _told(generalise(condition.expr, example)[0])
    return _questions[key]


@dataclasses.dataclass(slots=True)
class _Settled:
    """What is worked out once for a condition: its loop indices, its text around them, and what it asks where no loop is."""

    leaves: tuple
    skeleton: str
    told: tuple | None = None


_questions = {}  # (skeleton, places of its indices) -> what is asked: the rounds of a loop ask the same again and again


def _told(expression):
    question = as_question(expression)
    return question, E.text(question), any(x[0] in ("name", "var") for x in E.walk(question))


def as_question(e):
    """Ask `x == None`-free, positive questions, so that the same question is not kept twice."""
    if e[0] == "not" or e[0] == "cmp" and e[1] in ("!=", "not in", "is not"):
        return E.negate(e)
    return e


def paths(scope, prefix=""):
    for key, value in scope.items():
        yield prefix + key, value
        if isinstance(value, E.Scope):
            yield from paths(value, prefix + key + ".")


def _standing_questions(examples):
    """Questions that cannot be noticed when they are asked: is it null, is it in the list, the first, the last."""
    kinds, words = {}, {}
    scopes = {id(e.scope): e.scope for e in examples}
    for scope in scopes.values():
        for path, value in paths(scope):
            kinds.setdefault(path, set()).add(type(value))
            if isinstance(value, list) and value and all(isinstance(x, str) for x in value):
                words.setdefault(path, set()).update(value)
    out = []
    for path, found in kinds.items():
        if type(None) in found and len(found) > 1:
            out.append(("cmp", "is", ("name", path), E.NONE))
        if bool in found:
            out.append(("name", path))
        if list in found and len(found - {type(None)}) > 1:
            out.append(("call", "is_list", ("name", path)))
    out += [("cmp", "in", E.const(w), ("name", path)) for path in words for w in sorted(words[path])]
    for name in examples[0].variables:
        most = max(e.variables.get(name, 0) for e in examples)
        out += [("cmp", "==", ("var", name), E.const(0)), *_is_last(name, examples), *(("cmp", "<", ("var", name), E.const(k)) for k in range(2, min(most, 4) + 1))]
    return out


def _is_last(name, examples):
    """The question whether this is the last round of a loop, where the loop says the same number of rounds in all examples."""
    counts = set()
    for example in examples:
        runs = [getattr(example.trace, "runs", {}).get(uid) for uid, index in example.loops.items() if index == name]
        counts |= {generalise(run.count, example)[0] if run is not None and run.count is not None else None for run in runs}
    if len(counts) == 1 and None not in counts:
        yield ("cmp", "==", ("var", name), E.op("-", counts.pop(), E.const(1)))


def among_words(examples):
    """Questions whether a field is among the words that one line of the library compares it with: `pool in ("avg", "max")` asks of one after the other."""
    lines = {}
    for example in examples:
        for condition in conditions_of(example):
            e = condition.expr
            if e[:2] == ("cmp", "==") and e[2][0] == "name" and e[3][0] == "const" and type(e[3][1]) is str:
                lines.setdefault((condition.asker, condition.line, e[2]), set()).add(e[3][1])
    return [("cmp", "in", field, E.const(sorted(words))) for (_, _, field), words in lines.items() if len(words) > 1]


def of_this_round(examples):
    """Questions about an item of a list, as questions about the item of the round of a loop that they were asked in: Python may have counted along."""
    out = {}
    for example in examples:
        for question, _ in asked_of(example).values():
            for name, k in example.variables.items():
                new = E.substitute(question, lambda e: ("item", e[1], ("var", name)) if e[0] == "item" and e[2] == E.const(k) else None)
                out.setdefault(E.text(new), new)
    return list(out.values())


def where_set(examples):
    """The questions that cannot be asked where a field is null, as questions that can: whether it is set, and what the answer is then."""
    asked = {source: question for example in examples for source, (question, _) in asked_of(example).items()}
    out = []
    for source, question in asked.items():
        unanswered = [example.value(source) is Unsolved for example in examples]
        for name in sorted(E.names(question)) if any(unanswered) else ():
            is_null = ("cmp", "is", ("name", name), E.NONE)
            if [example.value(E.text(is_null)) for example in examples] == unanswered:
                out.append(("and", E.negate(is_null), question))
    return out


def rows_of(flags):
    """A bit set of the rows whose flag is set."""
    return sum(1 << r for r, flag in enumerate(flags) if flag)
