# SPDX-License-Identifier: Apache-2.0
"""Numbers and truth values that remember."""
import math

from .. import expr as E
from .values import Sym, ask, expr_of, plain, remembers, wrap


def number(value, expression):
    """A result of arithmetic that remembers `expression`; what is no number (or is true or false) stays as it is."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return SymFloat(value, expression) if isinstance(value, float) else SymInt(value, expression)


def _binary(sign):
    compute = E.OPERATORS[sign]
    method = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow"}[sign]

    def forward(self, other, *rest):
        if not isinstance(other, (int, float)):
            if sign == "*" and isinstance(other, (list, tuple, str)):
                return repeat(other, self)
            return NotImplemented
        value = getattr(type(plain(self)), f"__{method}__")(plain(self), plain(other))
        if value is NotImplemented:
            value = getattr(type(plain(other)), f"__r{method}__")(plain(other), plain(self))
        return number(value, E.op(sign, self.expr, expr_of(other)))

    def backward(self, other, *rest):
        if not isinstance(other, (int, float)):
            if sign == "*" and isinstance(other, (list, tuple, str)):
                return repeat(other, self)
            return NotImplemented
        value = compute(plain(other), plain(self))
        return number(value, E.op(sign, expr_of(other), self.expr))

    return {f"__{method}__": forward, f"__r{method}__": backward}


def repeat(sequence, times):
    """sequence * times, which knows its rule where one of the two does."""
    if not isinstance(sequence, list):
        return sequence * plain(times)
    whole = sequence.whole() if isinstance(sequence, Sym) else None
    out = list(list.__iter__(sequence)) * plain(times)
    return wrap(out, ("op", "*", whole or expr_of(list(sequence)), expr_of(times))) if isinstance(times, Sym) or whole else out


def _compare(sign):
    compare = E.OPERATORS[sign]

    def method(self, other):
        if isinstance(other, (list, tuple, dict)) or other is None:
            return sign == "!=" if sign in ("==", "!=") else NotImplemented
        if not isinstance(other, (int, float, str)):
            return NotImplemented
        outcome = compare(plain(self), plain(other))
        return ask(("cmp", sign, self.expr, expr_of(other)), outcome)

    return method


_COMPARISONS = {f"__{n}__": _compare(s) for n, s in {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}.items()}
_ARITHMETIC = {k: v for s in ("+", "-", "*", "/", "//", "%", "**") for k, v in _binary(s).items()}


def _truncated(x):
    if isinstance(x, SymInt):
        return x
    return SymInt(int(plain(x)), ("call", "int", x.expr))


def _rounded(x, n=None):
    digits = () if n is None else (expr_of(n),)
    return number(round(plain(x), None if n is None else plain(n)), ("call", "round", x.expr, *digits))


def _numeric(name, base, extra):
    raw = getattr(base, f"__{base.__name__}__")

    def new(cls, value, expression=None):
        self = base.__new__(cls, value)
        self.expr = expression if expression is not None else E.const(value)
        return self

    def truth(self):
        return ask(self.expr, bool(plain(self)))

    def negative(self):
        return number(-plain(self), ("neg", self.expr))

    members = {
        "__new__": new, "plain": lambda self: raw(self), "__bool__": truth, "__neg__": negative, "__hash__": lambda self: hash(plain(self)),
        "__abs__": lambda self: number(abs(plain(self)), ("call", "abs", self.expr)),
        "__round__": _rounded, "__trunc__": _truncated, "__floor__": lambda self: number(math.floor(plain(self)), ("call", "floor", self.expr)),
        "__ceil__": lambda self: number(math.ceil(plain(self)), ("call", "ceil", self.expr)),
        "__reduce__": lambda self: (type(plain(self)), (plain(self),)),
        "__repr__": lambda self: repr(plain(self)), "__str__": lambda self: str(plain(self)),
        "__format__": lambda self, spec: format(plain(self), spec),
        **_ARITHMETIC, **_COMPARISONS, **extra,
    }  # fmt: skip
    return type(name, (Sym, base), members)


SymInt = _numeric("SymInt", int, {"__index__": lambda self: int.__int__(self)})
SymFloat = _numeric("SymFloat", float, {"is_integer": lambda self: ask(("cmp", "==", ("op", "%", self.expr, E.const(1)), E.const(0)), float.is_integer(self))})
# bool cannot be subclassed: an int that is asked for its truth
SymBool = _numeric("SymBool", int, {"plain": lambda self: int.__bool__(self), "__index__": lambda self: int.__int__(self), "__repr__": lambda self: repr(plain(self)),
                                    "__str__": lambda self: repr(plain(self))})  # fmt: skip

for _made, _kind in ((SymInt, int), (SymFloat, float), (SymBool, bool)):
    remembers(_kind)(_made)
