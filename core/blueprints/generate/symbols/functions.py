# SPDX-License-Identifier: Apache-2.0
"""The builtin functions, as they are of values that remember."""
import builtins
import collections.abc

from .dicts import SymDict
from .lists import SymList
from .numbers import SymBool, SymFloat, SymInt, number
from .strings import SymStr
from .values import Log, Sym, ask, expr_of, plain


def sym_int(x=0, *rest):
    if isinstance(x, SymStr) and not rest:
        return SymInt(int(plain(x)), ("call", "int", x.expr))
    return x.__trunc__() if isinstance(x, (SymInt, SymFloat, SymBool)) else int(plain(x), *rest)


def sym_float(x=0.0):
    return SymFloat(float(plain(x)), ("call", "float", x.expr)) if isinstance(x, (SymInt, SymFloat)) else float(plain(x))


def sym_len(x):
    if isinstance(x, SymList):
        if x.length is not None:
            return SymInt(list.__len__(x), x.length)
        whole = x.whole()
        return SymInt(list.__len__(x), ("call", "len", whole)) if whole else list.__len__(x)
    if isinstance(x, SymDict) and x.expr is not None and not x.written:
        return SymInt(dict.__len__(x), ("call", "len", x.expr))
    return len(x)


def _extreme(name):
    function = getattr(builtins, name)

    def method(*args, **options):
        values = list(args[0]) if len(args) == 1 else list(args)
        if options or not any(isinstance(v, Sym) for v in values):
            return function(*args, **options)
        whole = args[0].whole() if len(args) == 1 and isinstance(args[0], SymList) else None
        parts = (whole,) if whole else tuple(expr_of(v) for v in values)
        return number(function(plain(v) for v in values), ("call", name, *parts))

    return method


sym_max, sym_min = _extreme("max"), _extreme("min")


def sym_sum(values, start=0):
    if isinstance(values, SymList) and values.whole() and plain(start) == 0:
        return number(sum(plain(values)), ("call", "sum", values.whole()))
    total = start
    for v in values:
        total = total + v
    return total


def sym_isinstance(x, kinds):
    """isinstance that sees through the wrappers, and notes a question about the type of an input."""
    if not isinstance(x, Sym):
        if Log.current is not None:
            Log.current.models.note_isinstance(x, kinds)
        return isinstance(x, kinds)
    outcome = isinstance(plain(x), kinds)
    kinds = kinds if isinstance(kinds, tuple) else (kinds,)
    if x.expr is not None and x.expr[0] in ("name", "item"):
        listy = {list, tuple, collections.abc.Iterable, collections.abc.Sequence}
        if any(k in listy for k in kinds if isinstance(k, type)):
            ask(("call", "is_list", x.expr), isinstance(x, SymList))
        elif str in kinds:
            ask(("call", "is_str", x.expr), isinstance(x, SymStr))
        elif dict in kinds:
            ask(("call", "is_dict", x.expr), isinstance(x, SymDict))
    if not outcome and any(isinstance(k, type) and issubclass(k, Sym) for k in kinds):
        outcome = isinstance(x, kinds)
    return outcome


def sym_bool(x=False):
    if isinstance(x, (SymBool, SymInt, SymStr, SymList, SymDict)) and x.expr is not None:
        return SymBool(bool(plain(x)), x.expr if isinstance(x, SymBool) else ("call", "bool", x.expr))
    return bool(x)
