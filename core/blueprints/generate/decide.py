# SPDX-License-Identifier: Apache-2.0
"""The smallest expression that explains a value in every example, with conditions only where they are needed."""
import collections
import operator

from . import expr as E
from .envs import dotted, get, has, leaves
from .examples import Unsolved
from .features import rows_of
from .patience import spend


def decide(examples, wanted, candidates, features, what, depth=5, pools=None):
    """An expression with wanted[r] as its value in every example r.

    candidates: expressions, the preferred first. pools[r]: the expressions that example r was itself computed by; where they
    are given, a tree that uses only these is looked for first, because other expressions may be right by coincidence.
    Raises Unsolved, naming `what`.
    """
    sources = [E.text(c) for c in candidates]
    if pools is not None:
        origins = [{E.text(way) for way in pool} for pool in pools]
        table = [(c, rows_of(source in own for own in origins)) for c, source in zip(candidates, sources)]
        try:
            return _split(len(examples), table, features, what, 4)
        except Unsolved:
            pass
    table = [(c, rows_of(ex.gives(source, wanted[r]) for r, ex in enumerate(examples))) for c, source in zip(candidates, sources)]
    try:
        return _split(len(examples), table, features, what, depth)
    except Unsolved as e:
        usual, _ = collections.Counter(map(repr, wanted)).most_common(1)[0]
        e.suspects = suspects([example.scope for example in examples], [repr(value) != usual for value in wanted])
        raise


def suspects(scopes, odd):
    """The fields that are not as in the first config where something is odd: those first that are so most often there, and seldom elsewhere."""
    found = []
    for path, value in leaves(scopes[0]):
        changed = [has(scope, path) and get(scope, path) != value for scope in scopes]
        there = sum(map(operator.and_, changed, odd))
        if there:
            found.append((-there, sum(changed), dotted(path)))
    return [name for _, _, name in sorted(found)]


BREADTH = (300, 40, 12, 6, 4)  # questions tried at each level, the most promising first
PATIENCE = 4000  # nodes of the search
LONG = 2000  # rows, with which it takes twice the time to count those that two sets have in common


def _split(count, table, features, what, depth):
    """The shallowest tree of questions that separates the rows; of equals, the one with the library's own questions."""
    table = [(candidate, fits) for candidate, fits in table if fits]
    failed, patience, all_fits, parts = set(), [PATIENCE], [fits for _, fits in table], {}

    def search(rows, left, level):
        """(a tree that is right in these rows, all rows in which it is right), or None."""
        for candidate, fits in table:
            if rows & ~fits == 0:
                return candidate, fits
        patience[0] -= 1
        if left == 0 or (rows, left) in failed or patience[0] < 0:
            return None
        found = _by_default(rows, table, features, parts) if left == 1 else search(rows, 1, level)  # one question rather than more, in every branch
        if found is not None:
            return found
        asked, ranking = list(features.splitting(rows)), []
        spend(len(features.table()) // 8 + len(asked) * len(table) * (LONG + count) // (32 * LONG))
        for rank, (order, is_long, question, yes, no) in enumerate(asked):
            misfits = sum(side.bit_count() - max(map(int.bit_count, map(side.__and__, all_fits))) for side in (yes & rows, no & rows))
            if left > 1 or misfits == 0:
                ranking.append(((order, misfits, is_long, rank), question, yes, no))
        ranking.sort(key=lambda x: x[0])
        for _, question, yes, no in ranking[: BREADTH[level]]:
            first = search(yes & rows, left - 1, level + 1)
            second = search(no & rows, left - 1, level + 1) if first is not None else None
            if second is None:
                continue
            for tree, fits in (first, second):
                if rows & ~fits == 0:  # the question was of no use
                    return tree, fits
            return ("if", question, first[0], second[0]), yes & first[1] | no & second[1]
        failed.add((rows, left))
        return None

    whole = (1 << count) - 1
    if table and not any(fits == whole for _, fits in table):
        found = _by_default(whole, table, features, parts)
        if found is not None:
            return found[0]
        for question, yes, no in features.always():
            sides = [next((candidate for candidate, fits in table if side & ~fits == 0), None) for side in (yes, no)]
            if yes and no and None not in sides:  # the search would find this one first too, but asks all others of every row before
                return ("if", question, *sides)
    for most in range(depth if table else 0):
        found = search(whole, most, 0)
        if found is not None:
            return found[0]
        if patience[0] < 0:
            break
    raise Unsolved(what)


def _by_default(rows, table, features, parts, most=3):
    """`a if x is None else b` where b says x and a does not, or None: what stands in for a setting is told by that setting, whatever else would tell it.

    What stands in may itself be such a setting and what stands in for it, and so on, `most` times at most. With it all rows in which it is right.

    parts: {id of a candidate: its parts}, taken up here, as it is asked for the same ones again and again.
    """
    for deep in range(1, most + 1):
        found = _in_place_of_settings(rows, table, features, parts, deep)
        if found is not None:
            return found
    return None


def _in_place_of_settings(rows, table, features, parts, left):
    for question, setting, is_missing, yes, no in features.by_setting(rows):
        missing, there = (yes, no) if is_missing else (no, yes)
        own = next(((c, fits) for c, fits in table if there & rows & ~fits == 0 and _says(c, setting, parts)), None)
        if own is None:
            continue
        if left == 1:
            instead = next(((c, fits) for c, fits in table if missing & rows & ~fits == 0 and not _says(c, setting, parts)), None)
        else:
            instead = _in_place_of_settings(missing & rows, table, features, parts, left - 1)
        if instead is not None:
            if is_missing and (instead[0], own[0]) == (E.NONE, setting):
                return setting, missing & instead[1] | there & own[1]  # null where it is null
            tree = ("if", question, instead[0], own[0]) if is_missing else ("if", question, own[0], instead[0])
            return tree, missing & instead[1] | there & own[1]
    return None


def _says(expression, setting, parts):
    if id(expression) not in parts:
        parts[id(expression)] = list(E.walk(expression))
    return setting in parts[id(expression)]


def as_condition(e):
    """A decision between True and False as one boolean expression."""
    if e[0] != "if":
        return e
    question, yes, no = e[1], as_condition(e[2]), as_condition(e[3])
    true, false = E.const(True), E.const(False)
    if yes == true and no == false:
        return question
    if yes == false and no == true:
        return E.negate(question)
    if yes == true:
        return ("or", question, no)
    if yes == false:
        return ("and", E.negate(question), no)
    if no == false:
        return ("and", question, yes)
    if no == true:
        return ("or", E.negate(question), yes)
    return ("if", question, yes, no)


def ranked(pools):
    """All candidates of all examples: the most frequent first, then the shortest."""
    votes, first = {}, {}
    for pool in pools:
        for place, candidate in enumerate(pool):
            key = E.text(candidate)
            first.setdefault(key, candidate)
            votes[key] = votes.get(key, 0) + (1 if place == 0 else 0.5)
    return [first[k] for k in sorted(votes, key=lambda k: (-votes[k], len(k), k))]


def presence(examples, present, features, what, depth=5):
    """None if the thing is always there, else the condition under which it is."""
    if all(present):
        return None
    return as_condition(decide(examples, present, [E.const(True), E.const(False)], features, what, depth))
