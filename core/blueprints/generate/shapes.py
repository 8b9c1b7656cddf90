# SPDX-License-Identifier: Apache-2.0
"""Shapes that remember: every torch call runs on plain values, and its result learns where each dimension came from.

Exact rules exist for the calls whose sizes are arguments (empty, zeros, arange, view, ...). For all others a dimension of the
result is recognised among the dimensions and integers that went in, their sums and their products; the inducer later keeps
only what holds in every trace.
"""
import functools
import itertools

import torch
from torch.utils._device import DeviceContext, _device_constructors

from . import expr as E
from . import symbols as S

FILLS = {torch.Tensor.normal_, torch.Tensor.uniform_, torch.Tensor.zero_, torch.Tensor.fill_}  # what they write is never looked at
ELEMENTWISE = {"add", "sub", "mul", "div"}
FACTORIES = {torch.empty, torch.zeros, torch.ones, torch.rand, torch.randn}


def plain_shape(tensor):
    with torch._C.DisableTorchFunction():
        return tuple(tensor.shape)


def symbolic_shape(tensor):
    """One expression per dimension; a literal where nothing is known."""
    known = getattr(tensor, "_tare_shape", None)
    shape = plain_shape(tensor)
    if known is None or len(known) != len(shape):
        return tuple(E.const(int(d)) for d in shape)
    return known


def _remember(result, exprs):
    if isinstance(result, torch.Tensor):
        result._tare_shape = tuple(exprs)
    return result


def _tensors(x):
    if isinstance(x, torch.Tensor):
        yield x
    elif isinstance(x, (list, tuple)):
        for y in x:
            yield from _tensors(y)
    elif isinstance(x, dict):
        for y in x.values():
            yield from _tensors(y)


def _integers(x):
    if isinstance(x, S.SymInt):
        yield x
    elif isinstance(x, S.SymList):
        for y in x:
            yield from _integers(y)
        yield S.sym_len(x)
    elif isinstance(x, (list, tuple)):
        for y in x:
            yield from _integers(y)


def _unwrap(x):
    kind = type(x)
    if kind is list or kind is tuple:
        return kind([_unwrap(y) for y in x])
    if kind is slice:
        return slice(_unwrap(x.start), _unwrap(x.stop), _unwrap(x.step))
    if kind is dict:
        return {k: _unwrap(v) for k, v in x.items()}
    return x.plain() if issubclass(kind, S.Sym) else x  # the type alone: a tensor takes long to say what it is


def _sizes(args):
    """The sizes in f(2, 3) or f((2, 3)); one that is a tensor of a single number is that number."""
    if len(args) == 1 and isinstance(args[0], (list, tuple)):
        return [int(a) if isinstance(a, torch.Tensor) else a for a in args[0]]
    return [a for a in args if isinstance(a, int)]


def _arange(args, kwargs):
    bounds = list(args) + [kwargs[k] for k in ("start", "end", "step") if k in kwargs]
    start, end, step = (0, bounds[0], 1) if len(bounds) == 1 else (bounds[0], bounds[1], bounds[2] if len(bounds) > 2 else 1)
    span = E.op("-", S.expr_of(end), S.expr_of(start))
    if S.plain(step) == 1:
        return span if not isinstance(S.plain(end), float) else ("call", "ceil", span)
    if isinstance(S.plain(step), int) and S.plain(step) > 1 and isinstance(S.plain(end), int):
        return E.op("//", E.op("+", span, E.const(S.plain(step) - 1)), S.expr_of(step))
    return ("call", "ceil", E.op("/", span, S.expr_of(step)))


def _sliced(tensor, index):
    """The sizes of tensor[index] for integers, slices, None and an ellipsis; None for other indices."""
    index = list(index) if isinstance(index, tuple) else [index]
    if not all(x is None or x is Ellipsis or isinstance(x, (int, slice)) and not isinstance(x, bool) for x in index):
        return None
    dims = list(zip(plain_shape(tensor), symbolic_shape(tensor)))
    used = sum(isinstance(x, (int, slice)) for x in index)
    if Ellipsis in index:
        place = index.index(Ellipsis)
        index[place : place + 1] = [slice(None)] * (len(dims) - used)
    out = []
    for x in index + [slice(None)] * (len(dims) - sum(isinstance(x, (int, slice)) for x in index)):
        if x is None:
            out.append(E.const(1))
            continue
        size, expression = dims.pop(0)
        if isinstance(x, slice):
            out.append(_slice_size(size, expression, x))
    return out


def _slice_size(size, expression, x):
    start, stop, step = x.start, x.stop, S.plain(x.step) or 1
    actual = len(range(*slice(*(S.plain(b) for b in (start, stop, step))).indices(size)))
    if stop is not None and S.plain(stop) < 0:
        span = E.op("-", E.op("+", expression, S.expr_of(stop)), S.expr_of(start or 0))
    elif stop is not None and S.plain(stop) <= size and S.plain(start or 0) >= 0:
        span = E.op("-", S.expr_of(stop), S.expr_of(start or 0))
    else:
        span = ("neg", S.expr_of(start)) if start is not None and S.plain(start) < 0 else E.op("-", expression, S.expr_of(start or 0))
    span = span if step == 1 else E.op("//", E.op("+", span, E.const(step - 1)), E.const(step))
    return span if actual > 0 else E.const(0)


def _explicit(function, args, kwargs):
    """The sizes of calls that are told them, None for one that is left to torch; or None."""
    if function in FACTORIES:
        sizes = _sizes(args) if args else list(kwargs.get("size", ()))
        return [S.expr_of(s) for s in sizes]
    if function is torch.full:
        return [S.expr_of(s) for s in _sizes(args[:1])]
    if function is torch.arange:
        return [_arange(args, kwargs)]
    if function is torch.eye:
        return [S.expr_of(args[0]), S.expr_of(args[1] if len(args) > 1 and isinstance(args[1], int) else args[0])]
    if function in (torch.linspace, torch.logspace) and (len(args) > 2 or "steps" in kwargs):
        return [S.expr_of(args[2] if len(args) > 2 else kwargs["steps"])]
    if function is torch.tensor or function is torch.as_tensor:
        sizes, level = [], args[0]
        while isinstance(level, (list, tuple)):
            sizes.append(S.expr_of(S.sym_len(level)))
            level = level[0] if len(level) else None
        return sizes
    if function is torch.Tensor.__getitem__:
        return _sliced(args[0], args[1])
    name = getattr(function, "__name__", "")
    if name == "unsqueeze" and isinstance(args[0], torch.Tensor):
        sizes = list(symbolic_shape(args[0]))
        place = S.plain(args[1] if len(args) > 1 else kwargs["dim"])
        sizes.insert(place if place >= 0 else len(sizes) + 1 + place, E.const(1))
        return sizes
    if name in ("view", "reshape", "expand", "new_zeros", "new_empty", "new_ones") and args and isinstance(args[0], torch.Tensor):
        return [S.expr_of(s) if S.plain(s) != -1 else None for s in _sizes(args[1:])] or None
    if name == "permute" and isinstance(args[0], torch.Tensor):
        sizes = symbolic_shape(args[0])
        return [sizes[S.plain(place)] for place in _sizes(args[1:] or (kwargs["dims"],))]
    if name in ("transpose", "swapaxes", "swapdims") and isinstance(args[0], torch.Tensor) and len(args) == 3:
        sizes, (one, other) = list(symbolic_shape(args[0])), map(S.plain, args[1:])
        sizes[one], sizes[other] = sizes[other], sizes[one]
        return sizes
    return None


class Stretched(Exception):
    """A size that is 1 by chance meets another, and is stretched to it: what follows is no rule."""


def _ask_alike(tensors):
    """Asks whether the sizes that meet where tensors are added or multiplied are the same; raises Stretched where torch would make them so."""
    for meeting in itertools.zip_longest(*(reversed(list(zip(plain_shape(t), symbolic_shape(t)))) for t in tensors), fillvalue=(1, E.const(1))):
        sizes = [(size, expression) for size, expression in meeting if expression[0] != "const"]
        for size, expression in sizes[1:]:
            if expression != sizes[0][1] and not S.ask(("cmp", "==", sizes[0][1], expression), size == sizes[0][0]):
                raise Stretched(f"{E.text(sizes[0][1])} and {E.text(expression)}")


def _recognise(value, pool):
    if value <= 1:
        return E.const(value)
    for known, expression in pool:
        if known == value:
            return expression
    return None


def _pool(args, kwargs):
    """(value, expression) of everything a dimension of the result may come from, the plainest first."""
    single = []
    for tensor in _tensors([args, kwargs]):
        single += [(d, e) for d, e in zip(plain_shape(tensor), symbolic_shape(tensor)) if e[0] != "const"]
    for number in _integers([list(args), list(kwargs.values())]):
        single.append((S.plain(number), number.expr))
    pairs = [(a * b, E.op("*", x, y)) for (a, x), (b, y) in itertools.combinations(single[:8], 2)]
    pairs += [(a + b, E.op("+", x, y)) for (a, x), (b, y) in itertools.combinations(single[:8], 2)]
    pairs += [(a * n, E.op("*", x, E.const(n))) for a, x in single[:8] for n in (2, 3, 4)]
    pairs += [(a + n, E.op("+", x, E.const(n))) for a, x in single[:8] for n in (1, 2, -1)]
    pairs += [(a // n, E.op("//", x, E.const(n))) for a, x in single[:8] for n in (2, 3, 4) if a % n == 0]
    return single + pairs


@functools.cache
def _is_shape_getter(function):
    return getattr(function, "__self__", None) is torch.Tensor.shape


@functools.cache
def _is_about(function):
    """Whether an attribute of tensors is no tensor itself, and is asked for often."""
    return getattr(function, "__self__", None) in (torch.Tensor.grad_fn, torch.Tensor.requires_grad, torch.Tensor.device, torch.Tensor.dtype, torch.Tensor.is_meta)


_MAKE_TENSORS = _device_constructors()


class Shapes(DeviceContext):
    """While it is active, tensors carry symbolic shapes, answer `.shape` with values that remember, and have no memory of their own."""

    def __init__(self):
        super().__init__("meta")

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if getattr(function, "__name__", "") == "__get__":
            return _shape(args[0]) if _is_shape_getter(function) else function(*args) if _is_about(function) else self._remembering(function, args, {})
        kwargs = dict(kwargs or {})
        if function in _MAKE_TENSORS and kwargs.get("device") is None:
            kwargs["device"] = self.device
        return self._remembering(function, args, kwargs)

    def _remembering(self, function, args, kwargs):
        if function is torch.Tensor.size:
            shape = _shape(args[0])
            return shape if len(args) == 1 and not kwargs else shape[S.plain(args[1] if len(args) > 1 else kwargs["dim"])]
        if function in FILLS and args[0].is_meta:
            return args[0]
        result = function(*_unwrap(tuple(args)), **_unwrap(kwargs))
        if not isinstance(result, (torch.Tensor, list, tuple)):
            return result
        explicit = _explicit(function, args, kwargs)
        if getattr(function, "__name__", "") in ELEMENTWISE:
            _ask_alike(list(_tensors([args, kwargs])))
        outputs = list(_tensors(result))
        if not outputs:
            return result
        pool = None
        for out in outputs:
            shape = plain_shape(out)
            told = explicit if explicit is not None and len(explicit) == len(shape) else [None] * len(shape)
            if None not in told:
                _remember(out, told)
                continue
            inputs = [t for t in _tensors([args, kwargs]) if plain_shape(t) == shape]
            if inputs:
                _remember(out, symbolic_shape(inputs[0]))
                continue
            pool = pool if pool is not None else _pool(args, kwargs)
            _remember(out, [e or _recognise(d, pool) or E.const(int(d)) for d, e in zip(shape, told)])
        return result


Shapes.ASKER = Shapes._remembering.__code__  # who asks whether sizes are alike


def _shape(tensor):
    shape, exprs = plain_shape(tensor), symbolic_shape(tensor)
    return Size(S.wrap(d, e) if e[0] != "const" else d for d, e in zip(shape, exprs))


class Size(tuple):
    """A torch.Size whose items remember."""

    def numel(self):
        total = 1
        for d in self:
            total = total * d
        return total

    def __getitem__(self, index):
        item = tuple.__getitem__(self, index)
        return Size(item) if isinstance(index, slice) else item


def _keep_on_new(cls):
    original = cls.__new__

    def new(kind, data=None, *args, **kwargs):
        known = getattr(data, "_tare_shape", None)
        result = original(kind, data, *(_unwrap(a) for a in args), **_unwrap(kwargs))
        if known is not None:
            result._tare_shape = known
        return result

    cls.__new__ = staticmethod(new)


def install():
    """Parameters and buffers keep the shape of the tensor they are made of, and torch's layers put no values into them."""
    for layer in vars(torch.nn).values():
        if isinstance(layer, type) and "reset_parameters" in vars(layer):
            layer.reset_parameters = lambda self: None
    _keep_on_new(torch.nn.Parameter)
    _keep_on_new(torch.nn.Buffer)
