# SPDX-License-Identifier: Apache-2.0
"""Values that remember: ordinary ints, floats, strings, lists and dicts that carry the expression they came from.

Arithmetic answers such values again. A comparison or a truth test answers a plain bool, and tells the current trace which
question was asked and what the answer was. Loops are noted while they run, so that an index is known as an index.
"""
from .dicts import SymDict
from .functions import sym_bool, sym_float, sym_int, sym_isinstance, sym_len, sym_max, sym_min, sym_sum
from .lists import Order, SymList
from .numbers import SymBool, SymFloat, SymInt, number
from .strings import SymStr
from .values import Log, Sym, ask, expr_of, plain, wrap

__all__ = [
    "Log", "Order", "Sym", "SymBool", "SymDict", "SymFloat", "SymInt", "SymList", "SymStr", "ask", "expr_of", "number", "plain",
    "sym_bool", "sym_float", "sym_int", "sym_isinstance", "sym_len", "sym_max", "sym_min", "sym_sum", "wrap",
]  # fmt: skip
