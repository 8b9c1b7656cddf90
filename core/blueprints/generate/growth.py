# SPDX-License-Identifier: Apache-2.0
"""Numbers whose origin was not remembered: plain ones that Python counted along in a loop, and those that a library function hid."""
from . import expr as E
from .fields import IRRELEVANT


def progressions(examples, pools):
    """Expressions in which a plain number of Python was counted along, `width *= 2`: it grows with an index or with the length of a list."""
    seen = {}  # an expression around a gap -> {row: what stands in the gap}
    gaps = {}  # many rows have the same expression
    for row, (expression, *_) in enumerate(pools):
        key = E.text(expression), expression  # the text, as True is equal to 1
        if key not in gaps:
            gaps[key] = list(_gaps(expression))
        for gap, number in gaps[key]:
            seen.setdefault(gap, {})[row] = number
    measures = [("var", name) for name in examples[0].variables]
    measures += [("call", "len", ("name", k)) for k, v in examples[0].scope.items() if isinstance(v, list)]
    measures += [("name", k) for k, v in examples[0].scope.items() if isinstance(v, int) and not isinstance(v, bool) and 0 < v < 16]
    measures += [count for count in rounds(examples) if count[0] != "name"] if any(len(set(numbers.values())) > 1 for numbers in seen.values()) else []
    measures = [(measure, E.text(measure)) for measure in measures]
    out = []
    for gap, numbers in seen.items():
        if len(set(numbers.values())) < 2:
            continue
        for measure, source in measures:
            measured = [(examples[row].value(source), number) for row, number in numbers.items()]
            points = {(m, number) for m, number in measured if type(m) is int}  # elsewhere the attribute may be a list
            if len(points) < 2:
                continue
            formula = _progression(points, measure)
            if formula is not None:
                out.append(E.substitute(gap, lambda e: formula if e == _GAP else None))
    return out


def counted_along(example):
    """Questions that the rounds of a loop around this place asked with a plain number that Python counted along, `stride *= 2`: with what that is in every round."""
    for uid, name in example.loops.items():
        if uid not in example.trace.counted:
            example.trace.counted[uid] = list(_counted_in(example.trace.asked_within(uid), uid))
        for question in example.trace.counted[uid]:
            yield E.substitute(question, lambda e: ("var", name) if e == _INDEX else None)


def _counted_in(conditions, uid):
    rounds = {}  # a question around a gap -> {round: what stands in the gap}
    for condition in conditions:
        if not any(e[0] == "loop" for e in E.walk(condition.expr)):
            for part in E.walk(condition.expr):
                if part[0] == "const" and type(part[1]) is int:
                    gap = E.substitute(condition.expr, lambda e: _GAP if e is part else None)
                    rounds.setdefault(gap, {}).setdefault(dict(condition.loops)[uid], set()).add(part[1])
    for gap, found in rounds.items():
        points = {(k, number) for k, numbers in found.items() for number in numbers}
        for seen in (points, points - {min(points)}):  # the first round may use the number before it is counted on
            formula = _progression(seen, _INDEX) if len(seen) > 2 and len({number for _, number in seen}) > 1 else None
            if formula is not None:
                yield E.substitute(gap, lambda e: formula if e == _GAP else None)
                break


def in_order(examples, pools):
    """Expressions that take the next item of a sorted list in every round of a loop, though Python counted the places."""
    out = []
    for example, pool in zip(examples, pools):
        for part in E.walk(pool[0]):
            if part[0] == "item" and part[1][:2] == ("call", "sorted") and part[2][0] == "const":
                for name, k in example.variables.items():
                    place = E.op("+", ("var", name), E.const(part[2][1] - k))
                    out.append(E.substitute(pool[0], lambda e: ("item", part[1], place) if e == part else None))
    return list(dict.fromkeys(out))


_GAP = ("var", "_")
_INDEX = ("var", "round")


def rounds(examples):
    """How often the loops went round that ran in the constructors of these places, as expressions."""
    out = {}
    for example in examples:
        owners, node = set(), example.node
        while node is not None and id(node.module) not in owners:
            owners.add(id(node.module))
            node = node.owner
        for run in example.trace.runs.values():
            if id(run.owner) in owners and run.complete and run.count is not None and run.count[0] != "const" and not any(e[0] == "loop" for e in E.walk(run.count)):
                out.setdefault(E.text(run.count), run.count)
    return list(out.values())


def _power(expression):
    """(what was multiplied or None, by what, how often) of x * f * f * f."""
    factor, times = expression[3] if expression[:2] == ("op", "*") else expression, 0
    while expression[:2] == ("op", "*") and expression[3] == factor:
        expression, times = expression[2], times + 1
    return (None, factor, times + 1) if expression == factor else (expression, factor, times)


def _gaps(expression):
    """(the expression with a gap in place of a number, the number); a factor of one and a summand of nothing, which nobody writes, too."""
    yield ("op", "*", expression, _GAP), 1
    yield ("op", "+", expression, _GAP), 0
    start, factor, times = _power(expression)
    if factor[0] != "const":
        power = ("op", "**", factor, _GAP)
        yield power if start is None else ("op", "*", start, power), times
    for part in E.walk(expression):
        if part[0] == "op" and part[1] == "//" and part[3][0] == "const":
            yield E.substitute(expression, lambda e: ("op", "//", part[2], _GAP) if e is part else None), part[3][1]
        if part[0] == "op" and part[1] == "**":
            yield E.substitute(expression, lambda e: ("op", "//", part, _GAP) if e is part else None), 1
        if part[0] == "op" and part[1] in ("*", "+"):
            for number, other in ((part[2], part[3]), (part[3], part[2])):
                if number[0] == "const" and type(number[1]) is int:
                    yield E.substitute(expression, lambda e: ("op", part[1], other, _GAP) if e is part else None), number[1]
    if expression[0] == "const" and type(expression[1]) is int:
        yield _GAP, expression[1]


def _progression(points, measure):
    """The formula through (measure, number): a + b * m or a * b**m; None if there is none."""
    points = sorted(points)
    if len({m for m, _ in points}) < max(len(points), 2):
        return None
    if all(m == number for m, number in points):
        return measure
    (m, first), (n, second) = points[:2]
    for factor in (2, 3, 4):
        if m >= 0 and first % factor**m == 0 and (len(points) > 2 or first == factor**m) and all(number == first * factor ** (at - m) for at, number in points):
            return E.op("*", ("op", "**", E.const(factor), measure), E.const(first // factor**m))
    step = (second - first) // (n - m)
    if len(points) > 2 and all(number == first + step * (at - m) for at, number in points):
        return E.op("+", E.op("*", measure, E.const(step)), E.const(first - step * m))
    return None


def guesses(examples):
    """Plain attributes and simple terms of them, for a number whose origin a library function has hidden."""
    scope = examples[0].scope
    singles = [("name", k) for k, v in scope.items() if isinstance(v, int) and not isinstance(v, bool) and not IRRELEVANT.search(k)]
    return singles + [E.op("*", s, E.const(n)) for s in singles for n in (2, 3, 4)] + [E.op("+", s, E.const(n)) for s in singles for n in (1, 2, -1)]
