# SPDX-License-Identifier: Apache-2.0
"""Lists that remember."""
from .. import expr as E
from .numbers import SymFloat, SymInt, repeat
from .strings import SymStr
from .values import Sym, ask, expr_of, plain, remembers, wrap


class CountedTooFar(ValueError):
    """A difference that fell below zero and then counts from the end of a list: the library goes on, but nobody means that."""


def _refuse_bound(expression):
    raise CountedTooFar(E.text(expression))


@remembers(list, tuple)
class SymList(Sym, list):
    """A list of the config. Elements know their place; changing it makes it forget its own expression."""

    def __init__(self, values, expression=None):
        list.__init__(self, values)
        self.expr = expression
        self.touched = False
        self.length = None  # where only its length has a rule
        self.words = None  # of a part of a list, all that stand in the list

    def plain(self):
        return [plain(x) for x in list.__iter__(self)]

    def _at(self, value, index):
        if isinstance(value, Sym) or self.expr is None or self.touched:
            return value
        place = E.item(self.expr, index)
        return value if place[0] == "const" else wrap(value, place)

    def __getitem__(self, index):
        if isinstance(index, slice):
            bounds = [index.start, index.stop, index.step]
            for bound in bounds[:2]:
                if isinstance(bound, SymInt) and bound.expr[:2] == ("op", "-") and not ask(("cmp", ">=", bound.expr, E.const(0)), plain(bound) >= 0):
                    _refuse_bound(bound.expr)
            values = list.__getitem__(self, slice(*(None if x is None else plain(x) for x in bounds)))
            part = SymList(values, self.whole() and ("slice", self.whole(), *(None if x is None else expr_of(x) for x in bounds)))
            part.words = self.all_words()
            return part
        value = list.__getitem__(self, plain(index))
        if isinstance(value, (SymInt, SymFloat, SymStr)) and (self._chosen_from_outside(index) or self._is_joined(value, index)):
            return wrap(plain(value), ("item", self.whole(), expr_of(index)))
        return self._at(value, expr_of(index))

    def _chosen_from_outside(self, index):
        """Whether an item is chosen by the config, or by its place in a list made by a rule; not by the loop we are in."""
        if isinstance(index, Sym):
            return bool(E.names(index.expr)) and self.whole() is not None
        return self.expr is not None and not self.touched and any(e[0] == "each" for e in E.walk(self.expr))

    def _is_joined(self, value, index):
        """Whether a place given by an index is one of two lists of the config that were added: the sum says it for all places."""
        joined = self.expr is not None and not self.touched and self.expr[:2] == ("op", "+")
        return joined and isinstance(index, Sym) and value.expr[0] == "item" and value.expr[2][0] == "const"

    def all_words(self):
        """The words that are in it, or, of a part, in the list it was taken from."""
        return self.words or {plain(x) for x in list.__iter__(self) if isinstance(x, str)}

    def whole(self):
        if not self.touched:
            return self.expr
        return ("list", *(expr_of(x) for x in list.__iter__(self)))

    def __iter__(self):
        for k, value in enumerate(list.__iter__(self)):
            yield self._at(value, E.const(k))

    def __len__(self):
        return list.__len__(self)

    def __bool__(self):
        return ask(self.expr, list.__len__(self) > 0) if self.expr else list.__len__(self) > 0

    def __contains__(self, value):
        outcome = plain(value) in [plain(x) for x in list.__iter__(self)]
        return ask(("cmp", "in", expr_of(value), self.whole()), outcome) if self.whole() else outcome

    def __eq__(self, other):
        return plain(self) == plain(list(other) if isinstance(other, tuple) else other)

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __add__(self, other):
        return SymList(list.__add__(self, list(other)), ("op", "+", _list_expr(self), _list_expr(other)))

    def __radd__(self, other):
        return SymList(list(other) + list(list.__iter__(self)), ("op", "+", _list_expr(other), _list_expr(self)))

    def __mul__(self, times):
        return repeat(self, times)

    def __setitem__(self, index, value):
        self._settle()
        list.__setitem__(self, plain(index), value)

    def append(self, value):
        self._settle()
        list.append(self, value)

    def extend(self, values):
        self._settle()
        list.extend(self, values)

    def __iadd__(self, values):
        self.extend(values)
        return self

    def pop(self, *index):
        self._settle()
        return list.pop(self, *index)

    def insert(self, index, value):
        self._settle()
        list.insert(self, index, value)

    def _settle(self):
        """Elements take their expressions with them before the list changes."""
        self.length = None
        if not self.touched:
            values = [self._at(v, E.const(k)) for k, v in enumerate(list.__iter__(self))]
            list.__setitem__(self, slice(None), values)
            self.touched = True

    def copy(self):
        return SymList(list(list.__iter__(self)), self.whole())

    def index(self, value, *rest):
        place = [plain(x) for x in list.__iter__(self)].index(plain(value), *rest)
        wanted = expr_of(value)
        if wanted[:2] == ("item", self.whole()) and wanted[2][0] == "const":
            wanted = E.const(plain(value))  # out of a set of the list's words: where it stood there says nothing
        return SymInt(place, ("call", "index", self.whole(), wanted)) if self.whole() and not rest else place

    def count(self, value):
        return [plain(x) for x in list.__iter__(self)].count(plain(value))

    def __reduce__(self):
        return (list, ([plain(x) for x in list.__iter__(self)],))

    def __deepcopy__(self, memo):
        return SymList(list(list.__iter__(self)), self.whole())


def _list_expr(x):
    if isinstance(x, SymList) and x.whole():
        return x.whole()
    return ("list", *(expr_of(y) for y in x))


class Order:
    """What numpy's argsort() makes of a list of the config: places in it."""

    def __init__(self, places, values):
        self.places, self.rule = places.tolist(), ("call", "argsort", values)

    def tolist(self):
        return [SymInt(place, E.item(self.rule, E.const(k))) for k, place in enumerate(self.places)]
