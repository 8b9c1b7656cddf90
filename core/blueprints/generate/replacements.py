# SPDX-License-Identifier: Apache-2.0
"""What stands in the place of builtins and of functions of math inside the traced modules: the same, but it keeps what values remember."""
import builtins
import copy
import math
import operator

import numpy as np
import torch

from . import expr as E
from . import loops
from . import symbols as S
from . import tables
from .trace import Trace

MATH = [name for name in dir(math) if callable(getattr(math, name))]
NUMPY = ("log", "log2", "sqrt", "ceil", "floor")  # functions of numpy that math has too


def _reflected(name):
    forward, backward = getattr(operator, name), f"__r{name}__"

    def method(a, b):
        return getattr(b, backward)(a) if type(a) is float and isinstance(b, (S.SymInt, S.SymFloat)) else forward(a, b)

    return method


def raised(x, least, more):
    """`x + more if x < least else x`; the round of a loop is never below zero."""
    if isinstance(x, S.SymInt) and x.expr[0] == "loop" and type(least) is int and least <= 0:
        return x
    if not any(isinstance(value, S.Sym) for value in (x, least)):
        return x + more if x < least else x
    total = S.plain(x) + S.plain(more) if S.plain(x) < S.plain(least) else S.plain(x)
    x, least, more = map(S.expr_of, (x, least, more))
    return S.number(total, ("if", ("cmp", "<", x, least), E.op("+", x, more), x))


def is_power_of_two(x):
    """x & (x - 1) == 0"""
    outcome = S.plain(x) & (S.plain(x) - 1) == 0
    return S.ask(("cmp", "==", ("op", "**", E.const(2), ("call", "int", ("call", "log2", x.expr))), x.expr), outcome) if isinstance(x, S.SymInt) and S.plain(x) > 0 else outcome


def or_usual(value, name, usual):
    """A setting of a config class that is null in the file, or not: in both cases what is made of it follows from one rule."""
    if not hasattr(S.Log.current, "config_class") or isinstance(value, S.Sym) and value.expr != ("name", name):
        return value
    rule = ("if", ("cmp", "is", ("name", name), E.NONE), E.const(usual), ("name", name))
    return S.SymList(S.plain(value), rule) if isinstance(value, list) else value


def for_each_side(x, sides):
    """`x if isinstance(x, Iterable) else (x, x)`: what each is follows from one rule in a module; a config class keeps the list."""
    if S.Log.current is None or S.Log.current.of_config or not isinstance(x, S.Sym) or x.expr is None or x.expr[0] not in ("name", "item"):
        return x if isinstance(x, (list, tuple)) else (x,) * sides
    values = S.plain(x) if isinstance(x, S.SymList) else [S.plain(x)] * sides
    return S.SymList([S.wrap(value, ("if", ("call", "is_list", x.expr), ("item", x.expr, E.const(k)), x.expr)) for k, value in enumerate(values)])


def deepcopy(x, *memo):
    """copy.deepcopy(); copied modules were made where their models were."""
    new = copy.deepcopy(x, *memo)
    if isinstance(x, torch.nn.Module) and isinstance(S.Log.current, Trace):
        S.Log.current.note_copy(x, new)
    return new


def length(x):
    """len(); a list that one loop has filled remembers how often that went round."""
    if type(x) is list and isinstance(S.Log.current, Trace):
        rule = S.Log.current.length_of(x)
        if rule is not None:
            return S.SymInt(len(x), rule)
    if isinstance(x, torch.nn.ModuleList) and isinstance(S.Log.current, Trace):
        run = S.Log.current.filled_by(x)
        if run is not None:
            return S.SymInt(run.times, run.count)
    return S.sym_len(x)


def has_attribute(x, name):
    """hasattr()"""
    if isinstance(x, torch.nn.Module) and isinstance(S.Log.current, Trace):
        S.Log.current.models.note_looked_for(x, name)
    return hasattr(x, name)


def is_bool(value, wanted):
    """value is True, or False."""
    if not isinstance(value, S.Sym):
        return value is wanted
    if not S.ask(("call", "is_bool", value.expr), isinstance(value, S.SymBool)):
        return False
    return S.ask(value.expr, S.plain(value)) is wanted


def looked_up(values, word):
    """values[word]; where a field of the config is looked up among words, it is asked whether it is each of them in turn."""
    if type(values) is dict and isinstance(word, S.SymStr) and word.expr[0] == "name":
        for known in values:
            if S.ask(("cmp", "==", word.expr, E.const(known)), S.plain(word) == known):
                break
    return values[word]


def joined(*parts):
    """An f-string."""
    value = "".join(str(S.plain(p)) if not isinstance(p, S.Sym) else f"{p}" for p in parts)
    if not any(isinstance(p, (S.SymInt, S.SymStr)) and not isinstance(p, S.SymBool) for p in parts):
        return value
    terms = [p.expr if isinstance(p, S.SymStr) else ("call", "str", p.expr) if isinstance(p, S.Sym) else E.const(f"{p}") for p in parts]
    total = terms[0]
    for term in terms[1:]:
        total = ("op", "+", total, term)
    return S.SymStr(value, total)


def product(values, **options):
    """math.prod(); of all items of a list of the config, in whatever order, it is the product of that list. numpy takes a number, too."""
    if isinstance(values, builtins.int):
        return values
    total = math.prod((S.plain(v) for v in values), **options)
    whole = values.whole() if isinstance(values, S.SymList) else None
    if options or not isinstance(total, (int, float)) or whole is None and not any(isinstance(v, S.Sym) for v in values):
        return total
    if whole is not None:
        return S.number(total, ("call", "prod", whole))
    places, rest = {}, E.const(1)
    for v in values:
        e = S.expr_of(v)
        if e[0] == "item" and e[2][0] in ("const", "op", "loop"):
            places.setdefault(e[1], []).append(e)
        else:
            rest = E.op("*", rest, e)
    for items, found in places.items():
        rest = E.op("*", rest, ("call", "prod", items) if len(found) == len(set(found)) > 1 else ("call", "prod", ("list", *found)))
    return S.number(total, rest)


def _math(name):
    function = getattr(math, name)

    def method(*args):
        value = function(*(S.plain(a) for a in args))
        if name in E.FUNCTIONS and any(isinstance(a, S.Sym) for a in args) and isinstance(value, (int, float)):
            return S.number(value, ("call", name, *(S.expr_of(a) for a in args)))
        return value

    return method


def sequence(kind):
    """list() or tuple(): of a list or range that knows its rule, however it is walked through, it is a list that knows its rule."""

    def method(*args):
        x = args[0] if args else ()
        if isinstance(x, S.SymList):
            return x.copy()
        if isinstance(x, loops.Reversed) and isinstance(x.inner, S.SymList) and x.inner.whole():
            return x.inner[::-1]
        if isinstance(x, loops.Product):
            result = S.SymList(x)
            result.length = x.count()
            return result
        if isinstance(x, loops.Range) and any(isinstance(bound, S.Sym) for bound in (x.start, x.stop, x.step)):
            return S.SymList(x, ("each", "x", x.rule(("var", "x")), x.count()))
        return kind(*args)

    return method


def _numpy(name):
    function, ours = getattr(np, name), _math(name)
    return lambda x: ours(x) if isinstance(x, (S.SymInt, S.SymFloat)) else function(x)


def unpacked(values):
    """`**values` in a call: which object the arguments come from is remembered."""
    if not isinstance(values, S.SymDict) or values.expr is None or values.written:
        return values
    made = {key: values[key] for key in values}
    if isinstance(S.Log.current, Trace):
        S.Log.current.unpacked.append((values.expr, made))
    return made


class Set(set):
    """A set of values by what they are: to find the same one again is no question. It is walked through in the same order in every run.

    Of a list of words the question is which of them are in it, not where they stand.
    """

    rule = None  # that of its words

    def __init__(self, values=()):
        if isinstance(values, S.SymList) and values.whole() is not None and all(isinstance(word, str) for word in values):
            found, self.rule = S.plain(values), ("call", "set", values.whole())
            for word in sorted(values.all_words()):
                S.ask(("cmp", "in", E.const(word), values.whole()), word in found)
            values = found
        first = {}
        for value in values:
            first.setdefault(S.plain(value), value)
        super().__init__(first.values())

    def __iter__(self):
        return iter(sorted(super().__iter__(), key=lambda value: str(S.plain(value))))


class Different(set):
    """The different items of a list, without those that are nothing; how many there are is known by a rule."""

    def __init__(self, values):
        super().__init__(value for value in S.plain(values) if value)
        whole, x = values.whole(), ("var", "x")
        some = ("each", "x", ("item", whole, x), ("call", "len", whole), ("item", whole, x))
        self.length = ("call", "len", ("call", "set", some))


def different(values):
    """{x for x in values if x}"""
    return Different(values) if isinstance(values, S.SymList) and values.whole() is not None else {value for value in values if value}


class Words(list):
    """The words of a list of the config, each once and in order. Whether two lists have the same words is a question."""

    def __init__(self, words, rule):
        super().__init__(words)
        self.rule = rule

    def __eq__(self, other):
        same = super().__eq__(other)
        return S.ask(("cmp", "==", self.rule, other.rule), same) if isinstance(other, Words) else same

    def __ne__(self, other):
        return not self == other

    __hash__ = None


def in_order(values, **options):
    """sorted()"""
    result = sorted(values, **options)
    if isinstance(values, Set) and values.rule is not None and not options:
        return Words(result, ("call", "sorted", values.rule))
    if not isinstance(values, Different):
        return result
    result = S.SymList(result)
    result.length = values.length
    return result


class Replacements:
    """What `__tare__` means inside the traced modules."""

    loop = staticmethod(loops.loop)
    is_bool = staticmethod(is_bool)
    has_attribute = staticmethod(has_attribute)
    listed = staticmethod(loops.listed)
    listed_twice = staticmethod(loops.listed_twice)
    list = staticmethod(sequence(builtins.list))
    tuple = staticmethod(sequence(builtins.tuple))
    joined = staticmethod(joined)
    looked_up = staticmethod(looked_up)
    different = staticmethod(different)
    sorted = staticmethod(in_order)
    table = staticmethod(tables.table)
    or_usual = staticmethod(or_usual)
    raised = staticmethod(raised)
    is_power_of_two = staticmethod(is_power_of_two)
    for_each_side = staticmethod(for_each_side)
    unpacked = staticmethod(unpacked)
    len = staticmethod(length)
    deepcopy = staticmethod(deepcopy)
    int = staticmethod(S.sym_int)
    float = staticmethod(S.sym_float)
    bool = staticmethod(S.sym_bool)
    max = staticmethod(S.sym_max)
    min = staticmethod(S.sym_min)
    sum = staticmethod(S.sym_sum)
    isinstance = staticmethod(S.sym_isinstance)
    enumerate = loops.Enumerate
    zip = loops.Zip
    range = loops.Range
    reversed = loops.Reversed
    product = loops.Product
    set = Set

    @staticmethod
    def float_tensor(*args):
        return torch.empty(*args) if all(isinstance(a, builtins.int) for a in args) else torch.Tensor(*args)


for _name in ("add", "sub", "mul", "truediv", "floordiv", "pow"):
    setattr(Replacements, _name, staticmethod(_reflected(_name)))
for _name in NUMPY:
    setattr(Replacements, "numpy_" + _name, staticmethod(_numpy(_name)))

for _name in MATH:
    setattr(Replacements, "math_" + _name, staticmethod(product if _name == "prod" else _math(_name)))
