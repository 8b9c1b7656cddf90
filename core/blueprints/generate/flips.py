# SPDX-License-Identifier: Apache-2.0
"""Configs under which a question has the other answer."""
import copy

from . import expr as E
from . import mentions
from .envs import change, dotted, get, has
from .hints import FILLED


def envs_for(question, wanted, asked_in, others, fields, hints, rng, most=4):
    """Configs in which the answer is `wanted`, the likeliest first; that it is asked there at all is not certain.

    asked_in: one in which it was asked. others(): more configs to change. fields: the paths of what may be changed.
    """
    made = 0
    yield from _with_key(question, wanted, asked_in)
    yield from _with_equal(question, asked_in, fields, hints)
    yield from _with_item(question, wanted, asked_in, fields)
    yield from _with_member(question, wanted, asked_in, fields, hints)
    yield from _in_other_case(question, wanted, asked_in, fields, hints)
    yield from _with_zero(question, wanted, asked_in, fields, hints)
    names, source, rounds = E.names(question), E.text(question), _rounds(question)
    for path in [p for p in fields if dotted(p) in names or p[0] in names]:
        for env in [env for env in (asked_in, *others()) if has(env, path)]:
            for other in hints.variations(path, get(env, path), env, rng):
                new = change(env, path, other, hints)
                if any(E.holds(source, new, {"i": i}) == wanted for i in rounds):
                    yield new
                    made += 1
                    if made >= most:
                        return


def with_answer(wanted, question, before, env, fields, hints, rng):
    """The env with one field changed so that a rule's question has the answer `wanted`, and those asked before it still a yes."""
    names = mentions.fields(question)
    for path in [path for path in fields if {dotted(path), path[0]} & names and has(env, path)]:
        for other in hints.variations(path, get(env, path), env, rng):
            new = change(env, path, other, hints)
            if E.holds(question, new) is wanted and all(E.holds(one, new) for one in before):
                yield new


STEPS = (*range(1, 9), 12, 16, 24, 32, 48, 64)  # how far from the number that stands there others are tried


def with_another_number(question, wanted, env, fields, hints):
    """Where no usual variation gives the answer: the nearest numbers that do, of each field one."""
    names, source, rounds = E.names(question), E.text(question), _rounds(question)
    for path in [path for path in fields if len(path) == 1 and path[0] in names]:
        value = get(env, path)
        for other in [value + sign * step for step in STEPS for sign in (1, -1)] if type(value) is int else ():
            if other > 0 and any(E.holds(source, env, {path[0]: other, "i": i}) == wanted for i in rounds):
                yield change(env, path, other, hints)
                break


def _path_of(name, env, fields):
    """Where a field of the env that may be changed stands, or None."""
    return next((path for path in fields if dotted(path) == name and has(env, path)), None)


def _rounds(question):
    """The indices that a question about a loop is tried with."""
    return range(3) if any(x == ("var", "i") for x in E.walk(question)) else range(1)


def _with_equal(question, env, fields, hints):
    """For the question whether a field is like something else: the env where it is."""
    if question[:2] != ("cmp", "==") and question[:2] != ("cmp", "!="):
        return
    usable = {dotted(path): path for path in fields if has(env, path)}
    for side, other in (question[2:], question[:1:-1]):
        if side[0] == "name" and side[1] in usable and E.names(other):
            try:
                value = E.evaluate(other, env, {"i": 0})
            except Exception:
                continue
            if type(value) is int and type(get(env, usable[side[1]])) is int:
                yield change(env, usable[side[1]], value, hints)


def _with_item(question, wanted, env, fields):
    """For a question about what is in an object: the env with another switch or number there."""
    usable, source = {dotted(path) for path in fields}, E.text(question)
    for item in E.keyed(question):
        if not E.names(item) <= usable:
            continue
        for other in (lambda old: not old if type(old) is bool else old, lambda old: old * 2 if type(old) is int else old, lambda old: old + 1 if type(old) is int else old):
            new = copy.deepcopy(env)
            try:
                target, key = E.evaluate(item[1], new), item[2][1]
                target[key] = other(target[key])
            except Exception:  # it is not there, or in no object
                continue
            if E.holds(source, new, {"i": 0}) == wanted:
                yield new
                break


def _with_member(question, wanted, env, fields, hints):
    """For the question whether a list holds what has come from other fields: the env whose list does, or does not."""
    if question[:2] != ("cmp", "in") or not E.names(question[2]) or question[3][0] != "name":
        return
    path = _path_of(question[3][1], env, fields)
    items = get(env, path) if path is not None else None
    try:
        value = E.evaluate(question[2], env, {"i": 0})
    except Exception:
        return
    if isinstance(items, list) and type(value) is int:
        yield change(env, path, [*items, value] if wanted else [item for item in items if item != value], hints)


def _in_other_case(question, wanted, env, fields, hints):
    """For a question about a word in lower or upper case: the env where the word is in the other one."""
    for name in sorted({x[2][1] for x in E.walk(question) if x[0] == "call" and x[1] in ("lower", "upper") and x[2][0] == "name"}):
        path = _path_of(name, env, fields)
        word = get(env, path) if path is not None else None
        for other in (word.swapcase(), "Aa") if isinstance(word, str) else ():
            new = change(env, path, other, hints)
            if E.holds(E.text(question), new, {"i": 0}) == wanted:
                yield new
                break


def _with_zero(question, wanted, env, fields, hints):
    """For a number that is asked for its truth and may never be null: the env where it is 0, which switches off what it is the size of."""
    path = _path_of(question[1], env, fields) if question[0] == "name" and not wanted else None
    kinds = hints.types.get(question[1], set())
    if path is not None and "int" in kinds and not {"None", FILLED} & kinds and type(get(env, path)) is int:
        yield change(env, path, 0, hints)


def _with_key(question, wanted, env):
    """For the question whether a key is in an object: the env with it, or without."""
    if question[0] != "cmp" or question[1] != "in" or question[2][0] != "const" or question[3][0] not in ("name", "item"):
        return
    new = copy.deepcopy(env)
    try:
        target = E.evaluate(question[3], new)
    except Exception:
        return
    if isinstance(target, dict):
        key = question[2][1]
        for value in (0.5, 1) if wanted else (None,):
            if wanted:
                target[key] = value
            else:
                target.pop(key, None)
            yield copy.deepcopy(new)
