# SPDX-License-Identifier: Apache-2.0
"""Lists of numbers that a constructor has written out, `channels = [16, 24, 24, 32]`.

Their items remember their place, so that what a loop makes of them is one rule over its index: `[16, 24, 24, 32][i] * width`.
"""
import ast

from . import expr as E
from . import symbols as S

SHORTEST = 3  # shorter ones are pairs, such as a height and a width


def is_table(node):
    """Whether this piece of source is such a list."""
    return isinstance(node, ast.List) and len(node.elts) >= SHORTEST and all(isinstance(x, ast.Constant) and type(x.value) is int for x in node.elts)


def table(values):
    """The list, as it is remembered while a trace runs."""
    if S.Log.current is None:
        return values
    result = S.SymList(values, E.const_list(values))
    result.length = E.const(len(values))
    return result
