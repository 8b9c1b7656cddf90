# SPDX-License-Identifier: Apache-2.0
"""Places in traced trees: the config that each was made from, where in the loops it stands, and what was asked on the way to it."""
import dataclasses

from . import expr as E
from .patience import spend


class Unsolved(Exception):
    """No expression over the noticed conditions explains what was seen."""

    suspects = ()  # fields that may be to blame, as dotted paths


@dataclasses.dataclass(eq=False)
class Example:
    """One instance of a place in the tree: the config it was made from, and where in the loops it stands."""

    trace: object
    scope: E.Scope
    node: object
    variables: dict = dataclasses.field(default_factory=dict)  # "i" -> 3
    loops: dict = dataclasses.field(default_factory=dict)  # uid of a loop -> "i"
    names: E.Names | None = None
    known: dict = dataclasses.field(default_factory=dict)  # what was evaluated before: source -> value, Unsolved where that failed
    asked: dict = dataclasses.field(default_factory=dict)  # id of a node -> what was asked on the way to it

    def __post_init__(self):
        self.names = self.names or E.Names(self.scope, self.variables)

    def inside(self, uid, name, k, node):
        return Example(self.trace, self.scope, node, {**self.variables, name: k}, {**self.loops, uid: name})

    def at(self, node):
        return Example(self.trace, self.scope, node, self.variables, self.loops, self.names, self.known, self.asked)

    def evaluate(self, expression):
        spend(1)
        return E.evaluate_in(expression if isinstance(expression, str) else E.text(expression), self.names)

    def value(self, source):
        """evaluate(), remembered for all nodes in this place; Unsolved where that fails."""
        if source not in self.known:
            try:
                self.known[source] = self.evaluate(source)
            except Exception:
                self.known[source] = Unsolved
        return self.known[source]

    def holds(self, question):
        """Whether the answer is yes; None where the question cannot be asked here."""
        value = self.value(E.text(question))
        return None if value is Unsolved else bool(value)

    def gives(self, expression, wanted):
        """Whether the expression, or its source, has this value here, and of this type."""
        value = self.value(expression if isinstance(expression, str) else E.text(expression))
        return value is not Unsolved and type(value) is type(wanted) and value == wanted


def generalise(expression, example, last_first=False):
    """The ways to say an expression in terms of the loop indices of this place, the most faithful first.

    last_first: the last index of a loop that is over is rather that than a step off ours, as where a variable keeps what the last round gave it.
    """
    strange = []

    def leaf(e):
        if e[0] != "loop":
            return None
        _, uid, k = e
        if uid in example.loops:
            name = example.loops[uid]
            return E.op("+", ("var", name), E.const(k - example.variables[name]))
        strange.append(k)
        return None

    first = E.substitute(expression, leaf)
    if not strange:
        return [first]
    ways = []
    for name in reversed(list(example.variables)):  # an index of a loop that is over: relative to ours, or fixed
        ways.append(E.substitute(first, lambda e: E.op("+", ("var", name), E.const(e[2] - example.variables[name])) if e[0] == "loop" else None))
    if all(_last(e, example) for e in E.walk(first) if e[0] == "loop"):
        way = E.substitute(first, lambda e: _last(e, example) if e[0] == "loop" else None)
        ways.insert(0 if last_first else len(ways), way)
    ways.append(E.substitute(first, lambda e: E.const(e[2]) if e[0] == "loop" else None))
    return ways


def conditions_of(example):
    """What was asked on the way to this place: its own constructor first, then those around it."""
    node, seen = example.node, set()
    while node is not None and id(node) not in seen:
        seen.add(id(node))
        for condition in reversed(node.conditions):
            yield condition
        node = node.owner
    yield from example.trace.asked.get(None, [])


def _last(leaf, example):
    """The index of a loop's last round, by the loop's own count; None for another round's, or where the count is not known."""
    run = getattr(example.trace, "runs", {}).get(leaf[1])
    if run is None or not run.complete or run.count is None or leaf[2] != run.times - 1 or any(e[0] == "loop" for e in E.walk(run.count)):
        return None
    return E.op("-", run.count, E.const(1))
