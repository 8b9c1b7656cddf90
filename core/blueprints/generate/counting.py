# SPDX-License-Identifier: Apache-2.0
"""Numbers that Python counted along in the rounds of a kind: how often a word stands in a list before this place."""
from . import expr as E
from .decide import presence
from .examples import Unsolved
from .features import asked_of, paths


def words_in(examples):
    """{path of a list of the config: the words in it}"""
    out = {}
    for scope in {id(e.scope): e.scope for e in examples}.values():
        for path, value in paths(scope):
            if isinstance(value, list) and value and all(isinstance(x, str) for x in value):
                out.setdefault(path, set()).update(value)
    return {path: sorted(words) for path, words in out.items()}


def places(path, word, until=None):
    """The places of a word in a list, of those before `until`, as an expression."""
    until = until or ("call", "len", ("name", path))
    return ("each", "x", ("var", "x"), until, ("cmp", "==", ("item", ("name", path), ("var", "x")), E.const(word)))


def counts(examples):
    """How many places of each word are before the place at which the examples stand."""
    return [("call", "len", places(path, word, ("var", name))) for name in examples[0].variables for path, words in words_in(examples).items() for word in words]


def counted_presence(examples, present, features, what):
    """The condition under which something is there, where no single question tells and one with a count does; else None."""
    if all(present) or not examples[0].variables or not words_in(examples):
        return None
    try:
        presence(examples, present, features, what, 2)
        return None
    except Unsolved:
        pass
    for source, question in sorted(((E.text(question), question) for question in counted_questions(examples)), key=lambda pair: (len(pair[0]), pair[0])):
        answers = [example.value(source) for example in examples]
        if answers == present:
            return question
        if [not answer for answer in answers] == present and Unsolved not in answers:
            return E.negate(question)
    return None


def counted_questions(examples):
    """What the library asked with a number that was another from place to place, with what it is everywhere: such a count."""
    seen, several = {}, set()  # a question around a gap -> {row: what stands in the gap}
    for row, example in enumerate(examples):
        for question, _ in asked_of(example).values():
            for gap, number in _gaps(question):
                if seen.setdefault(gap, {}).setdefault(row, number) != number:
                    several.add(gap)
    measures = counts(examples)
    for gap, numbers in seen.items():
        if gap in several or len(set(numbers.values())) < 2:
            continue
        for measure in measures:
            source = E.text(measure)
            if all(examples[row].value(source) == number for row, number in numbers.items()):
                yield E.substitute(gap, lambda e: measure if e == _GAP else None)


_GAP = ("var", "_")
_gaps_of = {}


def _gaps(question):
    if question not in _gaps_of:
        parts = [part for part in E.walk(question) if part[0] == "const" and type(part[1]) is int]
        _gaps_of[question] = [(_with_gap(question, part), part[1]) for part in parts]
    return _gaps_of[question]


def _with_gap(e, part):
    """The expression with a gap in place of one part of it, unfolded."""
    return _GAP if e is part else tuple(_with_gap(x, part) if isinstance(x, tuple) else x for x in e)
