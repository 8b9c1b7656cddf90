# SPDX-License-Identifier: Apache-2.0
"""Strings that remember."""
from .. import expr as E
from .values import Sym, ask, expr_of, plain, remembers, wrap


@remembers(str)
class SymStr(Sym, str):
    def __new__(cls, value, expression=None):
        self = str.__new__(cls, value)
        self.expr = expression if expression is not None else E.const(value)
        return self

    def plain(self):
        return str.__str__(self)

    def __eq__(self, other):
        if not isinstance(other, str):
            return False
        outcome = str.__eq__(self, other)
        return ask(("cmp", "==", self.expr, expr_of(other)), outcome) if self is not other else outcome

    def __ne__(self, other):  # not by way of __eq__: who asks is told by how deep the call is
        if not isinstance(other, str):
            return True
        outcome = str.__eq__(self, other)
        return not (ask(("cmp", "==", self.expr, expr_of(other)), outcome) if self is not other else outcome)

    def __contains__(self, other):
        return ask(("cmp", "in", expr_of(other), self.expr), str.__contains__(self, other))

    def __bool__(self):
        return ask(self.expr, str.__len__(self) > 0)

    def __hash__(self):
        return str.__hash__(self)

    def split(self, separator=None, most=-1):
        parts = str.split(self, separator, most)
        if separator is None or most != -1:
            return parts
        return wrap(parts, ("call", "split", self.expr, E.const(plain(separator))))

    def lower(self):
        return self._in_case("lower", str.lower(self))

    def upper(self):
        return self._in_case("upper", str.upper(self))

    def _in_case(self, case, made):
        """A word that is in this case already is no sign that all are: whether it is one is asked, so that others are tried."""
        e = ("call", case, self.expr)
        ask(("cmp", "==", e, self.expr), made == plain(self))
        return SymStr(made, e)

    def strip(self, *characters):
        return self if str.strip(self, *characters) == plain(self) else str.strip(self, *characters)

    def startswith(self, prefix, *bounds):
        outcome = str.startswith(self, prefix, *bounds)
        return outcome if bounds else ask(("call", "startswith", self.expr, E.const(prefix)), outcome)

    def __reduce__(self):
        return (str, (str.__str__(self),))
