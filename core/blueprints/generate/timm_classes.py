# SPDX-License-Identifier: Apache-2.0
"""A class of timm described for the arguments of its constructor, and the architectures that are this class with arguments of their own.

`model_args` may set these arguments. What a file cannot say, such as the class of a block, is as the architecture has it.
"""
import collections
import gc
import inspect
import json
import re

from timm.layers import create_act, create_norm

from . import expr as E
from . import timm_trace as T
from .assumptions import dicts
from .examples import Unsolved
from .explore import Explorer, Seen
from .fields import _kinds, json_like
from .hints import Hints
from .mentions import divided
from .patience import STEPS, TooLong, patience
from .reference import differences
from .refusals import conditions_for
from .start import is_answered
from .telling import Refuted, learn, learnt
from .tidy import tidied
from .within import nodes, rounds_of

BUDGET = 240  # configs that exploring a class may try
UNSEEN = 120  # configs by which what was learnt is held against the library
ATTEMPTS = 5  # of learning from those that refute it: more seldom help
STEPS_EACH = 3_000_000  # that a description may take for each architecture that it may stand for, and
LARGE = 1_000  # modules, or as many as the architecture has twice over: configs with more are not looked at
TRIES = 6  # configs by which an architecture is held against the description of a class
SHARES = (0.7391, 1.3137)  # no product with these is a whole number, unless it is made one
MOST_HELD = 4  # arguments without rules
SUSPECTS = 6  # arguments tried before one is held
LENGTH = 8  # nodes that a description may have for each module of what it describes
FRUITLESS = 2  # descriptions of one class that come to nothing, or fit no other architecture, until no more are tried
RATES = re.compile(r"_rate$|^drop_")  # no size hangs on them, though modules that weigh nothing do
# arguments of which only some values are known to change no size, and what these may be
WORDS = {
    "act_layer": sorted({*create_act._ACT_LAYER_DEFAULT, *create_act._ACT_LAYER_ME}), "norm_layer": sorted(create_norm._NORM_MAP), "embed_norm_layer": sorted(create_norm._NORM_MAP),
    "output_stride": [8, 16, 32], "weight_init": ["", "jax", "jax_nlhb", "moco", "reset", "skip"], "fix_init": [True, False], "zero_init_last": [True, False],
}  # fmt: skip
ALWAYS = ("num_classes", "in_chans")  # from the description of the weights, if from nowhere else
LABELS = 10
UNKNOWN = "?"  # what an explorer says for any other word

_ADDRESS = re.compile(r" at 0x\w+")


class Made:
    """An architecture, and what its own function hands to the constructor of its class."""

    def __init__(self, name):
        self.name, own = name, T.entry_arguments(name)
        if own.keys() & {*ALWAYS}:
            raise Unsolved("it sets its own num_classes or in_chans")
        size = {"img_size": T.own_size(name)}
        for self.said in ({}, size):  # some are not built without a size
            try:
                _, self.root = T.run(name, {"num_classes": LABELS, "in_chans": 3, **self.said})
                break
            except T.Refused as e:
                refusal = e
        else:
            raise refusal
        self.cls = type(self.root.module)
        self.parameters = _parameters(self.cls)
        self.unsaid = str((self.cls, *(_ADDRESS.sub("", f"{key} {value}") for key, value in sorted(own.items()) if not _in_words(value) or key in WORDS)))
        self.scope, self.types = E.Scope(), {}
        for key, parameter in self.parameters.items():
            value = own.get(key, parameter.default)
            kinds = _kinds(parameter.annotation) or ({type(parameter.default).__name__} if isinstance(parameter.default, (bool, int, float)) else set())
            if key in WORDS or RATES.search(key) or not kinds or not _in_words(value) and value is not None:
                continue
            if key == "img_size":
                self.own_size = key in own
                value, kinds = [value, value] if isinstance(value, int) else value, {"list"}
            self.scope[key] = float(value) if type(value) is int and "float" in kinds and "int" not in kinds else json_like(value)
            self.types[key] = kinds - {"list"} if "int" in kinds and not isinstance(self.scope[key], list) else kinds
        self.scope.update({"num_classes": LABELS, "in_chans": 3})


class Described:
    """A class of timm as one architecture makes it, with rules for all arguments that a file may set."""

    def __init__(self, made, others=()):
        """others: the other architectures that may be this class too. Raises Unsolved, TooLong or the library's refusal."""
        self.made, self.cls, self.held, self.others = made, made.cls.__name__, set(), [other for other in others if other.cls is made.cls]
        if made.scope.keys() <= {*T.ATTRIBUTES}:
            raise Unsolved("a file can set none of its arguments")
        alike = 1 + sum(other.unsaid == made.unsaid for other in self.others)
        with patience(min(STEPS, alike * STEPS_EACH)):
            explorer = self._described()
        if sum("class" in one for one in dicts(self.body)) > LENGTH * _modules(made.root):
            raise Unsolved("its rules are longer than what they describe")
        self.seen = {key: {repr(env[key]): env[key] for env, _ in explorer.results} for key in made.scope}
        self.free = sorted(key for key, values in self.seen.items() if len(values) > 1)
        self.fixed = sorted(made.scope.keys() - {*self.free})
        if {"img_size", "num_classes"} & {*self.fixed}:
            raise Unsolved("it takes no other size of images, or number of classes")
        tried = {key: [value for value in values if self._builds_alike({key: value})] for key, values in WORDS.items() if key in made.parameters}
        self.harmless = {key: values for key, values in tried.items() if values}
        self.rates = sorted(key for key in made.parameters if RATES.search(key) and self._builds_alike({key: 0.1}))
        refused = [(env, getattr(error, "last_asked", ())) for env, error in explorer.refusals if not isinstance(error, T.NotLookedAt)]
        typed = {**self.body, "assumes": [*self._types(), *self.body.get("assumes", ())]}
        taken = conditions_for(refused, [env for env, _ in explorer.results], lambda env: is_answered(typed, env), divided(typed))
        self.body = tidied({**typed, "assumes": [*typed["assumes"], *taken]})

    def _explorer(self, made, budget):
        hints = Hints(made.types)
        hints.words["global_pool"] = set(T.POOLS)
        hints.shares = SHARES
        explorer = Explorer(_runner(made.name, max(LARGE, 2 * _modules(made.root))), E.Scope(made.scope), hints, budget=budget, usable=lambda path: path[0] not in self.held)
        explorer.choices = None
        return explorer

    def _described(self):
        """The explorer that found the rules. An argument for which there are none is held as the architecture has it. Raises Unsolved."""
        while True:
            explorer = self._explorer(self.made, BUDGET)
            explorer.explore()
            explorer.attempt(E.Scope({**explorer.start, "num_classes": 0}))  # some weights have no classifier, which a class need not ask about
            try:
                self.body, self.cases, _ = learnt(explorer, UNSEEN, ATTEMPTS)
                return explorer
            except Unsolved as e:
                suspects = [key for key in e.suspects if key not in T.ATTRIBUTES]
                if not suspects or len(self.held) == MOST_HELD:
                    raise
                likely = [] if isinstance(e, Refuted) else sorted(suspects[:SUSPECTS], key=self._values)
                self.held.add(next((key for key in likely if _has_rules(explorer, key)), suspects[0]))

    def _values(self, key):
        """How many values the architectures have for an argument: where it is held, only those with the same value can be this class."""
        return len({repr(made.scope.get(key)) for made in [self.made, *self.others]})

    def _types(self):
        """That every argument is such as those that were tried: what else a constructor makes of it was never seen."""
        for key in self.free:
            values = self.seen[key].values()
            if key in ALWAYS:
                yield f"is_int({key}) and {key} >= {min(values)}"
            elif key == "img_size":
                yield "img_size is None or " * (None in values) + "len(img_size) == 2 and min(img_size) >= 1"
            else:
                yield _such_as(key, values)
        yield from (f"{key} == {self.made.scope[key]}" for key in ALWAYS if key in self.fixed)

    def _builds_alike(self, more):
        """Whether nothing that weighs is another with this argument."""
        try:
            return _weighing(_run(self.made.name, self.made.scope, more)[1]) == _weighing(_run(self.made.name, self.made.scope)[1])
        except T.Refused:
            return False

    def fits(self, made):
        """How many configs show that an architecture is this class with arguments of its own; 0 where one does not."""
        if made.cls is not self.made.cls or made.scope.keys() != self.made.scope.keys() or any(made.scope[key] != self.made.scope[key] for key in self.fixed):
            return 0
        explorer = self._explorer(made, 1)
        if explorer.attempt(explorer.start) is None or differences(self.body, made.scope, made.root, bare=False, covered=True):
            return 0
        explorer.base, explorer.pool = explorer.start, [explorer.start]
        explorer.fresh(TRIES)
        explorer.budget = TRIES
        for key, values in (("num_classes", (0, 1)), ("in_chans", (1, 5))):
            for value in values if key in made.scope else ():
                explorer.attempt(E.Scope({**made.scope, key: value}))
        if any(differences(self.body, env, root, bare=False) for env, (_, root, _) in explorer.results):
            return 0
        return len(explorer.results)

    def assumes(self):
        """What must hold of the arguments that are no part of its rules."""
        lacks = ["'global_pool' not in model_args"] * ("global_pool" not in self.free) + ["img_size is None"] * ("img_size" not in self.free)
        return lacks + [one_of(key, values) for key, values in self.harmless.items()]

    def known(self):
        """The keys of `model_args` that it has rules for."""
        return {*self.free, *self.harmless, *self.rates} | {*T.ATTRIBUTES}

    def usual(self):
        """{argument: what the class has where nobody gives it} of those that have no rule of their own in the config part."""
        free = {key: self.made.parameters[key].default for key in self.free if key not in (*T.ATTRIBUTES, *T.SWITCHES)}
        return {key: self.made.scope[key] if default is inspect.Parameter.empty else json_like(default) for key, default in free.items()}

    def node(self, made, part, usual):
        """The node of an architecture: the part with what it has of its own. usual: what the config part puts where `model_args` says nothing."""
        given = {key: E.text(E.const(made.scope[key])) for key in self.fixed if key not in ALWAYS and re.search(rf"\b{key}\b", json.dumps(self.body))}
        for key in self.free:
            own = E.text(E.const(made.scope[key]))
            if key in usual and made.scope[key] != usual[key]:
                given[key] = f"{key} if '{key}' in model_args else {own}"
            elif key not in usual and key not in ALWAYS:
                name = "own_img_size" if key == "img_size" and made.own_size else key
                given[key] = f"{own} if {name} is None else {name}"
        return {"use": part, **({"with": given} if given else {})}


def described(names, report=print):
    """([(Described, {name: Made})], the names that none of them fits)."""
    waiting, rest, out = [], [], []
    for name in names:
        try:
            waiting.append(Made(name))
        except Exception as e:
            report(f"  {name}: {e}")
            rest.append(name)
    alike = collections.Counter(made.unsaid for made in waiting)
    waiting.sort(key=lambda made: (-alike[made.unsaid], made.unsaid, _modules(made.root)))  # the smallest is the least work
    gc.freeze()  # all of them are held to the end: to look for garbage among them takes seconds each time
    hopeless, fruitless = set(), collections.Counter()
    while waiting:
        first = waiting.pop(0)
        try:
            if first.cls in hopeless:
                raise Unsolved("no rules were found for its class")
            group = Described(first, waiting)
            members = {made.name: made for made in [first, *waiting] if _count(group, made)} if group.fits(first) else {}
        except (Exception, TooLong) as e:
            report(f"  {first.name}: {first.cls.__name__}: {e}")
            members = {}
        fruitless[first.cls] += len(members) < 2
        if fruitless[first.cls] == FRUITLESS or not members and first.cls.__name__ not in {group.cls for group, _ in out}:
            hopeless.add(first.cls)
        if not members:
            rest.append(first.name)
            continue
        waiting = [made for made in waiting if made.name not in members]
        report(f"  {group.cls}: {len(members)} architectures, {group.cases} configs")
        out.append((group, members))
        gc.collect()
    return out, sorted(rest)


def one_of(key, values):
    """That `model_args` has one of these for an argument, or says nothing of it."""
    return f"'{key}' not in model_args or model_args['{key}'] in {values!r}"


def _has_rules(explorer, key):
    """Whether there are rules for all configs in which an argument is as at first."""
    alike = [(trace, env, root) for env, (trace, root, _) in explorer.results if env[key] == explorer.start[key]]
    try:
        learn(alike, [explorer.asked.of(env) for _, env, _ in alike])
    except Unsolved:
        return False
    return True


def _count(group, made):
    cases = group.fits(made)
    group.cases += cases
    return cases


def _in_words(value):
    """Whether an expression can say the value: not None, no class, and no object."""
    if isinstance(value, (list, tuple)):
        return all(item is None or _in_words(item) for item in value)
    return isinstance(value, (bool, int, float, str))


def _such_as(name, values, depth=0):
    """That a value is a number, one of the words or a list of items like those that were seen. Where there was a float, a whole number stands for one too."""
    of, kinds, item = [], {type(value) for value in values}, f"x{depth}"
    items = [item for value in values if isinstance(value, list) for item in value]
    if str in kinds:
        of.append(f"{name} in {sorted({value for value in values if isinstance(value, str)} - {UNKNOWN})!r}")
    if float in kinds:
        of.append(f"is_float({name})")
    if {int, float} & kinds:
        of.append(f"is_int({name})" + f" and {name} >= 1" * all(value != 0 for value in values if type(value) in (int, float)))
    if bool in kinds:
        of.append(f"is_bool({name})")
    if list in kinds:
        of.append(f"is_list({name})" + (f" and len([{item} for {item} in {name} if not ({_such_as(item, items, depth + 1)})]) == 0" if items else f" and len({name}) == 0"))
        if len({isinstance(item, list) for item in items}) == 2:  # an item is a list or none by its place
            places = sorted({tuple(isinstance(item, list) for item in value) for value in values if isinstance(value, list)})
            of[-1] += f" and [is_list({item}) for {item} in {name}] in {[*map(list, places)]!r}"
    if type(None) in kinds:
        of.append(f"{name} is None")
    return " or ".join(of)


def _parameters(cls):
    """{name: parameter} of a constructor; where it hands on what it does not know, those of the class that it is made from too."""
    found = {}
    for base in cls.__mro__:
        if "__init__" not in vars(base):
            continue
        parameters = inspect.signature(base.__init__).parameters.values()
        for parameter in parameters:
            if parameter.name != "self" and parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                found.setdefault(parameter.name, parameter)
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
            break
    return found


def _run(architecture, env, more=None, **limits):
    return T.run(architecture, env, more=(more or {}).items(), **limits)


def _runner(architecture, most_modules):
    """run(env) for an explorer."""
    def run(env):
        trace, root = _run(architecture, env, most_modules=most_modules)
        return Seen(trace.all_asked(), list(trace.runs.values()), set(env), (trace, root, root.module), rounds=rounds_of(trace, set()))

    return run


def _modules(node):
    return sum(1 for _ in nodes(node))


def _weighing(node):
    """What is in a tree, less the modules that weigh nothing; of those in a module with tensors of its own, that they are there."""
    return (node.cls, [(t.name, t.kind, t.dtype, t.shape, t.persistent) for t in node.tensors],
            [(name, _weighing(child) if child.has_tensors() else None) for name, child in node.children if child.has_tensors() or node.tensors])  # fmt: skip
