# SPDX-License-Identifier: Apache-2.0
"""Whole models within the one that is described, which have blueprints of their own, and what may be done to them so that those still tell."""
import types
import typing

from torch import nn


class Replacement(dict):
    """{class: the node of what stands in the place of modules of that class}; None: it is not known what does, for there was none.

    Two are alike if they do not contradict each other.
    """

    def __eq__(self, other):
        return isinstance(other, Replacement) and self.keys() == other.keys() and all(None in (self[k], other[k]) or self[k] == other[k] for k in self)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(tuple(sorted(self)))


class Reference(typing.NamedTuple):
    """A whole model in some place."""

    cls: str
    config: str  # the path of its config; "" is the root's
    child: str | None = None  # what stands there is the child of this name, where the model has one
    replace: Replacement | None = None

    def node(self):
        """For the blueprint."""
        said = {"model": self.cls, "config": self.config, "child": self.child, "replace": self.replace and dict(self.replace)}
        return {key: value for key, value in said.items() if value}


def said(node):
    """The Reference that a blueprint's node is."""
    return Reference(node["model"], node.get("config", ""), node.get("child"), replacement_of(node))


def replacement_of(node):
    return Replacement(node["replace"]) if "replace" in node else None


def together(replacements):
    """What several traces saw, of which none contradicts another; None if nothing is replaced."""
    out = None
    for found in replacements:
        if found is not None:
            out = Replacement({key: node or (out or {}).get(key) for key, node in found.items()})
    return out


class WholeModels:
    """What constructors do to the finished models within the one that is traced, and ask about what is in them."""

    def __init__(self, known):
        """known(id): the module that had this id, or None."""
        self.known = known
        self.made = {}  # id(model) -> its inventory at the end of its constructor
        self.looked_for = []  # (module, name of a child) that was found with hasattr()
        self.lacking = set()  # ids of modules in which something was looked for that is not there
        self.classes_asked = {}  # id(module) -> [(class, whether it is one)]

    def note_made(self, model, is_root=False):
        self.made[id(model)] = made = inventory(model)
        if is_root:
            return
        inner = {key for key, *_ in made.values()}  # what its own constructors asked about these is in its own blueprint
        self.lacking -= inner
        self.classes_asked = {key: asked for key, asked in self.classes_asked.items() if key not in inner}
        self.looked_for = [(module, name) for module, name in self.looked_for if id(module) not in inner]

    def note_looked_for(self, module, name):
        """A constructor asks whether a module has something: a child, perhaps, to take that out."""
        if name in module._modules:
            self.looked_for.append((module, name))
        elif not hasattr(module, name):
            self.lacking.add(id(module))

    def note_isinstance(self, x, kinds):
        """A constructor asks isinstance() of what may be a module."""
        if isinstance(x, nn.Module):
            self.classes_asked.setdefault(id(x), []).extend((cls, isinstance(x, cls)) for cls in _classes_asked_for(kinds))

    def is_as_made(self, module):
        """Whether a whole model is still what its constructor made: nothing was put into it or taken out of it afterwards."""
        return self.made.get(id(module)) == inventory(module)

    def origin_of(self, module):
        """(the model, the name of the child) that a module was taken out of; itself and None where it was not."""
        return next(((model, name) for model, name in self.looked_for if model._modules.get(name) is module), (module, None))

    def now(self, model, reference, child):
        """The Reference of a model as it is now; None if it has to be described."""
        if id(model) not in self.made:
            return None
        replace = self.replacement_in(model)
        return reference._replace(child=child, replace=replace) if replace is not None or self.is_as_made(model) else None

    def is_told_apart(self, module, reference):
        """Whether another type of model might be treated otherwise in this place, which its reference does not tell."""
        if reference.child is not None:
            return False
        inner = {id(part) for part in module.modules()}
        asked = reference.replace is None and inner & self.classes_asked.keys()
        return bool(asked or inner & self.lacking or any(model is module for model, _ in self.looked_for))

    def replacement_in(self, model):
        """What was put in the place of modules of some classes that were looked for in a model, where that was done with all of them, and they
        go by the width of those before. None if nothing was looked for, something else was done, or some remain."""
        made = self.made.get(id(model), {})
        asked = {name: self.classes_asked[key] for name, (key, *_) in made.items() if key in self.classes_asked}
        kinds = list(dict.fromkeys(kind for answers in asked.values() for kind, _ in answers))
        found = {name: next(kind for kind, is_one in answers if is_one) for name, answers in asked.items() if any(is_one for _, is_one in answers)}
        if not kinds:
            return None
        now = inventory(model)
        new = {name for name in now if name not in made or now[name][0] != made[name][0]}
        replaced = {name for name in new if name.rpartition(".")[0] not in new}
        if found.keys() != replaced or _without(made, replaced) != _without(now, replaced):
            return None
        nodes = {}
        for name in sorted(replaced):
            node = _node(self.known(made[name][0]), model.get_submodule(name))
            if node is None or nodes.setdefault(found[name], node) != node:
                return None
        out = Replacement()
        for kind in kinds:  # of these the first that a module is of
            for cls in (kind, *sorted(_subclasses(kind), key=lambda cls: cls.__name__)):
                out.setdefault(cls.__name__, nodes.get(kind))
        return out


def inventory(module):
    """What modules and tensors are in a module, by name and identity."""
    return {name: (id(inner), [(k, id(v)) for k, v in inner._parameters.items()], [(k, id(v)) for k, v in inner._buffers.items()]) for name, inner in module.named_modules()}


def _without(names, places):
    """An inventory without these and all that is in them."""
    return {name: what for name, what in names.items() if not any(name == place or name.startswith(f"{place}.") for place in places)}


def _classes_asked_for(kinds):
    """Of the second argument of isinstance(), those that not every model is of."""
    from transformers import PreTrainedModel  # not above: the instrumentation itself needs this module

    kinds = kinds.__args__ if isinstance(kinds, types.UnionType) else kinds if isinstance(kinds, tuple) else (kinds,)
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, nn.Module) and not issubclass(PreTrainedModel, kind)]


def _node(old, new):
    """The node for a module whose tensors are as long as the one before was wide; None if there is more to it."""
    width, out = getattr(old, "num_features", None), {"class": type(new).__name__}
    if old is None or width is None or any(True for child in new.children() for _ in (*child.parameters(), *child.buffers())):
        return None
    for kind, tensors in (("parameters", new._parameters), ("buffers", new._buffers)):
        for name, tensor in tensors.items():
            if tensor is not None and (tuple(tensor.shape) != (width,) or str(tensor.dtype) != "torch.float32" or name in new._non_persistent_buffers_set):
                return None
            if tensor is not None:
                out.setdefault(kind, {})[name] = ["num_features"]
    return out


def _subclasses(cls):
    """Those of torch and timm; what else is loaded hangs on what was described before."""
    for inner in cls.__subclasses__():
        if inner.__module__.startswith(("torch.nn.modules.", "timm.layers.")):
            yield inner
        yield from _subclasses(inner)
