# SPDX-License-Identifier: Apache-2.0
"""Import hook: the traced libraries are compiled with their loops and conversions visible.

Nothing of their meaning changes. `for x in y` becomes `for x in __tare__.loop(y, line)`, and calls of the builtins that would
drop a value's memory (`len`, `int`, `max`, ...) go to versions that keep it.
"""
import ast
import importlib.abc
import importlib.machinery
import os
import re
import sys
import types

from . import tables
from .replacements import MATH, NUMPY, Replacements

PREFIXES = (
    "transformers.models.", "transformers.configuration_utils", "transformers.modeling_rope_utils", "transformers.modeling_layers",
    "transformers.pytorch_utils", "transformers.backbone_utils", "transformers.integrations.heterogeneity", "transformers.integrations.moe",
    "timm.models.", "timm.layers.",
)  # fmt: skip
REPLACED = {"len", "int", "float", "bool", "max", "min", "sum", "isinstance", "enumerate", "zip", "range", "reversed", "list", "tuple", "set", "sorted"}
REFLECTED = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Pow: "pow"}
NAMES = {**{name: name for name in REPLACED}, "torch_int": "int", "torch_float": "float",  # these two are the library's own, to be able to export its models
         "hasattr": "has_attribute"}  # fmt: skip
FUNCTIONS = {
    ("copy", "deepcopy"): "deepcopy", ("itertools", "product"): "product", ("np", "prod"): "math_prod",
    ("torch", "FloatTensor"): "float_tensor", ("torch", "Tensor"): "float_tensor",  # old constructors that torch does not let us see
    **{("math", name): f"math_{name}" for name in MATH}, **{("np", name): f"numpy_{name}" for name in NUMPY},
}  # fmt: skip


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

    def visit_If(self, node):
        """`if x < y: x += z`: in both cases what x is follows from one rule. `if x & (x - 1) == 0` asks for powers of two."""
        self.generic_visit(node)
        if _is_power_of_two(node.test):
            node.test = ast.copy_location(ast.Call(self._ours("is_power_of_two"), [node.test.left.left], []), node.test)
        if node.orelse or not _is_raise(node):
            return node
        test, step = node.test, node.body[0]
        here = ast.Name(step.target.id, ast.Load())
        value = ast.Call(self._ours("raised"), [here, test.comparators[0], step.value], [])
        return ast.copy_location(ast.Assign([step.target], value), node)

    def visit_SetComp(self, node):
        """`{x for x in y if x}`: the different items of a list, without those that are nothing."""
        if len(node.generators) == 1 and not node.generators[0].is_async:
            made = node.generators[0]
            if all(isinstance(e, ast.Name) and e.id == getattr(made.target, "id", None) for e in (node.elt, *made.ifs)) and len(made.ifs) == 1:
                return ast.copy_location(ast.Call(self._ours("different"), [self.visit(made.iter)], []), node)
        self.generic_visit(node)
        return node

    def visit_Assign(self, node):
        self.generic_visit(node)
        if self.has_tables and tables.is_table(node.value):
            node.value = ast.copy_location(ast.Call(self._ours("table"), [node.value], []), node.value)
        elif len(node.targets) == 1 and _stands_in(node.targets[0], node.value):
            arguments = [node.value, ast.Constant(node.targets[0].attr), node.value.orelse]
            node.value = ast.copy_location(ast.Call(self._ours("or_usual"), arguments, []), node.value)
        elif _is_for_each_side(node.value):
            sides = ast.Constant(len(node.value.orelse.elts))
            node.value = ast.copy_location(ast.Call(self._ours("for_each_side"), [node.value.body, sides], []), node.value)
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

    def visit_Subscript(self, node):
        """`TABLE[word]`, of a table that the module has written out: which class is taken is a question for each word."""
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load) or not isinstance(node.value, ast.Name) or not node.value.id.isupper() or isinstance(node.slice, (ast.Constant, ast.Slice, ast.Tuple)):
            return node
        return ast.copy_location(ast.Call(self._ours("looked_up"), [node.value, node.slice], []), node)

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
        for keyword in node.keywords:
            if keyword.arg is None:
                keyword.value = ast.copy_location(ast.Call(self._ours("unpacked"), [keyword.value], []), keyword.value)
        ours = self._replacement(node)
        if ours is not None:
            node.func = ast.copy_location(self._ours(ours), node.func)
        return node

    def _replacement(self, call):
        """What stands in the place of the called function, or None."""
        f = call.func
        if isinstance(f, ast.Name):
            return NAMES.get(f.id)
        if not isinstance(f, ast.Attribute) or not isinstance(f.value, ast.Name):
            return None
        if f.value.id in ("np", "itertools") and call.keywords or f.value.id == "np" and len(call.args) != 1:
            return None
        if f.value.id == "np" and f.attr in NUMPY and not self.inside_int:  # it matters that the result is a double of numpy
            return None
        return FUNCTIONS.get((f.value.id, f.attr))


def _is_for_each_side(value):
    """Whether it is `x if isinstance(x, Iterable) else (x, x)`; the call of isinstance has been replaced by then."""
    if not isinstance(value, ast.IfExp) or not isinstance(value.test, ast.Call) or not isinstance(value.orelse, ast.Tuple) or len(value.test.args) != 2:
        return False
    x = ast.unparse(value.body)
    return ast.unparse(value.test.func) == "__tare__.isinstance" and ast.unparse(value.test.args[0]) == x and {ast.unparse(side) for side in value.orelse.elts} == {x} \
        and bool({"Iterable", "list"} & set(re.findall(r"\w+", ast.unparse(value.test.args[1]))))


def _is_power_of_two(test):
    """Whether it is `(x & (x - 1)) == 0`."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq) or ast.unparse(test.comparators[0]) != "0":
        return False
    left = test.left
    return isinstance(left, ast.BinOp) and isinstance(left.op, ast.BitAnd) and ast.unparse(left.right) == f"{ast.unparse(left.left)} - 1"


def _is_raise(node):
    """Whether it is `if x < y: x += z`."""
    test, step = node.test, node.body[0]
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Lt) and len(node.body) == 1 \
        and isinstance(step, ast.AugAssign) and isinstance(step.op, ast.Add) and isinstance(step.target, ast.Name) and step.target.id == test.left.id


def _stands_in(target, value):
    """Whether it is `self.x = self.x if self.x is not None else [1, 2]`: a list stands in for a setting that is null."""
    return isinstance(target, ast.Attribute) and isinstance(value, ast.IfExp) and isinstance(value.orelse, ast.List) \
        and all(isinstance(x, ast.Constant) for x in value.orelse.elts) and ast.unparse(value.test) == f"{ast.unparse(target)} is not None" \
        and ast.unparse(value.body) == ast.unparse(target)


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
    """From now on; raises ImportError where it is too late for some module. Packages of transformers, which load lazily, have no code of their own."""
    late = sorted(name for name, module in sys.modules.items() if name.startswith(PREFIXES) and type(module) is types.ModuleType and "__tare__" not in vars(module))
    if late:
        raise ImportError(f"imported before it could be instrumented: {', '.join(late)}")
    if not any(isinstance(f, _Finder) for f in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
