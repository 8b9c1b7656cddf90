# SPDX-License-Identifier: Apache-2.0
"""Objects that remember."""
from .. import expr as E
from .strings import SymStr
from .values import Sym, ask, plain, remembers, wrap


@remembers(dict)
class SymDict(Sym, dict):
    """A dict of the config. Reading a key answers a value that knows its path; writing a key shadows it."""

    def __init__(self, values, expression=None):
        dict.__init__(self, values)
        self.expr = expression
        self.written = {}

    def plain(self):
        return {plain(k): plain(v) for k, v in dict.items(self)}

    def _value(self, key):
        key = plain(key)
        if key in self.written:
            return self.written[key]
        value = dict.__getitem__(self, key)
        if value is None or self.expr is None or isinstance(value, Sym):
            return value
        if isinstance(value, (dict, list)):  # one object, so that writes into it stay
            value = wrap(value, ("item", self.expr, E.const(key)))
            dict.__setitem__(self, key, value)
            return value
        return wrap(value, ("item", self.expr, E.const(key)))

    def _asked(self, key):
        key = plain(key)
        present = dict.__contains__(self, key)
        if key not in self.written and self.expr is not None:
            ask(("cmp", "in", E.const(key), self.expr), present)
        return present

    def __getitem__(self, key):
        if isinstance(key, SymStr):
            for known in dict.keys(self):
                if key == known:
                    break
        self._asked(key)
        return self._value(key)

    def get(self, key, default=None):
        return self._value(key) if self._asked(key) else default

    def __contains__(self, key):
        return self._asked(key)

    def __setitem__(self, key, value):
        self.written[plain(key)] = value
        dict.__setitem__(self, plain(key), value)

    def setdefault(self, key, default=None):
        if not self._asked(key):
            self[key] = default
        return self._value(key)

    def pop(self, key, *default):
        if self._asked(key):
            value = self._value(key)
            dict.pop(self, plain(key))
            self.written.pop(plain(key), None)
            return value
        if default:
            return default[0]
        raise KeyError(key)

    def update(self, other=(), **more):
        for k, v in {**dict(other), **more}.items():
            self[k] = v

    def __iter__(self):
        return dict.__iter__(self)

    def keys(self):
        return dict.keys(self)

    def items(self):
        return [(k, self._value(k)) for k in dict.keys(self)]

    def values(self):
        return [self._value(k) for k in dict.keys(self)]

    def __bool__(self):
        return ask(self.expr, dict.__len__(self) > 0) if self.expr and not self.written else dict.__len__(self) > 0

    def __eq__(self, other):
        return plain(self) == plain(other)

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def copy(self):
        new = SymDict({k: dict.__getitem__(self, k) for k in dict.keys(self)}, self.expr)
        new.written = dict(self.written)
        return new

    def __deepcopy__(self, memo):
        return self.copy()

    def __copy__(self):
        return self.copy()

    def __or__(self, other):
        new = self.copy()
        new.update(other)
        return new

    def __reduce__(self):
        return (dict, (plain(self),))
