# SPDX-License-Identifier: Apache-2.0
"""Folds equal siblings with consecutive numbers: twelve blocks become one block, repeated.

A folded child stands under a `Run` instead of a name; write() in share.py turns it into a template and a `repeat`.
"""
import dataclasses
import json
import re


@dataclasses.dataclass(frozen=True)
class Run:
    """Children prefix{start}, prefix{start + 1}, ...: `period` nodes in turn, `count` children in all."""

    prefix: str
    start: int
    count: int
    period: int = 1


PERIODS = (1, 2, 3, 4)


def fold(node):
    """The node with all runs below it folded: a child is (name or Run, [alternatives]); the nodes of a Run are in its turn's order."""
    if isinstance(node, list):
        return [fold(n) for n in node]
    if "children" not in node:
        return node
    return {**node, "children": _fold_children([(name, fold(child)) for name, child in node["children"].items()])}


def _fold_children(children):
    texts = [_text(child) for _, child in children]
    numbers = [re.fullmatch(r"(.*?)(\d+)", name) for name, _ in children]
    out, k = [], 0
    while k < len(children):
        period, length = max(((p, _length(texts, numbers, k, p)) for p in PERIODS), key=lambda x: (x[1], -x[0]))
        name, child = children[k]
        if length >= 2 * period and not isinstance(child, list):
            out.append((Run(numbers[k][1], int(numbers[k][2]), length, period), [c for _, c in children[k : k + period]]))
            k += length
        elif len(children) == 2 and [n for n, _ in children] == ["0", "1"] and k == 1 and _alike(children):
            out.append((Run("", 1, 1), [child]))  # the rest of a stage that happens to be one block
            k += 1
        else:
            out.append((name, child))
            k += 1
    return out


def _alike(children):
    (_, a), (_, b) = children
    return isinstance(a, dict) and isinstance(b, dict) and a["class"] == b["class"] and "children" in a and "children" in b


def _length(texts, numbers, k, period):
    """How many children from k on repeat with this period and have consecutive numbers."""
    n = k
    while n < len(texts) and numbers[n] and numbers[k] and numbers[n][1] == numbers[k][1] and int(numbers[n][2]) == int(numbers[k][2]) + n - k \
            and (n < k + period or texts[n] == texts[n - period]):
        n += 1
    return n - k if period == 1 or n - k >= 2 * period else 0


def _text(node):
    return json.dumps(node, default=lambda x: [str(x)])
