# SPDX-License-Identifier: Apache-2.0
"""Names of children that loops have made, as templates over the indices of these loops."""
import re

from . import expr as E
from .examples import Unsolved


def template_of(members, outer, examples):
    """The name of a slot as a template over its indices; `outer` indices are already in use around it."""
    depth = len(members[0][1])
    if depth == 0:
        names = {name for _, _, name, _ in members}
        if len(names) == 1:
            return names.pop()
        return _of_round([(row, name) for row, _, name, _ in members], outer, examples) or "{#}"
    index = E.INDICES[outer : outer + depth]
    if len(index) < depth:
        raise Unsolved(f"{outer + depth} loops around each other")
    for position in reversed(range(depth)):
        pairs = [(name, loops[position][1]) for _, loops, name, _ in members]
        found = _linear(pairs, index[position])
        if found is not None:
            return found
    if all(re.fullmatch(r"\d+", name) for _, _, name, _ in members):
        return "{#}"
    for key, value in examples[0].scope.items():  # named by the items of a list
        if isinstance(value, list) and all(_item(examples[row].scope.get(key), loops[-1][1]) == name for row, loops, name, _ in members):
            return f"{{{key}[{index[-1]}]}}"
    raise Unsolved(f"names {sorted({m[2] for m in members})[:6]}")


def comes_first(template):
    """The question whether the item of a list that names a child comes for the first time, in the terms of template_of(); None for other names."""
    named = re.fullmatch(r"\{(\w+)\[(\w)\]\}", template)
    if named is None:
        return None
    values, index = ("name", named[1]), ("var", named[2])
    return "cmp", "==", ("call", "index", values, ("item", values, index)), index


def numbered(examples):
    """The sites at which every round makes one child, with the number of the round in its name."""
    made = {}
    for row, example in enumerate(examples):
        for name, child in example.node.children if example.variables else ():
            made.setdefault(child.site, []).append((row, name))
    return {site for site, names in made.items() if len({row for row, _ in names}) == len(names) and len({name for _, name in names}) > 1
            and _of_round(names, len(examples[0].variables), examples)}  # fmt: skip


def _of_round(names, outer, examples):
    """The name of one of the children that a round adds, or None."""
    for variable in reversed(E.INDICES[:outer]):
        found = _linear([(name, examples[row].variables[variable]) for row, name in names], variable)
        if found is not None:
            return found
    return None


def _item(values, k):
    return values[k] if isinstance(values, list) and k < len(values) else None


def _linear(pairs, index):
    """`stage{i + 1}` for names stage1, stage2, ... or None."""
    for position in range(len(re.findall(r"\d+", pairs[0][0])) or 1):
        split = []
        for name, k in pairs:
            numbers = list(re.finditer(r"\d+", name))
            if position >= len(numbers):
                return None
            m = numbers[position]
            split.append((name[: m.start()], int(m.group()), name[m.end():], k))
        if len({(a, c) for a, _, c, _ in split}) != 1:
            continue
        for factor in (1, 2, 3, 4):
            offsets = {number - factor * k for _, number, _, k in split}
            if len(offsets) == 1:
                offset = offsets.pop()
                term = E.op("+", ("var", index) if factor == 1 else ("op", "*", E.const(factor), ("var", index)), E.const(offset))
                return f"{split[0][0]}{{{E.text(term)}}}{split[0][2]}"
    if len({name for name, _ in pairs}) == 1:
        return pairs[0][0]
    return None
