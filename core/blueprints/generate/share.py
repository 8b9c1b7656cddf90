# SPDX-License-Identifier: Apache-2.0
"""What the classes of a blueprint have in common becomes `parts` with arguments.

Two nodes have the same skeleton if they differ in dimensions and repeat counts only. A skeleton that stands in several places
becomes a part. Its dimensions become arguments: those that are one number everywhere stay numbers, and those that always are
the same, or always the same multiple, are one argument.
"""
import dataclasses
import itertools
import json
import keyword
import re

from . import expr as E
from .runs import Run, fold

LEAST_PART = 110  # a skeleton whose text is shorter is clearer in place
MOST_ARGUMENTS = 24  # more travel as one list
FACTORS = (2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 64)


@dataclasses.dataclass(eq=False)
class Skeleton:
    """One shape of node. Holes are numbered: its own first, then those of its children."""

    number: int
    frame: tuple  # class and tensors, with None for holes
    children: list  # (name or Run, [(when, Skeleton)])
    labels: list  # per hole: (kind, name)
    vectors: dict = dataclasses.field(default_factory=dict)  # hole values, everywhere this skeleton stands
    uses: set = dataclasses.field(default_factory=set)  # the places in other skeletons, and the classes, that hold it
    part: str | None = None


class Sharer:
    def __init__(self):
        self.known, self.roots = {}, {}

    def add(self, name, node):
        root, holes = self._read(fold(node))
        root.uses.add(name)
        self.roots[name] = (root, holes)

    # reading

    def _read(self, node):
        """(skeleton, hole values) of a node."""
        frame, holes, labels = [node["class"], node.get("same_as"), tuple(node.get("assumes", ()))], [], []
        for kind in ("parameters", "buffers"):
            for name, tensor in node.get(kind, {}).items():
                frame.append((kind, name, self._tensor(name, tensor, holes, labels)))
        slots, children = [], []
        for name, child in node.get("children", ()):
            options = child if isinstance(child, list) else [child]
            if isinstance(name, Run):
                holes.append(name.count)
                labels.append(("count", f"{_word(name.prefix)}count"))
            read = []
            for option in options:
                skeleton, inner = self._read(option)
                read.append((option.get("when"), skeleton))
                holes += inner
                word = name.prefix if isinstance(name, Run) else name
                labels += [(kind, f"{_word(word)}_{label}" if label.count("_") < 1 and _word(word) else label) for kind, label in skeleton.labels]
            key = (name.prefix, name.start, name.period) if isinstance(name, Run) else name
            slots.append((key, tuple((when, s.number) for when, s in read)))
            children.append((name, read))
        key = (tuple(frame), tuple(slots))
        if key not in self.known:
            self.known[key] = Skeleton(len(self.known), tuple(frame), children, labels)
            for place, (_, read) in enumerate(children):
                for option, (_, skeleton) in enumerate(read):
                    skeleton.uses.add((self.known[key].number, place, option))
        self.known[key].vectors[tuple(holes)] = None
        return self.known[key], holes

    def _tensor(self, name, tensor, holes, labels):
        """The frame of a tensor; its dimensions become holes."""
        if isinstance(tensor, list) and tensor and isinstance(tensor[0], dict):
            return tuple(self._tensor(name, option, holes, labels) for option in tensor)
        spec = {"shape": tensor} if isinstance(tensor, list) else tensor
        fixed = {d: size for d, size in enumerate(spec["shape"]) if "when" in spec and isinstance(size, str)}  # these have a value only where the condition holds
        for d, size in enumerate(spec["shape"]):
            if d not in fixed:
                holes.append(size)
                labels.append(("size", _role(name, d, len(spec["shape"]))))
        return (len(spec["shape"]), isinstance(tensor, dict), tuple((k, v) for k, v in spec.items() if k != "shape"), *fixed.items())

    # choosing

    def write(self):
        """(classes, parts) as they stand in the file."""
        self.arguments, self.lengths = {}, {}
        taken = set()
        for skeleton in self.known.values():  # children come before their parents
            self.lengths[skeleton] = self._length(skeleton)
            if len(skeleton.uses) > 1 and self.lengths[skeleton] >= LEAST_PART:
                skeleton.part = next(name for name in numbered(skeleton.frame[0]) if name not in taken)
                taken.add(skeleton.part)
                self.arguments[skeleton] = _Arguments(skeleton)
        parts = {s.part: self._body(s, self.arguments[s].expressions, 0) for s in self.known.values() if s.part}
        classes = {}
        for name, (root, holes) in self.roots.items():
            classes[name] = self._node(root, holes, 0)
        return classes, parts

    def _length(self, skeleton):
        own = len(json.dumps(skeleton.frame))
        return own + sum(60 if s.part else self.lengths[s] + len(str(name)) for name, read in skeleton.children for _, s in read)

    # writing

    def _node(self, skeleton, values, depth):
        """The node of a skeleton whose holes have these expressions."""
        if not skeleton.part:
            return self._body(skeleton, values, depth)
        given = self.arguments[skeleton].given(values)
        return {"use": skeleton.part, **({"with": given} if given else {})}

    def _body(self, skeleton, values, depth):
        values = list(values)
        cls, same_as, assumes, *tensors = skeleton.frame
        out = {**({"assumes": list(assumes)} if assumes else {}), "class": cls}
        if same_as is not None:
            out["same_as"] = same_as
        for kind, name, frame in tensors:
            out.setdefault(kind, {})[name] = _write_tensor(frame, values)
        for name, read in skeleton.children:
            repeat, template, index = {}, name, E.INDICES[depth]
            if isinstance(name, Run):
                repeat = {"repeat": {index: values.pop(0)}}
                template = f"{name.prefix}{{{index}{f' + {name.start}' if name.start else ''}}}"
            nodes = []
            for turn, (when, inner) in enumerate(read):
                if isinstance(name, Run) and name.period > 1 and turn < name.period - 1:
                    when = f"{index} % {name.period} == {turn}"
                mine, values = values[: len(inner.labels)], values[len(inner.labels) :]
                body = self._node(inner, mine, depth + bool(repeat))
                nodes.append({**repeat, **({"when": when} if when is not None else {}), **body})
            while template in out.setdefault("children", {}):
                template += " "
            out["children"][template] = nodes[0] if len(nodes) == 1 else nodes
        return out


def _write_tensor(frame, values):
    if frame and isinstance(frame[0], tuple):
        return [_write_tensor(option, values) for option in frame]
    rank, is_object, more, *fixed = frame
    shape = [dict(fixed)[d] if d in dict(fixed) else values.pop(0) for d in range(rank)]
    return {"shape": shape, **dict(more)} if is_object else shape


def numbered(name):
    """Block, Block2, Block3 ..."""
    yield name
    yield from (f"{name}{n}" for n in itertools.count(2))


def _word(name):
    return re.sub(r"\W|^\d+", "", name)


def _role(name, d, rank):
    if name in ("weight", "bias", "running_mean", "running_var", "gamma", "scale"):
        return "width" if rank == 1 else ("out", "inp", "kernel", "kernel", "kernel")[d]
    return f"{_word(name)}{d if rank > 1 else ''}"


class _Arguments:
    """Which holes of a skeleton are arguments, and what the other holes are in terms of them."""

    def __init__(self, skeleton):
        self.columns = list(zip(*skeleton.vectors)) if skeleton.labels else []
        self.sources = [None] * len(self.columns)  # a hole's own column number where it is an argument
        self.expressions = [None] * len(self.columns)
        self.names, known, chosen = {}, {}, []
        for h in sorted(range(len(self.columns)), key=lambda h: (_weight(self.columns[h]), h)):
            column = self.columns[h]
            if len(set(column)) == 1:
                self.expressions[h] = column[0]
                continue
            kind, label = skeleton.labels[h]
            if (kind, column) in known:
                self.expressions[h] = known[kind, column]
                continue
            self.expressions[h] = self._multiple(column, kind, chosen)
            if self.expressions[h] is None:
                name = self._name(label)
                self.names[name] = h
                self.expressions[h] = name
                chosen.append((kind, column, name))
            known[kind, column] = self.expressions[h]
        self.packed = len(self.names) > MOST_ARGUMENTS
        if self.packed:
            self._pack(skeleton)

    def _multiple(self, column, kind, chosen):
        if kind != "size" or not all(isinstance(v, int) for v in column):
            return None
        for other_kind, other, name in chosen:
            if other_kind != kind or not all(isinstance(v, int) and v for v in other):
                continue
            for factor in FACTORS:
                if all(v == w * factor for v, w in zip(column, other)):
                    return f"{name} * {factor}"
        return None

    def _name(self, label):
        name, n = label, 2
        while name in self.names or name in E.FUNCTIONS or keyword.iskeyword(name):
            name, n = f"{label}{n}", n + 1
        return name

    def _pack(self, skeleton):
        """Many arguments travel as two lists: the counts and the sizes."""
        self.lists, renamed = {"counts": [], "sizes": []}, {}
        for name, h in sorted(self.names.items(), key=lambda x: x[1]):
            members = self.lists["counts" if skeleton.labels[h][0] == "count" else "sizes"]
            renamed[name] = f"{'counts' if skeleton.labels[h][0] == 'count' else 'sizes'}[{len(members)}]"
            members.append(h)
        for h, e in enumerate(self.expressions):
            if isinstance(e, str):
                first, *rest = e.split(" ")
                if first in renamed and (not rest or rest[0] == "*" and len(rest) == 2):
                    self.expressions[h] = " ".join([renamed[first], *rest])

    def given(self, values):
        """The `with` of a use whose holes have these expressions."""
        if self.packed:
            return {k: "[" + ", ".join(str(values[h]) for h in members) + "]" for k, members in self.lists.items() if members}
        return {name: values[h] for name, h in sorted(self.names.items(), key=lambda x: x[1])}


def _weight(column):
    return sum(v for v in column if isinstance(v, int)) + sum(10**9 for v in column if not isinstance(v, int))
