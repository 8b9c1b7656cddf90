# SPDX-License-Identifier: Apache-2.0
"""Evaluates a blueprint class in Python, to hold it against a traced model. The core's evaluator is written independently."""
import re

from . import expr as E
from . import symbols as S
from .whole_models import replacement_of, said


class NotCovered(Exception):
    pass


def expected(node, path=""):
    """What a traced tree holds: {path: (kind, dtype, shape, persistent)} for tensors, {path: class} for modules."""
    tensors, classes = {}, {}
    if node.reference is not None and path:
        return {path: ("model", *node.reference)}, {}
    if node.call is not None:
        return {path: ("timm", *node.call.plain())}, {}
    if node.same_as is not None:
        return {path: ("same_as", node.same_as)}, {}
    for t in node.tensors:
        tensors[f"{path}.{t.name}".lstrip(".")] = (t.kind, t.dtype, t.shape, t.persistent)
    for name, child in node.children:
        inner, kinds = expected(child, f"{path}.{name}".lstrip("."))
        tensors.update(inner)
        classes.update(kinds)
    return tensors, {path: node.cls if node.activation is None else f"activation {S.plain(node.activation)}", **classes}


class Builder:
    def __init__(self, scope):
        self.scope = scope
        self.tensors, self.classes = {}, {}

    def value(self, source, variables):
        return source if isinstance(source, int) else E.evaluate(source, self.scope, variables)

    def node(self, node, path, variables):
        if isinstance(node, str):
            self.classes[path] = node
            return
        if "activation" in node:
            self.classes[path] = f"activation {self.value(node['activation'], variables)}"
            return
        for condition in node.get("assumes", ()):
            if not self.value(condition, variables):
                raise NotCovered(condition)
        if "model" in node:
            self.tensors[path] = ("model", *said(node))
            return
        if "timm" in node:
            name = self.value(node["timm"], variables)
            if not isinstance(name, str):
                raise ValueError(f"{name} is no architecture of timm")
            self.tensors[path] = ("timm", name, self.arguments(node, variables), replacement_of(node))
            return
        if "same_as" in node:
            self.tensors[path] = ("same_as", node["same_as"])
            return
        self.classes[path] = node["class"]
        for kind in ("parameters", "buffers"):
            for name, tensor in node.get(kind, {}).items():
                if "each" not in tensor:
                    self.tensor(kind, f"{path}.{name}".lstrip("."), tensor, variables)
                    continue
                for inside in self.rounds(list(tensor["repeat"].items()), variables):
                    for template, inner in tensor["each"].items():
                        self.tensor(kind, f"{path}.{self.label(template, inside)}".lstrip("."), inner, inside)
        count = 0
        for name, child in node.get("children", {}).items():
            count = self.child(name.rstrip(" "), child, path, variables, count)

    def arguments(self, node, variables):
        """What a model of timm is asked for with; null is no argument."""
        given = {name: self.value(source, variables) for name, source in node.get("arguments", {}).items()}
        more = self.value(node["more"], variables) or {} if "more" in node else {}
        if given.keys() & more.keys():
            raise ValueError("an argument is given twice")
        return {name: value for name, value in {**given, **more}.items() if value is not None}

    def tensor(self, kind, path, tensor, variables):
        plain = isinstance(tensor, list) and not any(isinstance(x, dict) for x in tensor)
        for option in [{"shape": tensor}] if plain else tensor if isinstance(tensor, list) else [tensor]:
            if "when" not in option or self.value(option["when"], variables):
                shape = tuple(self.value(d, variables) for d in option["shape"])
                self.tensors[path] = (kind, option.get("dtype", "float32"), shape, option.get("persistent", True))
                return

    def child(self, name, child, path, variables, count):
        options = child if isinstance(child, list) else [child]
        loops = [] if isinstance(options[0], str) else list(options[0].get("repeat", {}).items())
        for inside in self.rounds(loops, variables):
            chosen = next((o for o in options if "when" not in o or self.value(o["when"], inside)), None)
            if chosen is None:
                continue
            if "each" in chosen:
                for inner, node in chosen["each"].items():
                    count = self.child(inner.rstrip(" "), node, path, inside, count)
                continue
            self.node(chosen, f"{path}.{self.label(name, inside, count)}".lstrip("."), inside)
            count += 1
        return count

    def label(self, template, variables, count=None):
        return re.sub(r"\{([^}]*)\}", lambda m: str(count if m[1] == "#" else self.value(m[1], variables)), template)

    def rounds(self, loops, variables):
        if not loops:
            yield variables
            return
        (index, times), *rest = loops
        for k in range(self.value(times, variables)):
            yield from self.rounds(rest, {**variables, index: k})


def differences(body, scope, root, bare=True, covered=False):
    """The first disagreement between a blueprint class and a traced tree, or None.

    bare: count modules that weigh nothing too; one that keeps a module with tensors of its own from being a layer always counts. covered: an assumption that does not hold is a disagreement too.
    """
    tensors, classes = expected(root)
    builder = Builder(scope)
    try:
        builder.node(body, "", {})
    except NotCovered as e:
        return f"{e} is not covered" if covered else None
    except Exception as e:
        return f"{type(e).__name__}: {e}"
    if builder.tensors != tensors:
        for key in [*tensors, *builder.tensors]:
            if tensors.get(key) != builder.tensors.get(key):
                return f"{key}: {tensors.get(key)} expected, {builder.tensors.get(key)} computed"
    for key in [*classes, *builder.classes]:
        if classes.get(key) == builder.classes.get(key):
            continue
        parent = key.rpartition(".")[0]
        keeps_from_being_a_layer = None in (classes.get(key), builder.classes.get(key)) and any(name.rpartition(".")[0] == parent for name in tensors)
        if bare or key == "" or keeps_from_being_a_layer or any(name.startswith(f"{key}.") for name in tensors):
            return f"{key}: {classes.get(key)} expected, {builder.classes.get(key)} computed"
    if list(builder.tensors) != list(tensors):
        return "the order of the tensors"
    return None
