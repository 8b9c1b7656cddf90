# SPDX-License-Identifier: Apache-2.0
"""Import hook: the traced libraries are compiled with their loops and conversions visible.

Nothing of their meaning changes. `for x in y` becomes `for x in __tare__.loop(y, line)`, and calls of the builtins that would
drop a value's memory (`len`, `int`, `max`, ...) go to versions that keep it.
"""
import ast
import builtins
import copy
import importlib.abc
import importlib.machinery
import itertools
import math
import operator
import os
import sys

import numpy as np
import torch

from . import expr as E
from . import symbols as S
from . import tables
from .trace import Trace

PREFIXES = (
    "transformers.models.", "transformers.configuration_utils", "transformers.modeling_rope_utils", "transformers.modeling_layers",
    "transformers.pytorch_utils", "transformers.backbone_utils", "transformers.integrations.heterogeneity", "transformers.integrations.moe",
    "timm.models.", "timm.layers.",
)  # fmt: skip
REPLACED = {"len", "int", "float", "bool", "max", "min", "sum", "isinstance", "enumerate", "zip", "range", "reversed", "list", "tuple"}
REFLECTED = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Pow: "pow"}
SAME_AS = {"torch_int": "int", "torch_float": "float"}  # what the library calls so, to be able to export its models
NUMPY = {"log", "log2", "sqrt", "ceil", "floor"}  # functions of numpy that math has too


class _Rewrite(ast.NodeTransformer):
    def __init__(self, path):
        self.has_tables = os.path.basename(path).startswith("modeling_")  # timm's files have one for every architecture

    def _ours(self, name):
        return ast.Attribute(ast.Name("__tare__", ast.Load()), name, ast.Load())

    def _loop(self, node):
        line = ast.Constant(f"{node.lineno}:{node.col_offset}")
        return ast.copy_location(ast.Call(self._ours("loop"), [node, line], []), node)

    def visit_For(self, node):
        self.generic_visit(node)
        node.iter = self._loop(node.iter)
        return node

    def visit_ListComp(self, node):
        self.generic_visit(node)
        if len(node.generators) == 2 and not any(g.ifs for g in node.generators):
            return ast.copy_location(ast.Call(self._ours("listed_twice"), [node, *(g.iter.args[1] for g in node.generators)], []), node)
        if len(node.generators) > 1 or node.generators[0].ifs:
            return node
        return ast.copy_location(ast.Call(self._ours("listed"), [node, node.generators[0].iter.args[1]], []), node)

    def visit_Assign(self, node):
        self.generic_visit(node)
        if self.has_tables and tables.is_table(node.value):
            node.value = ast.copy_location(ast.Call(self._ours("table"), [node.value], []), node.value)
        return node

    def visit_Compare(self, node):
        """`x is True` is a question too."""
        self.generic_visit(node)
        if len(node.ops) > 1 or not isinstance(node.ops[0], (ast.Is, ast.IsNot)) or not isinstance(node.comparators[0], ast.Constant) \
                or not isinstance(node.comparators[0].value, bool):
            return node
        same = ast.copy_location(ast.Call(self._ours("is_bool"), [node.left, node.comparators[0]], []), node)
        return same if isinstance(node.ops[0], ast.Is) else ast.copy_location(ast.UnaryOp(ast.Not(), same), node)

    def visit_BinOp(self, node):
        """A plain float on the left would not ask a whole number on the right whether that remembers anything."""
        self.generic_visit(node)
        if type(node.op) not in REFLECTED or isinstance(node.right, ast.Constant) or isinstance(node.left, ast.Constant) and not isinstance(node.left.value, float):
            return node
        return ast.copy_location(ast.Call(self._ours(REFLECTED[type(node.op)]), [node.left, node.right], []), node)

    def visit_JoinedStr(self, node):
        self.generic_visit(node)
        if any(isinstance(v, ast.FormattedValue) and (v.conversion != -1 or v.format_spec is not None) for v in node.values):
            return node
        return ast.copy_location(ast.Call(self._ours("joined"), [v.value if isinstance(v, ast.FormattedValue) else v for v in node.values], []), node)

    def visit_comprehension(self, node):
        self.generic_visit(node)
        if not node.is_async:
            node.iter = self._loop(node.iter)
        return node

    inside_int = 0

    def visit_Call(self, node):
        to_int = isinstance(node.func, ast.Name) and node.func.id == "int"
        self.inside_int += to_int
        self.generic_visit(node)
        self.inside_int -= to_int
        f = node.func
        for keyword in node.keywords:
            if keyword.arg is None:
                keyword.value = ast.copy_location(ast.Call(self._ours("unpacked"), [keyword.value], []), keyword.value)
        if isinstance(f, ast.Name) and f.id in REPLACED | SAME_AS.keys():
            node.func = ast.copy_location(self._ours(SAME_AS.get(f.id, f.id)), f)
        elif isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id == "math" and hasattr(math, f.attr):
            node.func = ast.copy_location(self._ours("math_" + f.attr), f)
        elif isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id == "torch" and f.attr in ("FloatTensor", "Tensor"):
            node.func = ast.copy_location(self._ours("float_tensor"), f)  # old constructors that torch does not let us see
        elif isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and (f.value.id, f.attr) == ("copy", "deepcopy"):
            node.func = ast.copy_location(self._ours("deepcopy"), f)
        elif isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and (f.value.id, f.attr) == ("itertools", "product") and not node.keywords:
            node.func = ast.copy_location(self._ours("product"), f)
        elif isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id == "np" and f.attr == "prod" and len(node.args) == 1 and not node.keywords:
            node.func = ast.copy_location(self._ours("math_prod"), f)
        elif isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id == "np" and f.attr in NUMPY and self.inside_int \
                and len(node.args) == 1 and not node.keywords:  # elsewhere it matters that the result is a double of numpy
            node.func = ast.copy_location(self._ours("numpy_" + f.attr), f)
        return node


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):  # never the cached bytecode
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)

    def source_to_code(self, data, path, *, _optimize=-1):
        tree = ast.fix_missing_locations(_Rewrite(path).visit(ast.parse(data)))
        return compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)

    def exec_module(self, module):
        module.__dict__["__tare__"] = Replacements
        super().exec_module(module)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path, target=None):
        if not fullname.startswith(PREFIXES):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            return None
        spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def install():
    if not any(isinstance(f, _Finder) for f in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class Range:
    """range() over values that remember."""

    def __init__(self, *bounds):
        bounds = [S.sym_int(b) if isinstance(b, S.Sym) else b for b in bounds]
        self.start, self.stop, self.step = (0, bounds[0], 1) if len(bounds) == 1 else (bounds[0], bounds[1], bounds[2] if len(bounds) > 2 else 1)
        self.plain = builtins.range(*(S.plain(b) for b in (self.start, self.stop, self.step)))

    def count(self):
        span = E.op("-", S.expr_of(self.stop), S.expr_of(self.start))
        step = S.plain(self.step)
        if step == 1:
            return span
        if step == -1:
            return E.op("-", S.expr_of(self.start), S.expr_of(self.stop))
        return ("call", "len", ("call", "range", *(S.expr_of(b) for b in (self.start, self.stop, self.step))))

    def at(self, k, leaf):
        return S.SymInt(self.plain[k], self.rule(leaf))

    def rule(self, place):
        """The number at a place, both as expressions."""
        return E.op("+", S.expr_of(self.start), E.op("*", place, S.expr_of(self.step)))

    def __len__(self):
        return len(self.plain)

    def __iter__(self):
        return iter(self.plain)

    def __getitem__(self, k):
        return self.plain[k]

    def __contains__(self, x):
        return S.plain(x) in self.plain

    def __reversed__(self):
        return Reversed(self)


class _View:
    """enumerate, zip and reversed that a loop can look through."""

    def __iter__(self):
        return self.walk(None)


class Enumerate(_View):
    def __init__(self, inner, start=0):
        self.inner, self.start = inner, start

    def walk(self, leaf_of):
        for k, value in builtins.enumerate(values(self.inner, leaf_of)):
            index = k + S.plain(self.start)
            yield (S.SymInt(index, E.op("+", leaf_of(k), S.expr_of(self.start))) if leaf_of else index), value

    def count(self):
        return count(self.inner)


class Zip(_View):
    def __init__(self, *inner, strict=False):
        self.inner, self.strict = inner, strict

    def walk(self, leaf_of):
        return builtins.zip(*(values(x, leaf_of) for x in self.inner), strict=bool(self.strict))

    def count(self):
        known = {E.text(c): c for c in map(count, self.inner) if c is not None}
        return next(iter(known.values()), None) if len(known) < 2 else ("call", "min", *known.values())


class Reversed(_View):
    def __init__(self, inner):
        self.inner = inner if isinstance(inner, (S.SymList, Range)) else list(inner)

    def walk(self, leaf_of):
        n = len(self.inner)
        total = count(self.inner)
        for k in builtins.range(n):
            if leaf_of is None or total is None:
                yield self.inner[n - 1 - k]
            else:
                place = E.op("-", E.op("-", total, E.const(1)), leaf_of(k))
                yield self.inner.at(n - 1 - k, place) if isinstance(self.inner, Range) else self.inner[S.SymInt(n - 1 - k, place)]

    def count(self):
        return count(self.inner)


class Product(_View):
    """itertools.product(): the items are plain, but it is known how many there are."""

    def __init__(self, *inner):
        self.inner = [x if isinstance(x, (Range, S.SymList)) else list(x) for x in inner]

    def walk(self, leaf_of):
        return itertools.product(*self.inner)

    def count(self):
        total = E.const(1)
        for x in self.inner:
            total = E.op("*", total, count(x) or E.const(len(x)))
        return total


def values(iterable, leaf_of):
    """The items of an iterable; with leaf_of(k), items know that they stand at iteration k."""
    if isinstance(iterable, _View):
        return iterable.walk(leaf_of)
    if leaf_of is not None and isinstance(iterable, Range):
        return (iterable.at(k, leaf_of(k)) for k in builtins.range(len(iterable)))
    if leaf_of is not None and isinstance(iterable, S.SymList) and iterable.whole() is not None:
        return (iterable[S.SymInt(k, leaf_of(k))] for k in builtins.range(list.__len__(iterable)))
    return iter(iterable)


def count(iterable):
    """An expression for the number of items, or None."""
    if isinstance(iterable, (Range, _View)):
        return iterable.count()
    if isinstance(iterable, S.SymList) and iterable.length is not None:
        return iterable.length
    if isinstance(iterable, S.SymList) and iterable.whole():
        return ("call", "len", iterable.whole())
    return None


def loop(iterable, line):
    """What `for` runs over: notes the loop with the current trace while it lasts."""
    trace = S.Log.current
    if trace is None:
        yield from values(iterable, None)
        return
    frame = sys._getframe(1)
    run = trace.enter_loop(f"{frame.f_code.co_filename}:{line}", count(iterable))
    leaf_of = None if trace.is_table(run) else lambda k: ("loop", run.uid, k)
    try:
        for k, value in builtins.enumerate(values(iterable, leaf_of)):
            run.k = k
            run.times = k + 1
            yield S.plain(value) if leaf_of is not None and trace.is_table(run) else value
        run.complete = True
    finally:
        trace.leave_loop(run)
        trace.note_rounds(run)


def listed(values, line):
    """A list that a comprehension has made: it remembers its rule where all its items have one."""
    trace = S.Log.current
    if trace is None or not any(isinstance(v, S.Sym) for v in values):
        return values
    site = f"{sys._getframe(1).f_code.co_filename}:{line}"
    run = next((run for run in reversed(trace.runs.values()) if run.site == site), None)
    if run is None or run.count is None or not run.complete or run.times != len(values):
        return values
    bodies = [S.expr_of(v) for v in values]
    name = next(n for n in "xyzuvw" if not any(e[0] == "each" and e[1] == n for body in bodies for e in E.walk(body)))
    bodies = [E.substitute(body, lambda e: ("var", name) if e[:2] == ("loop", run.uid) and e[2] == k else None) for k, body in builtins.enumerate(bodies)]
    rules = {E.text(body) for body in bodies}
    if len(rules) > 1 or len(values) == 1 and bodies[0][0] == "const":
        return values
    return S.SymList(values, ("each", name, bodies[0], run.count))


def _reflected(name):
    forward, backward = getattr(operator, name), f"__r{name}__"

    def method(a, b):
        return getattr(b, backward)(a) if type(a) is float and isinstance(b, (S.SymInt, S.SymFloat)) else forward(a, b)

    return method


def listed_twice(values, outer_line, inner_line):
    """A list made by two comprehension loops, one in the other: it remembers how long it is."""
    trace = S.Log.current
    if trace is None:
        return values
    file = sys._getframe(1).f_code.co_filename
    outer = next((run for run in reversed(trace.runs.values()) if run.site == f"{file}:{outer_line}"), None)
    rounds = [run for run in trace.runs.values() if outer is not None and run.site == f"{file}:{inner_line}" and run.outer[-1:] and run.outer[-1][0] == outer.uid]
    if outer is None or outer.count is None or not outer.complete or len(rounds) != outer.times or any(run.count is None or not run.complete for run in rounds):
        return values
    index = ("var", next(n for n in "xyzuvw" if not any(e[0] == "each" and e[1] == n for run in rounds for e in E.walk(run.count))))
    lengths = [E.substitute(run.count, lambda e: index if e == ("loop", outer.uid, k) else None) for k, run in builtins.enumerate(rounds)]
    if len({E.text(length) for length in lengths}) != 1 or lengths[0][0] == "const":
        return values
    result, count = S.SymList(values), outer.count
    if count[:2] == ("call", "len") and count[2][0] == "each":
        count = count[2][3]
    each = ("each", index[1], lengths[0], count)
    result.length = ("call", "sum", each) if index in E.walk(lengths[0]) else E.op("*", count, lengths[0])
    return result


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


def is_bool(value, wanted):
    """value is True, or False."""
    if not isinstance(value, S.Sym):
        return value is wanted
    if not S.ask(("call", "is_bool", value.expr), isinstance(value, S.SymBool)):
        return False
    return S.ask(value.expr, S.plain(value)) is wanted


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
    """math.prod(); of all items of a list of the config, in whatever order, it is the product of that list."""
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
        if isinstance(x, Reversed) and isinstance(x.inner, S.SymList) and x.inner.whole():
            return x.inner[::-1]
        if isinstance(x, Product):
            result = S.SymList(x)
            result.length = x.count()
            return result
        if isinstance(x, Range) and any(isinstance(bound, S.Sym) for bound in (x.start, x.stop, x.step)):
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


class Replacements:
    """What `__tare__` means inside the traced modules."""

    loop = staticmethod(loop)
    is_bool = staticmethod(is_bool)
    listed = staticmethod(listed)
    listed_twice = staticmethod(listed_twice)
    list = staticmethod(sequence(builtins.list))
    tuple = staticmethod(sequence(builtins.tuple))
    joined = staticmethod(joined)
    table = staticmethod(tables.table)
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
    enumerate = Enumerate
    zip = Zip
    range = Range
    reversed = Reversed
    product = Product

    @staticmethod
    def float_tensor(*args):
        return torch.empty(*args) if all(isinstance(a, builtins.int) for a in args) else torch.Tensor(*args)


for _name in REFLECTED.values():
    setattr(Replacements, _name, staticmethod(_reflected(_name)))
for _name in NUMPY:
    setattr(Replacements, "numpy_" + _name, staticmethod(_numpy(_name)))

for _name in dir(math):
    if callable(getattr(math, _name)):
        setattr(Replacements, "math_" + _name, staticmethod(product if _name == "prod" else _math(_name)))
