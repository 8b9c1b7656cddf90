# SPDX-License-Identifier: Apache-2.0
"""Ties of whole modules: every tensor in one is the tensor of the same name in another."""

MANY = 8  # tensors up to which the ties of a module are said one by one


def with_modules(rows, models):
    """The rows of tied pairs (target, source), with `module.*` in place of the tensors of modules that are tied whole wherever they are tied."""
    tensors = [_tensors(model) for model in models]
    found = {}  # (target module, source module), the outer ones first
    for row, names in zip(rows, tensors):
        for pair in _modules(row, names):
            found.setdefault(pair)
    whole = [pair for pair in found if all(_state(pair, row, names) is not None for row, names in zip(rows, tensors))]
    return [_replaced(row, names, whole) for row, names in zip(rows, tensors)]


def _tensors(model):
    return [name for kind in (model.named_parameters, model.named_buffers) for name, _ in kind(remove_duplicate=False)]


def _modules(row, names):
    """The outermost modules of more than a few tensors that are tied whole in this row."""
    inside = {}  # module -> how many tensors it has
    for name in names:
        for module in _above(name):
            inside[module] = inside.get(module, 0) + 1
    tied = {}  # (target module, source module) -> how many of its tensors are tied to their like there
    for target, source in row:
        for pair in zip(_above(target), _above(source)):
            if target[len(pair[0]):] != source[len(pair[1]):]:
                break
            tied[pair] = tied.get(pair, 0) + 1
    whole = {pair for pair, count in tied.items() if count == inside.get(pair[0], 0) > MANY}
    return sorted(pair for pair in whole if not any((a, b) in whole for a, b in zip(_above(pair[0]), _above(pair[1]))))


def _above(name):
    """The modules around a tensor or a module, the innermost first: a.b.c -> a.b, a."""
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _state(pair, row, names):
    """Whether a module is tied whole in this row; None where it is only in part."""
    target, source = pair
    ours = {(name, source + name[len(target):]) for name in names if name.startswith(f"{target}.")}
    return bool(ours) if ours <= row else False if not ours & row else None


def _replaced(row, names, whole):
    out = set(row)
    for target, source in whole:
        if _state((target, source), out, names):
            out -= {(a, b) for a, b in row if a.startswith(f"{target}.")}
            out.add((f"{target}.*", f"{source}.*"))
    return out
