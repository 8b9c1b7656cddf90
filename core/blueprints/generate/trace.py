# SPDX-License-Identifier: Apache-2.0
"""One run of a constructor on values that remember, and what was noticed meanwhile.

A trace answers a tree of `Node`s: modules with their tensors (shapes as expressions), each with the loops that were running
when it was made and the conditions that were asked in its own constructor.
"""
import dataclasses
import itertools
import sys

import torch
from torch import nn

from . import expr as E
from . import symbols as S
from .far import is_far
from .patience import spend
from .refusals import last_asked, reason
from .turning import turn_around
from .shapes import symbolic_shape
from .whole_models import Reference, WholeModels


@dataclasses.dataclass(eq=False)
class Run:
    """One execution of a loop."""

    uid: int
    site: str
    count: tuple | None  # expression for the number of iterations
    outer: tuple  # ((uid, k), ...) of the loops around it
    owner: object  # the module whose constructor runs it
    k: int = 0
    times: int = 0
    complete: bool = False
    made: bool = False  # whether modules were made in it
    backwards: bool = False  # whether it puts what it makes before what is in a list already


@dataclasses.dataclass(eq=False)
class Condition:
    expr: tuple
    outcome: bool
    loops: tuple
    asker: object = None  # the code that asked
    line: int = 0  # where in it
    place: tuple = ()  # the classes of the module that asked and of those in whose constructors it was made
    settled: object = None  # what decide.py has worked out about it


@dataclasses.dataclass(eq=False)
class Tensor:
    name: str
    kind: str  # "parameters" or "buffers"
    dtype: str
    shape: tuple  # plain ints
    exprs: tuple  # one expression per dimension
    persistent: bool


@dataclasses.dataclass(eq=False)
class Node:
    module: object = dataclasses.field(repr=False)
    cls: str
    site: str
    loops: tuple  # ((uid, k), ...)
    owner: "Node | None" = dataclasses.field(repr=False, default=None)
    conditions: list = dataclasses.field(default_factory=list, repr=False)
    tensors: list = dataclasses.field(default_factory=list, repr=False)
    children: list = dataclasses.field(default_factory=list, repr=False)  # (name, Node)
    reference: Reference | None = None  # of a whole model in this place
    activation: S.SymStr | None = None  # the name under which the library looked this module up
    call: object = None  # how a model of another library in this place was asked for
    same_as: str | None = None  # path of the first place of a module that stands in several

    def has_tensors(self):
        """Whether there is something to weigh in it, be it described elsewhere."""
        elsewhere = self.reference is not None or self.call is not None or self.same_as is not None
        return bool(self.tensors) or elsewhere or any(child.has_tensors() for _, child in self.children)


OTHER = "a model of another library"  # stands for the class of a node that is known by its call

MOST_MODULES = 30_000
MOST_QUESTIONS = 100_000
MOST_ROUNDS = 8_000_000  # of loops: a table over all pairs of many pixels takes gigabytes before it is seen to be none. TinyViT goes round 7 million times
ASKER = 3  # frames from Trace.condition() to the code that asked: ask() and the method of the value that was asked are between
PASSED_OVER = set()  # code of the library that only warns or refuses: its questions decide nothing
OF_MODULE, OF_QUESTION = 20, 2  # how many rounds of an empty loop take as long
TABLE = 2_000  # rounds after which a loop that makes no modules is taken to fill a table: its index is forgotten, which is quicker


class TooLarge(Exception):
    """A config under which the model has more parts than are looked at."""


class Changed(Exception):
    """A model of another library that is changed after it was made: what its own blueprint says is no longer so."""

    def __init__(self, trace, root):
        super().__init__("a model of another library is changed")
        self.tare_trace, self.tare_reason, self.last_asked, self.conditions = trace, None, [], trace.asked.get(id(root), [])


class Trace:
    """Context: while it is current, values tell it what they notice."""

    of_config = False  # whether a config class runs, and no model

    def __init__(self, references=lambda cls, args, kwargs: None, most_modules=MOST_MODULES):
        self.most_modules = most_modules
        self.runs, self.active, self.uids = {}, [], itertools.count()
        self.rounds = {}  # site of a loop that makes no modules -> how often it went round
        self.births = {}  # id(module) -> (module, site, loops, owner module, reference)
        self.asked = {}  # id(owner) -> [Condition]
        self.places = {None: ()}  # id(owner) -> the classes of the module and of those in whose constructors it was made
        self.within = []  # models whose constructors run, and that other blueprints may describe, the outermost first
        self.models = WholeModels(lambda key: self.births[key][0] if key in self.births else None)
        self.opened = set()  # paths of the configs of models within whose parts are described here, because they were changed or taken apart
        self.calls = {}  # id(model) -> how another library was asked for it
        self.unpacked = []  # (expression, values) of objects whose keys became arguments
        self.activations = {}  # id(module) -> the name under which the library looked it up
        self.references = references
        self.questions = self.all_rounds = 0
        self.by_loop = None  # what asked_within() finds, by the loop
        self.counted = {}  # uid of a loop -> what growth.py has made of asked_within()
        self.passed_over = []  # (code of PASSED_OVER, what it asked)
        self.empty = None  # loops that went round not once, by the constructor they stand in
        self.last = None  # the last condition: where a constructor gives up, it is the reason

    # what values and loops tell
    def noted(self, expression, outcome):
        """A condition that is not asked yet, and perhaps never."""
        return Condition(expression, outcome, self.loop_state())

    def condition(self, expression, outcome):
        frame = sys._getframe(ASKER)
        if frame.f_code in PASSED_OVER:
            self.passed_over.append((frame.f_code, expression))
            return
        if is_far(expression) or frame.f_code.co_name == "extra_repr":  # a module is only put into words
            return
        owner = _owner(frame)
        self.questions += 1
        if self.questions > MOST_QUESTIONS:
            raise TooLarge(f"more than {MOST_QUESTIONS} questions")
        self.last = Condition(expression, bool(outcome), self.loop_state(), frame.f_code, frame.f_lineno, self._place_of(owner))
        self.asked.setdefault(id(owner) if owner is not None else None, []).append(self.last)

    def _place_of(self, owner):
        key = id(owner) if owner is not None else None
        if key not in self.places:
            around = self.births[key][3] if key in self.births else None
            self.places[key] = (type(owner).__name__, *self._place_of(around))
        return self.places[key]

    def enter_loop(self, site, count):
        if self.all_rounds > MOST_ROUNDS:
            raise TooLarge(f"more than {MOST_ROUNDS} rounds of loops")
        run = Run(next(self.uids), site, count, self.loop_state(), _owner(sys._getframe(2)))
        self.runs[run.uid] = run
        self.active.append(run)
        return run

    def leave_loop(self, run):
        if run in self.active:
            self.active.remove(run)

    def note_rounds(self, run):
        self.all_rounds += run.times
        for site in {run.site, *(outer.site for outer in self.active)} if not run.made else ():
            self.rounds[site] = self.rounds.get(site, 0) + run.times

    def is_table(self, run):
        return not run.made and self.rounds.get(run.site, 0) > TABLE

    def loop_state(self):
        return tuple([(run.uid, run.k) for run in self.active])

    def born(self, module, cls, args, kwargs):
        if len(self.births) > self.most_modules:
            raise TooLarge(f"more than {self.most_modules} modules")
        frame = sys._getframe(2)
        for run in self.active:
            run.made = True
        site = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        reference = self.references(cls, args, kwargs)
        self.births[id(module)] = (module, site, self.loop_state(), _owner(frame), reference)
        if reference is not None and len(self.births) > 1:
            self.within.append(module)

    def filled_by(self, modules):
        """The loop that made the modules of a list, one in each round, if there is such a loop and it says how often it goes round."""
        births = [self.births.get(id(module)) for module in modules]
        if not births or any(birth is None or not birth[2] for birth in births) or len({birth[2][-1] for birth in births}) != len(births):
            return None
        runs = {birth[2][-1][0] for birth in births}
        run = self.runs[runs.pop()]
        return run if not runs and run.complete and run.count is not None and run.times == len(births) else None

    def length_of(self, values):
        """How long a plain list is, by a rule: where one loop has put an item into it in each of its rounds, or in all but the first ones."""
        found = [{e[1:] for e in E.walk(value.expr) if e[0] == "loop"} for value in values if isinstance(value, S.Sym) and value.expr is not None]
        places = [next(iter(leaves)) for leaves in found if len(leaves) == 1]
        run = self.runs[places[0][0]] if places else None
        if run is None or not run.complete or run.count is None or not E.names(run.count) or any(e[0] == "loop" for e in E.walk(run.count)):
            return None
        if any(len(leaves) > 1 for leaves in found) or places != [(run.uid, k) for k in range(places[0][1], run.times)]:
            return None
        return E.op("+", run.count, E.const(len(values) - run.times))

    def never_ran_in(self, module):
        """The loops in a module's constructor that went round not once."""
        if self.empty is None:
            self.empty = {}
            for run in self.runs.values():
                if run.complete and run.times == 0 and run.count is not None:
                    self.empty.setdefault(id(run.owner), []).append(run)
        return self.empty.get(id(module), ())

    def all_asked(self):
        """The conditions that were asked, in whatever constructor."""
        return [condition for group in self.asked.values() for condition in group]

    def asked_in(self, uid):
        """What the constructor that runs a loop asked in its rounds, but not in a loop within."""
        return [condition for condition in self.asked_within(uid) if condition.loops[-1][0] == uid]

    def asked_within(self, uid):
        """What the constructor that runs a loop asked in its rounds, in loops within too."""
        if self.by_loop is None:
            self.by_loop = {}
            for owner, conditions in self.asked.items():
                for condition in conditions:
                    for loop, _ in condition.loops:
                        if id(self.runs[loop].owner) == owner:
                            self.by_loop.setdefault(loop, []).append(condition)
        return self.by_loop.get(uid, ())

    def note_copy(self, original, copied):
        """A copy was made like its model, but in the loops that run now."""
        now = self.loop_state()
        running = {uid for uid, _ in now}
        for ours, theirs in zip(original.modules(), copied.modules()):
            if id(ours) in self.births:
                _, site, loops, owner, reference = self.births[id(ours)]
                self.births[id(theirs)] = (theirs, site, (*now, *(loop for loop in loops if loop[0] not in running)), owner, reference)
                self.asked[id(theirs)] = self.asked.get(id(ours), [])

    def note_made(self, model):
        self.models.note_made(model, is_root=id(model) == next(iter(self.births), None))
        if model in self.within:  # what is in it has ended too
            del self.within[self.within.index(model) :]

    def born_as(self, module):
        """(Reference of a module as it was made, the module in whose constructor that was)"""
        _, _, _, owner, reference = self.births.get(id(module), (None, None, None, None, None))
        return reference, owner

    def reference_of(self, module):
        """What a blueprint can say of a module as a whole model, or as a part of one; None if there is nothing."""
        model, child = self.models.origin_of(module)
        reference, _ = self.born_as(model)
        return self.models.now(model, reference, child) if reference is not None else None

    def model_of(self, node):
        """The whole model that a node with a reference stands for."""
        return self.models.origin_of(node.module)[0]

    def mark_reference(self, module, reference):
        m, site, loops, owner, _ = self.births[id(module)]
        self.births[id(module)] = (m, site, loops, owner, reference)

    def __enter__(self):
        _install_module_hooks()
        self.previous, S.Log.current = S.Log.current, self
        return self

    def __exit__(self, kind, error, *_):
        S.Log.current = self.previous
        spend(OF_MODULE * len(self.births) + OF_QUESTION * self.questions + sum(run.times for run in self.runs.values()))
        if error is not None:
            error.tare_trace = self
            error.tare_reason, error.last_asked = reason(error, self.last), last_asked(error, self) if not self.within else []

    # the result
    def tree(self, root, keep=lambda name: True):
        """Nodes for the finished module `root` and all below it; references are not entered."""
        self._settle_calls(root)
        seen, nodes = {}, {}

        def node_of(module):
            return self.node_of(module, nodes)

        def build(module, path):
            if id(module) in seen:
                same = node_of(module)
                return Node(module, type(module).__name__, same.site, same.loops, same.owner, activation=same.activation, same_as=seen[id(module)])
            seen[id(module)] = path
            node = node_of(module)
            node.reference = self.reference_of(module) if path else None
            if node.reference is not None:
                if self.models.is_told_apart(module, node.reference):
                    self.opened.add(node.reference.config)
                return node
            self.opened.update(self._config_of_maker(module))
            if id(module) in self.calls:
                node.cls, node.call = OTHER, self.calls[id(module)]
                return node
            for kind, tensors in (("parameters", module._parameters), ("buffers", module._buffers)):
                for name, tensor in tensors.items():
                    if tensor is not None:
                        node.tensors.append(self._tensor(name, kind, tensor, name not in module._non_persistent_buffers_set))
            for name, child in module._modules.items():
                if child is not None:
                    node.children.append((name, build(child, f"{path}.{name}" if path else name)))
            return node

        tree = build(root, "")
        turn_around(self, tree)
        return tree

    def _config_of_maker(self, module):
        """[the path of the config of the model in whose constructor a module was made], where another blueprint may describe that."""
        reference, _ = self.born_as(self.born_as(module)[1])
        return [reference.config] if reference is not None else []

    def node_of(self, module, nodes):
        """What was noticed of a module and of those that made it, without what is in them; `nodes` holds the ones so far."""
        key = id(module)
        if key not in nodes:
            _, site, loops, owner, reference = self.births.get(key, (module, "", (), None, None))
            nodes[key] = node = Node(module, type(module).__name__, site, loops, None, self.asked.get(key, []), reference=reference, activation=self.activations.get(key))
            node.owner = self.node_of(owner, nodes) if owner is not None else None
        return nodes[key]

    def _settle_calls(self, root):
        """Calls that say all about a model stay; where its modules are described instead, they hold under the call's conditions."""
        for key, call in list(self.calls.items()):
            module = self.births[key][0] if key in self.births else None
            call.replace = self.models.replacement_in(module) if module is not None else None
            if call.owner is root and call.replace is None and not (module is not None and self.models.is_as_made(module)):
                raise Changed(self, root)
            if call.owner is not root:
                del self.calls[key]
                self.asked.setdefault(id(call.owner) if call.owner is not None else None, []).extend(call.conditions)

    def _tensor(self, name, kind, tensor, persistent):
        exprs = symbolic_shape(tensor)
        return Tensor(name, kind, str(tensor.dtype)[6:], tuple(int(d) for d in torch.Size(_plain_shape(tensor))), exprs, persistent)


def _plain_shape(tensor):
    with torch._C.DisableTorchFunction():
        return tuple(tensor.shape)


def owner_of(depth=3):
    """The module whose constructor is running where the caller of our caller was called."""
    return _owner(sys._getframe(depth))


def _owner(frame):
    """The module whose constructor is running in `frame` or above it."""
    while frame is not None:
        if frame.f_code.co_name == "__init__" and frame.f_code.co_argcount:
            first = frame.f_locals.get(frame.f_code.co_varnames[0])
            if isinstance(first, nn.Module):
                return first
        frame = frame.f_back
    return None


def _new(cls, *args, **kwargs):
    module = object.__new__(cls)
    if isinstance(S.Log.current, Trace):
        S.Log.current.born(module, cls, args, kwargs)
    return module


_insert = nn.ModuleList.insert


def _insert_noted(self, index, module):
    trace = S.Log.current
    if index == 0 and isinstance(trace, Trace) and trace.active:
        trace.active[-1].backwards = True
    return _insert(self, S.plain(index), module)


def _install_module_hooks():
    if nn.Module.__new__ is not _new:  # to set it again would cost all classes what is remembered of them
        nn.Module.__new__ = staticmethod(_new)
        nn.ModuleList.insert = _insert_noted
