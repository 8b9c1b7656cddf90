# SPDX-License-Identifier: Apache-2.0
"""What loops run over, seen through: ranges, enumerations and the like that know how many items they have, and by which rule.

A loop is noted with the current trace while it lasts; a list that a comprehension made remembers its rule.
"""
import builtins
import itertools
import sys

from . import expr as E
from . import symbols as S


class Range:
    """range() over values that remember."""

    def __init__(self, *bounds):
        bounds = [S.sym_int(b) if isinstance(b, S.Sym) else b for b in bounds]
        self.start, self.stop, self.step = (0, bounds[0], 1) if len(bounds) == 1 else (bounds[0], bounds[1], bounds[2] if len(bounds) > 2 else 1)
        self.plain = builtins.range(*(S.plain(b) for b in (self.start, self.stop, self.step)))

    def count(self):
        span = E.op("-", S.expr_of(self.stop), S.expr_of(self.start))
        step = S.plain(self.step)
        if step == 1:
            return span
        if step == -1:
            return E.op("-", S.expr_of(self.start), S.expr_of(self.stop))
        return ("call", "len", ("call", "range", *(S.expr_of(b) for b in (self.start, self.stop, self.step))))

    def at(self, k, leaf):
        return S.SymInt(self.plain[k], self.rule(leaf))

    def rule(self, place):
        """The number at a place, both as expressions."""
        return E.op("+", S.expr_of(self.start), E.op("*", place, S.expr_of(self.step)))

    def __len__(self):
        return len(self.plain)

    def __iter__(self):
        return iter(self.plain)

    def __getitem__(self, k):
        return self.plain[k]

    def __contains__(self, x):
        return S.plain(x) in self.plain

    def __reversed__(self):
        return Reversed(self)


class _View:
    """enumerate, zip and reversed that a loop can look through."""

    def __iter__(self):
        return self.walk(None)


class Enumerate(_View):
    def __init__(self, inner, start=0):
        self.inner, self.start = inner, start

    def walk(self, leaf_of):
        for k, value in builtins.enumerate(values(self.inner, leaf_of)):
            index = k + S.plain(self.start)
            yield (S.SymInt(index, E.op("+", leaf_of(k), S.expr_of(self.start))) if leaf_of else index), value

    def count(self):
        return count(self.inner)


class Zip(_View):
    def __init__(self, *inner, strict=False):
        self.inner, self.strict = inner, strict

    def walk(self, leaf_of):
        return builtins.zip(*(values(x, leaf_of) for x in self.inner), strict=bool(self.strict))

    def count(self):
        known = {E.text(c): c for c in map(count, self.inner) if c is not None}
        return next(iter(known.values()), None) if len(known) < 2 else ("call", "min", *known.values())


class Reversed(_View):
    def __init__(self, inner):
        self.inner = inner if isinstance(inner, (S.SymList, Range)) else list(inner)

    def walk(self, leaf_of):
        n = len(self.inner)
        total = count(self.inner)
        for k in builtins.range(n):
            if leaf_of is None or total is None:
                yield self.inner[n - 1 - k]
            else:
                place = E.op("-", E.op("-", total, E.const(1)), leaf_of(k))
                yield self.inner.at(n - 1 - k, place) if isinstance(self.inner, Range) else self.inner[S.SymInt(n - 1 - k, place)]

    def count(self):
        return count(self.inner)


class Product(_View):
    """itertools.product(): the items are plain, but it is known how many there are."""

    def __init__(self, *inner):
        self.inner = [x if isinstance(x, (Range, S.SymList)) else list(x) for x in inner]

    def walk(self, leaf_of):
        return itertools.product(*self.inner)

    def count(self):
        total = E.const(1)
        for x in self.inner:
            total = E.op("*", total, count(x) or E.const(len(x)))
        return total


def values(iterable, leaf_of):
    """The items of an iterable; with leaf_of(k), items know that they stand at iteration k."""
    if isinstance(iterable, _View):
        return iterable.walk(leaf_of)
    if leaf_of is not None and isinstance(iterable, Range):
        return (iterable.at(k, leaf_of(k)) for k in builtins.range(len(iterable)))
    if leaf_of is not None and isinstance(iterable, S.SymList) and iterable.whole() is not None:
        return (iterable[S.SymInt(k, leaf_of(k))] for k in builtins.range(list.__len__(iterable)))
    return iter(iterable)


def count(iterable):
    """An expression for the number of items, or None."""
    if isinstance(iterable, (Range, _View)):
        return iterable.count()
    if isinstance(iterable, S.SymList) and iterable.length is not None:
        return iterable.length
    if isinstance(iterable, S.SymList) and iterable.whole():
        return ("call", "len", iterable.whole())
    return None


def loop(iterable, line):
    """What `for` runs over: notes the loop with the current trace while it lasts."""
    trace = S.Log.current
    if trace is None:
        yield from values(iterable, None)
        return
    frame = sys._getframe(1)
    run = trace.enter_loop(f"{frame.f_code.co_filename}:{line}", count(iterable))
    leaf_of = None if trace.is_table(run) else lambda k: ("loop", run.uid, k)
    try:
        for k, value in builtins.enumerate(values(iterable, leaf_of)):
            run.k = k
            run.times = k + 1
            yield S.plain(value) if leaf_of is not None and trace.is_table(run) else value
        run.complete = True
    finally:
        trace.leave_loop(run)
        trace.note_rounds(run)


def listed(values, line):
    """A list that a comprehension has made: it remembers its rule where all its items have one."""
    trace = S.Log.current
    if trace is None or not any(isinstance(v, S.Sym) for v in values):
        return values
    site = f"{sys._getframe(1).f_code.co_filename}:{line}"
    run = next((run for run in reversed(trace.runs.values()) if run.site == site), None)
    if run is None or run.count is None or not run.complete or run.times != len(values):
        return values
    bodies = [S.expr_of(v) for v in values]
    name = next(n for n in "xyzuvw" if not any(e[0] == "each" and e[1] == n for body in bodies for e in E.walk(body)))
    bodies = [E.substitute(body, lambda e: ("var", name) if e[:2] == ("loop", run.uid) and e[2] == k else None) for k, body in builtins.enumerate(bodies)]
    rules = {E.text(body) for body in bodies}
    if len(rules) > 1 or len(values) == 1 and bodies[0][0] == "const":
        return values
    return S.SymList(values, ("each", name, bodies[0], run.count))


def listed_twice(values, outer_line, inner_line):
    """A list made by two comprehension loops, one in the other: it remembers how long it is."""
    trace = S.Log.current
    if trace is None:
        return values
    file = sys._getframe(1).f_code.co_filename
    outer = next((run for run in reversed(trace.runs.values()) if run.site == f"{file}:{outer_line}"), None)
    rounds = [run for run in trace.runs.values() if outer is not None and run.site == f"{file}:{inner_line}" and run.outer[-1:] and run.outer[-1][0] == outer.uid]
    if outer is None or outer.count is None or not outer.complete or len(rounds) != outer.times or any(run.count is None or not run.complete for run in rounds):
        return values
    index = ("var", next(n for n in "xyzuvw" if not any(e[0] == "each" and e[1] == n for run in rounds for e in E.walk(run.count))))
    lengths = [E.substitute(run.count, lambda e: index if e == ("loop", outer.uid, k) else None) for k, run in builtins.enumerate(rounds)]
    if len({E.text(length) for length in lengths}) != 1 or lengths[0][0] == "const":
        return values
    result, count = S.SymList(values), outer.count
    if count[:2] == ("call", "len") and count[2][0] == "each":
        count = count[2][3]
    each = ("each", index[1], lengths[0], count)
    result.length = ("call", "sum", each) if index in E.walk(lengths[0]) else E.op("*", count, lengths[0])
    return result
