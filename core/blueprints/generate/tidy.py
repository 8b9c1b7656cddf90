# SPDX-License-Identifier: Apache-2.0
"""What a class body assumes, said once: less what its own conditions say, and for all items of a list instead of item by item."""
import ast

from . import expr as E
from . import mentions
from .assumptions import dicts, with_assumptions


def tidied(body):
    """The class body with fewer assumptions that say the same."""
    return with_assumptions(without_instances(body), of_all_items)


def without_instances(body):
    """The class body less the assumptions that are one case of a condition which it decides by: `2 % period != offset` beside `i % period == offset`.

    The condition was seen to go both ways, if for other rounds of the loop; that one round never did says nothing more.
    """
    sources = set(mentions.expressions(with_assumptions(body, lambda assumptions: [])))
    conditions = [c for source in sources for c in ast.walk(_parsed(source)) if isinstance(c, ast.Compare) and len(c.ops) == 1]
    conditions = [c for c in conditions if {n.id for n in ast.walk(c) if isinstance(n, ast.Name)} & set(E.INDICES)]
    counts = {count for node in dicts(body) for count in map(str, node.get("repeat", {}).values())}

    def left(assumptions):
        return [a for a in assumptions if not any(_is_instance(c, _parsed(a).body, counts) for c in conditions)]

    return with_assumptions(body, left) if conditions else body


def _is_instance(condition, assumption, counts):
    if not isinstance(assumption, ast.Compare) or len(assumption.ops) != 1:
        return False
    return any(_is_case(condition, way, counts) for way in (assumption, _turned(assumption)) if way is not None)


def _turned(comparison):
    """The comparison from its other side, or None."""
    sign = _TURNED.get(type(comparison.ops[0]))
    return ast.Compare(comparison.comparators[0], [sign()], [comparison.left]) if sign else None


def _is_case(condition, assumption, counts):
    asked, answered = type(condition.ops[0]), type(assumption.ops[0])
    rounds = {}
    return (
        answered in (asked, _NEGATED.get(asked))
        and _matches(condition.left, assumption.left, counts, rounds)
        and _matches(condition.comparators[0], assumption.comparators[0], counts, rounds)
        and any(isinstance(n, ast.Name) and ast.unparse(n) not in rounds for n in ast.walk(condition))
    )


def _matches(pattern, node, counts, rounds):
    """Whether the node is the pattern with rounds of loops, counted from their start or their end, in place of the indices."""
    if isinstance(pattern, ast.Name) and pattern.id in E.INDICES:
        itself = isinstance(node, ast.Name) and node.id == pattern.id  # the loop is around the assumption too
        from_start = isinstance(node, ast.Constant) and type(node.value) is int
        from_end = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and isinstance(node.right, ast.Constant) and ast.unparse(node.left) in counts
        return (itself or from_start or from_end) and rounds.setdefault(pattern.id, ast.unparse(node)) == ast.unparse(node)
    if _counts_from(pattern) and rounds.get(pattern.right.id, "0") == "0" and _matches(pattern.left, node, counts, found := dict(rounds)):
        rounds.update(found, **{pattern.right.id: "0"})  # `depth - 0` is written as `depth`
        return True
    if type(pattern) is not type(node):
        return False
    if isinstance(pattern, (ast.Name, ast.Constant)):
        return ast.unparse(pattern) == ast.unparse(node)
    mine, other = list(ast.iter_child_nodes(pattern)), list(ast.iter_child_nodes(node))
    return len(mine) == len(other) and all(_matches(a, b, counts, rounds) for a, b in zip(mine, other))


def _counts_from(pattern):
    return isinstance(pattern, ast.BinOp) and isinstance(pattern.op, (ast.Add, ast.Sub)) and isinstance(pattern.right, ast.Name) and pattern.right.id in E.INDICES


MANY = 3  # items of which the same is assumed: it is said of all items then


def of_all_items(assumptions):
    """The assumptions, with one about all items of a list from some place on for those that say the same of one item each.

    `len(a) <= 1 or a[1] in b`, and the same of 2 and 3, are `len([x for x in range(1, len(a)) if a[x] not in b]) == 0`.
    """
    alike = {}  # what is said of any item -> {its place: the sentence}
    for said in assumptions:
        item = _of_an_item(said)
        if item is not None:
            alike.setdefault(item[1:], {})[item[0]] = said
    for (values, index, wrong), places in alike.items():
        first = min(places)
        if len(places) >= MANY and max(places) - first < len(places):
            others = {said for place, said in places.items() if place > first}
            once = f"len([{index} for {index} in range({first}, len({values})) if {wrong}]) == 0"
            assumptions = [once if said == places[first] else said for said in assumptions if said not in others]
    return assumptions


def _of_an_item(said):
    """(its place, the list, an index, what is wrong with the item there), of a sentence about an item that a list may be too short for, or None."""
    tree = _parsed(said).body
    *guards, claim = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.Or) else [tree]
    limits = [_too_short(guard) for guard in guards]
    index = next((x for x in "xyzuvw" if x not in mentions.words(said)), None)
    if not limits or None in limits or len({values for values, _ in limits}) > 1 or index is None:
        return None
    items = _Items(limits[0][0], max(k for _, k in limits), index)
    wrong = ast.unparse(_negation(items.visit(claim)))
    return (items.place, items.values, index, wrong) if items.found == {k for _, k in limits} else None


def _too_short(guard):
    """(the list, n) of `len(list) <= n`, or None."""
    parsed = isinstance(guard, ast.Compare) and isinstance(guard.ops[0], ast.LtE) and isinstance(guard.left, ast.Call) and ast.unparse(guard.left.func) == "len"
    limit = guard.comparators[0] if parsed else None
    return (ast.unparse(guard.left.args[0]), limit.value) if isinstance(limit, ast.Constant) and type(limit.value) is int else None


class _Items(ast.NodeTransformer):
    """Says `values[place]` and the items before it as items by an index."""

    def __init__(self, values, place, index):
        self.values, self.place, self.index = values, place, index
        self.found = set()  # places

    def visit_Subscript(self, node):
        if ast.unparse(node.value) != self.values or not isinstance(node.slice, ast.Constant) or type(node.slice.value) is not int:
            return self.generic_visit(node)
        self.found.add(node.slice.value)
        behind = self.place - node.slice.value
        return _parsed(f"{self.values}[{self.index}{f' - {behind}' if behind else ''}]").body


def _negation(claim):
    if isinstance(claim, ast.Compare) and len(claim.ops) == 1 and type(claim.ops[0]) in _NEGATED:
        return ast.Compare(claim.left, [_NEGATED[type(claim.ops[0])]()], claim.comparators)
    return claim.operand if isinstance(claim, ast.UnaryOp) and isinstance(claim.op, ast.Not) else ast.UnaryOp(ast.Not(), claim)


_NEGATED = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In}
_TURNED = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.Eq, ast.NotEq: ast.NotEq}


def _parsed(source):
    return ast.parse(source, mode="eval")
