# SPDX-License-Identifier: Apache-2.0
"""Values that remember: ordinary ints, floats, strings, lists and dicts that carry the expression they came from.

Arithmetic answers such values again. A comparison or a truth test answers a plain bool, and tells the current trace which
question was asked and what the answer was. Loops are noted while they run, so that an index is known as an index.
"""
import builtins
import collections.abc
import math

from . import expr as E


class Log:
    """Receives what the values notice. A trace puts itself here while it runs."""

    current = None


def ask(expression, outcome):
    """Tells the current trace of a question and its answer; answers the answer."""
    if Log.current is not None:
        Log.current.condition(expression, outcome)
    return outcome


class Sym:
    """Mixed into the types below: has `.expr`."""

    def __deepcopy__(self, memo):
        return self

    def __copy__(self):
        return self


def is_symbolic(x):
    return isinstance(x, Sym)


def expr_of(x):
    """The expression of any value: its own, or a literal."""
    if isinstance(x, Sym):
        return x.expr
    if isinstance(x, (list, tuple)) and builtins.any(isinstance(y, Sym) for y in x):
        return ("list", *(expr_of(y) for y in x))
    return E.const(list(x) if isinstance(x, tuple) else x)


def plain(x):
    """The value without memory, lists and dicts throughout."""
    if isinstance(x, SymBool):
        return builtins.bool(int.__bool__(x))
    if isinstance(x, SymInt):
        return int.__int__(x)
    if isinstance(x, SymFloat):
        return float.__float__(x)
    if isinstance(x, SymStr):
        return str.__str__(x)
    if type(x) in (list, SymList):
        return [plain(y) for y in list.__iter__(x)]
    if type(x) is tuple:
        return tuple(plain(y) for y in x)
    if type(x) in (dict, SymDict):
        return {plain(k): plain(v) for k, v in dict.items(x)}
    return x


def wrap(value, expression):
    """A value that remembers `expression`."""
    if isinstance(value, Sym):
        return value
    if isinstance(value, builtins.bool):
        return SymBool(value, expression)
    if isinstance(value, builtins.int):
        return SymInt(value, expression)
    if isinstance(value, builtins.float):
        return SymFloat(value, expression)
    if isinstance(value, str):
        return SymStr(value, expression)
    if isinstance(value, (list, tuple)):
        return SymList(value, expression)
    if type(value) is dict:
        return SymDict(value, expression)
    return value


def _number(value, expression):
    if isinstance(value, builtins.bool) or not isinstance(value, (int, float)):
        return value
    return SymFloat(value, expression) if isinstance(value, float) else SymInt(value, expression)


def _binary(sign, base):
    compute = E.OPERATORS[sign]
    method = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow"}[sign]

    def forward(self, other, *rest):
        if not isinstance(other, (int, float)):
            if sign == "*" and isinstance(other, (list, tuple, str)):
                return _repeat(other, self)
            return NotImplemented
        value = getattr(type(_raw(self)), f"__{method}__")(_raw(self), _raw(other))
        if value is NotImplemented:
            value = getattr(type(_raw(other)), f"__r{method}__")(_raw(other), _raw(self))
        return _number(value, E.op(sign, self.expr, expr_of(other)))

    def backward(self, other, *rest):
        if not isinstance(other, (int, float)):
            if sign == "*" and isinstance(other, (list, tuple, str)):
                return _repeat(other, self)
            return NotImplemented
        value = compute(_raw(other), _raw(self))
        return _number(value, E.op(sign, expr_of(other), self.expr))

    return {f"__{method}__": forward, f"__r{method}__": backward}


def _repeat(sequence, times):
    out = plain_sequence(sequence) * _raw(times)
    whole = sequence._whole() if isinstance(sequence, SymList) else None
    if isinstance(sequence, list) and (isinstance(times, Sym) or whole):
        return SymList(out, ("op", "*", whole or expr_of(list(sequence)), expr_of(times)))
    return out


def plain_sequence(x):
    return list(list.__iter__(x)) if isinstance(x, list) else x


def _raw(x):
    return plain(x) if isinstance(x, Sym) else x


def _compare(sign):
    compare = E.OPERATORS[sign]

    def method(self, other):
        if isinstance(other, (list, tuple, dict)) or other is None:
            return sign == "!=" if sign in ("==", "!=") else NotImplemented
        if not isinstance(other, (int, float, str)):
            return NotImplemented
        outcome = compare(_raw(self), _raw(other))
        return ask(("cmp", sign, self.expr, expr_of(other)), outcome)

    return method


_COMPARISONS = {f"__{n}__": _compare(s) for n, s in {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}.items()}
_ARITHMETIC = {k: v for s in ("+", "-", "*", "/", "//", "%", "**") for k, v in _binary(s, None).items()}


def _numeric(name, base, extra):
    def new(cls, value, expression=None):
        self = base.__new__(cls, value)
        self.expr = expression if expression is not None else E.const(value)
        return self

    def truth(self):
        return ask(self.expr, builtins.bool(_raw(self)))

    def negative(self):
        return _number(-_raw(self), ("neg", self.expr))

    members = {
        "__new__": new, "__bool__": truth, "__neg__": negative, "__hash__": lambda self: hash(_raw(self)),
        "__abs__": lambda self: _number(builtins.abs(_raw(self)), ("call", "abs", self.expr)),
        "__round__": lambda self, n=None: sym_round(self, n),
        "__trunc__": lambda self: sym_int(self), "__floor__": lambda self: _number(math.floor(_raw(self)), ("call", "floor", self.expr)),
        "__ceil__": lambda self: _number(math.ceil(_raw(self)), ("call", "ceil", self.expr)),
        "__reduce__": lambda self: (type(_raw(self)), (_raw(self),)),
        "__repr__": lambda self: repr(_raw(self)), "__str__": lambda self: str(_raw(self)),
        "__format__": lambda self, spec: format(_raw(self), spec),
        **_ARITHMETIC, **_COMPARISONS, **extra,
    }  # fmt: skip
    return type(name, (Sym, base), members)


SymInt = _numeric("SymInt", int, {"__index__": lambda self: int.__int__(self)})
SymFloat = _numeric("SymFloat", float, {"is_integer": lambda self: ask(("cmp", "==", ("op", "%", self.expr, E.const(1)), E.const(0)), float.is_integer(self))})
# bool cannot be subclassed: an int that is asked for its truth
SymBool = _numeric("SymBool", int, {"__index__": lambda self: int.__int__(self), "__repr__": lambda self: repr(plain(self)),
                                    "__str__": lambda self: repr(plain(self))})  # fmt: skip


class SymStr(Sym, str):
    def __new__(cls, value, expression=None):
        self = str.__new__(cls, value)
        self.expr = expression if expression is not None else E.const(value)
        return self

    def __eq__(self, other):
        if not isinstance(other, str):
            return False
        outcome = str.__eq__(self, other)
        return ask(("cmp", "==", self.expr, expr_of(other)), outcome) if self is not other else outcome

    def __ne__(self, other):
        return not self.__eq__(other)

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
        return SymList(parts, ("call", "split", self.expr, E.const(_raw(separator))))

    def lower(self):
        return self if str.lower(self) == plain(self) else str.lower(self)

    def strip(self, *characters):
        return self if str.strip(self, *characters) == plain(self) else str.strip(self, *characters)

    def startswith(self, prefix, *bounds):
        outcome = str.startswith(self, prefix, *bounds)
        return outcome if bounds else ask(("call", "startswith", self.expr, E.const(prefix)), outcome)

    def __reduce__(self):
        return (str, (str.__str__(self),))


class CountedTooFar(ValueError):
    """A difference that fell below zero and then counts from the end of a list: the library goes on, but nobody means that."""


def _refuse_bound(expression):
    raise CountedTooFar(E.text(expression))


class SymList(Sym, list):
    """A list of the config. Elements know their place; changing it makes it forget its own expression."""

    def __init__(self, values, expression=None):
        list.__init__(self, values)
        self.expr = expression
        self.touched = False
        self.length = None  # where only its length has a rule

    def _at(self, value, index):
        if isinstance(value, Sym) or self.expr is None or self.touched:
            return value
        place = E.item(self.expr, index)
        return value if place[0] == "const" else wrap(value, place)

    def __getitem__(self, index):
        if isinstance(index, slice):
            bounds = [index.start, index.stop, index.step]
            for bound in bounds[:2]:
                if isinstance(bound, SymInt) and bound.expr[:2] == ("op", "-") and not ask(("cmp", ">=", bound.expr, E.const(0)), _raw(bound) >= 0):
                    _refuse_bound(bound.expr)
            values = list.__getitem__(self, slice(*(None if x is None else _raw(x) for x in bounds)))
            return SymList(values, self._whole() and ("slice", self._whole(), *(None if x is None else expr_of(x) for x in bounds)))
        value = list.__getitem__(self, _raw(index))
        if isinstance(value, (SymInt, SymFloat, SymStr)) and (self._chosen_from_outside(index) or self._is_joined(value, index)):
            return wrap(plain(value), ("item", self._whole(), expr_of(index)))
        return self._at(value, expr_of(index))

    def _chosen_from_outside(self, index):
        """Whether an item is chosen by the config, or by its place in a list made by a rule; not by the loop we are in."""
        if isinstance(index, Sym):
            return bool(E.names(index.expr)) and self._whole() is not None
        return self.expr is not None and not self.touched and any(e[0] == "each" for e in E.walk(self.expr))

    def _is_joined(self, value, index):
        """Whether a place given by an index is one of two lists of the config that were added: the sum says it for all places."""
        joined = self.expr is not None and not self.touched and self.expr[:2] == ("op", "+")
        return joined and isinstance(index, Sym) and value.expr[0] == "item" and value.expr[2][0] == "const"

    def _whole(self):
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
        outcome = _raw(value) in [plain(x) for x in list.__iter__(self)]
        return ask(("cmp", "in", expr_of(value), self._whole()), outcome) if self._whole() else outcome

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
        return _repeat(self, times)

    def __setitem__(self, index, value):
        self._settle()
        list.__setitem__(self, _raw(index), value)

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
        return SymList(list(list.__iter__(self)), self._whole())

    def index(self, value, *rest):
        place = [plain(x) for x in list.__iter__(self)].index(_raw(value), *rest)
        wanted = expr_of(value)
        if wanted[:2] == ("item", self._whole()) and wanted[2][0] == "const":
            wanted = E.const(plain(value))  # out of a set of the list's words: where it stood there says nothing
        return SymInt(place, ("call", "index", self._whole(), wanted)) if self._whole() and not rest else place

    def count(self, value):
        return [plain(x) for x in list.__iter__(self)].count(_raw(value))

    def __reduce__(self):
        return (list, ([plain(x) for x in list.__iter__(self)],))

    def __deepcopy__(self, memo):
        return SymList(list(list.__iter__(self)), self._whole())


def _list_expr(x):
    if isinstance(x, SymList) and x._whole():
        return x._whole()
    return ("list", *(expr_of(y) for y in plain_sequence(x)))


class SymDict(Sym, dict):
    """A dict of the config. Reading a key answers a value that knows its path; writing a key shadows it."""

    def __init__(self, values, expression=None):
        dict.__init__(self, values)
        self.expr = expression
        self.written = {}

    def _value(self, key):
        key = _raw(key)
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
        key = _raw(key)
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
        self.written[_raw(key)] = value
        dict.__setitem__(self, _raw(key), value)

    def setdefault(self, key, default=None):
        if not self._asked(key):
            self[key] = default
        return self._value(key)

    def pop(self, key, *default):
        if self._asked(key):
            value = self._value(key)
            dict.pop(self, _raw(key))
            self.written.pop(_raw(key), None)
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


def sym_int(x=0, *rest):
    if isinstance(x, SymFloat):
        return SymInt(builtins.int(float(_raw(x))), ("call", "int", x.expr))
    if isinstance(x, SymBool):
        return SymInt(_raw(x), ("call", "int", x.expr))
    if isinstance(x, SymInt):
        return x
    return builtins.int(_raw(x), *rest)


def sym_float(x=0.0):
    if isinstance(x, (SymInt, SymFloat)):
        return SymFloat(builtins.float(_raw(x)), ("call", "float", x.expr))
    return builtins.float(_raw(x))


def sym_round(x, n=None):
    if not isinstance(x, Sym):
        return builtins.round(x, n)
    args = (x.expr,) if n is None else (x.expr, expr_of(n))
    return _number(builtins.round(_raw(x), None if n is None else _raw(n)), ("call", "round", *args))


def sym_len(x):
    if isinstance(x, SymList):
        if x.length is not None:
            return SymInt(list.__len__(x), x.length)
        whole = x._whole()
        return SymInt(list.__len__(x), ("call", "len", whole)) if whole else list.__len__(x)
    if isinstance(x, SymDict) and x.expr is not None and not x.written:
        return SymInt(dict.__len__(x), ("call", "len", x.expr))
    return builtins.len(x)


def _extreme(name):
    function = getattr(builtins, name)

    def method(*args, **options):
        values = list(args[0]) if builtins.len(args) == 1 else list(args)
        if options or not builtins.any(isinstance(v, Sym) for v in values):
            return function(*args, **options)
        whole = args[0]._whole() if builtins.len(args) == 1 and isinstance(args[0], SymList) else None
        parts = (whole,) if whole else tuple(expr_of(v) for v in values)
        return _number(function(_raw(v) for v in values), ("call", name, *parts))

    return method


sym_max, sym_min = _extreme("max"), _extreme("min")


def sym_sum(values, start=0):
    if isinstance(values, SymList) and values._whole() and _raw(start) == 0:
        return _number(builtins.sum(plain(values)), ("call", "sum", values._whole()))
    total = start
    for v in values:
        total = total + v
    return total


def sym_isinstance(x, kinds):
    """isinstance that sees through the wrappers, and notes a question about the type of an input."""
    if not isinstance(x, Sym):
        return isinstance(x, kinds)
    outcome = isinstance(plain(x), kinds)
    kinds = kinds if isinstance(kinds, tuple) else (kinds,)
    if x.expr is not None and x.expr[0] in ("name", "item"):
        listy = {list, tuple, collections.abc.Iterable, collections.abc.Sequence}
        if builtins.any(k in listy for k in kinds if isinstance(k, type)):
            ask(("call", "is_list", x.expr), isinstance(x, SymList))
        elif str in kinds:
            ask(("call", "is_str", x.expr), isinstance(x, SymStr))
        elif dict in kinds:
            ask(("call", "is_dict", x.expr), isinstance(x, SymDict))
    if not outcome and builtins.any(isinstance(k, type) and issubclass(k, Sym) for k in kinds):
        outcome = isinstance(x, kinds)
    return outcome


def sym_bool(x=False):
    if isinstance(x, (SymBool, SymInt, SymStr, SymList, SymDict)) and x.expr is not None:
        return SymBool(builtins.bool(plain(x)), x.expr if isinstance(x, SymBool) else ("call", "bool", x.expr))
    return builtins.bool(x)
