# SPDX-License-Identifier: Apache-2.0
"""Stage one: config.json -> the attributes that the modules read."""
import copy

from transformers import PreTrainedConfig
from transformers.configuration_utils import SubConfigSpec

from . import expr as E
from . import per_layer
from . import symbols as S
from .comprehensions import comprehensions
from .counting import places, words_in
from .decide import decide, ranked
from .examples import Example, Unsolved, generalise
from .explore import Seen
from .features import Features
from .fields import fields, json_like, legacy_keys, types_of
from .modules import config_objects, remember, scope_of, unchecked
from .trace import Node, Trace

JSON_ONLY = ("model_type", "architectures", "auto_map")


class Inputs(E.Scope):
    """Defaults overlaid by a config.json; knows which keys the JSON gave."""

    given = frozenset()

    def __deepcopy__(self, memo):
        new = Inputs({k: copy.deepcopy(v, memo) for k, v in self.items()})
        new.given = self.given
        return new


class ConfigTrace(Trace):
    """Also notes how nested configs are made."""

    of_config = True

    def __init__(self, config_class):
        super().__init__()
        self.config_class = config_class
        self.sub_configs = {}  # key -> (spec, what it was made from, resolved config, {path of it and of those within: state})
        self.passed = {}  # key -> {name: value} of what was a field of the config around it and was handed on to it
        self.depth = 0
        self.example = None

    def make(self, original, spec, key, value, kwargs):
        self.depth += 1
        try:
            made, kwargs = original(spec, key, S.plain(value), **kwargs)
        finally:
            self.depth -= 1
        if self.depth == 0 and isinstance(made, PreTrainedConfig) and (key not in self.sub_configs or self.sub_configs[key][2] is not made):
            self.note(key, spec, value, made)
        return made, kwargs

    def note(self, key, spec, value, made):
        given = value if type(value) is dict else made.__dict__
        self.passed[key] = {k: v for k, v in given.items() if k in made.__dict__ and isinstance(v, S.Sym) and (v.expr or E.NONE)[0] == "name" and v.expr[1] != key}
        remember(made, scope_of(made), key + ".")
        self.sub_configs[key] = (spec, value, made, {path: dict(config.__dict__) for path, config in config_objects(made)})


def prepare():
    original = SubConfigSpec.create_subconfig

    def create_subconfig(self, key, subconfig=None, **kwargs):
        trace = S.Log.current
        if isinstance(trace, ConfigTrace):
            if trace.depth:
                return original(self, key, subconfig, **kwargs)
            S.Log.current = None  # a nested config is resolved by its own blueprint
            try:
                return trace.make(original, self, key, subconfig, kwargs)
            finally:
                S.Log.current = trace
        return original(self, key, subconfig, **kwargs)

    SubConfigSpec.create_subconfig = create_subconfig


def prefers_names(config_class):
    """Whether the names of the labels in a file (id2label) tell how many there are, rather than a num_labels beside them."""
    try:
        return config_class.from_dict({"id2label": {"0": "a", "1": "b", "2": "c"}, "num_labels": 5}).num_labels == 3
    except Exception:  # the class wants more than that
        return False


def counts_classes(config_class):
    """Whether a file of its own says with `num_classes` how many labels there are: as part of another config it is made without that."""
    if config_class.from_dict.__func__ is PreTrainedConfig.from_dict.__func__:
        return False
    try:
        return all(config_class.from_dict({"num_classes": n, "label_names": ["a", "b"]}).num_labels == n for n in (1, 7))
    except Exception:
        return False


class ConfigStage:
    """The config class of one model type."""

    def __init__(self, config_class, wanted=()):
        """wanted: attributes that the modules read; those that are no fields come from the JSON as they are."""
        self.config_class = config_class
        unchecked(config_class)
        self.types = types_of(config_class)
        declared = fields(config_class)
        known = set(config_class.attribute_map) | {"num_labels"} | set(dir(config_class))
        self.legacy = sorted({*legacy_keys(config_class), *(name for name in wanted if name not in declared and name not in known)})
        self.fields = {k: json_like(v) for k, v in fields(config_class).items()}
        self.nested = set(getattr(config_class, "sub_configs_defaults", {}) or {})
        self.start = Inputs({**self.fields, **{k: None for k in self.legacy}})
        for key in self.nested:
            self.start[key] = None

    def run(self, env):
        """Trace the config class on inputs; fields are always given, legacy keys where they are not null."""
        arguments = {k: S.wrap(copy.deepcopy(v), ("name", k)) for k, v in env.items() if k in self.fields or v is not None}
        with ConfigTrace(self.config_class) as trace:
            config = self.config_class(**{k: v for k, v in arguments.items() if k not in JSON_ONLY})
        scope = Inputs(env)
        scope["config_json"] = {key: env[key] for key in self.nested if env[key] is not None}
        for key, (_, _, made, _) in trace.sub_configs.items():
            scope[key] = scope_of_resolved(made)
        reads = set(self.fields) | set(self.legacy)
        return Seen(trace.all_asked(), list(trace.runs.values()), reads, (trace, scope, config))


def changed(stage, changes):
    """(env, what the class was seen to make of it) of a start that these inputs change; None where the class refuses it."""
    env = Inputs({**stage.start, **changes})
    try:
        return env, stage.run(env).result
    except Exception:
        return None


def made(stage, name, changes):
    """The plain value of an attribute after these changes; None where the class refuses them, or has none."""
    found = changed(stage, changes)
    return None if found is None else S.plain(attribute_or_none(found[1][2], name))


def scope_of_resolved(config):
    scope = scope_of(config)
    scope.update({k: S.plain(v) for k, v in scope.items() if not isinstance(v, E.Scope)})
    return scope


def attribute(config, path):
    """The value at a path of a resolved config; S values keep their memory. KeyError if there is none."""
    value = config
    for key in path.split("."):
        if isinstance(value, PreTrainedConfig):
            if key == "num_labels":
                value = value.num_labels
                continue
            if key in value.__dict__:
                value = value.__dict__[key]
                continue
            found = per_layer.lists(value)
            if key not in found:
                raise KeyError(path)
            value = found[key]
        elif isinstance(value, S.SymDict):
            if not dict.__contains__(value, key):
                raise KeyError(path)
            with _silence():
                value = value._value(key)
        elif isinstance(value, dict):
            value = value[key]
        else:
            raise KeyError(path)
    return value


def attribute_or_none(config, path):
    try:
        return attribute(config, path)
    except KeyError:
        return None


class _silence:
    def __enter__(self):
        self.trace, S.Log.current = S.Log.current, None

    def __exit__(self, *_):
        S.Log.current = self.trace


def example_of(trace, scope):
    """The trace's one Example: what was evaluated for one attribute is known for the next."""
    if trace.example is None:
        trace.example = Example(trace, scope, Node(None, "", "", ()))
    return trace.example


_features = {}


def features_of(examples):
    """Features of these examples, which many attributes ask for."""
    key = tuple(map(id, examples))
    if key not in _features:
        nested = getattr(examples[0].trace.config_class, "sub_configs_defaults", None) or {}
        _features[key] = Features(examples, [is_given(name) for name in nested])
    return _features[key]


def is_given(key):
    """The question whether a file gives a nested config: the name of one means what was made of it, and is never null."""
    source = ("name", "config_json")
    return ("and", ("cmp", "in", E.const(key), source), ("cmp", "is not", ("item", source, E.const(key)), E.NONE))


def _is_there(path):
    """The questions whether there is something at the path: the library does not ask for all that is in an object in an object."""
    keys = path.split(".")
    return [("cmp", "in", E.const(key), E.place(".".join(keys[: k + 1]))) for k, key in enumerate(keys[1:])]


def _is_about_one_word(question):
    """Whether it asks which word stands at one place of a list: what is in an object never hangs on that, but on whether the word is in the list at all."""
    if question[:2] != ("cmp", "==") or question[2][0] != "item" or question[3][0] != "const":
        return False
    place = question[2][2]
    return isinstance(question[3][1], str) and not (place[0] == "const" and isinstance(place[1], str))


def own_or_null(path):
    """What the file says at a path into an object, null where it says nothing."""
    e = E.place(path)
    for question in reversed(_is_there(path)):
        e = ("if", question, e, E.NONE)
    return ("if", ("name", path.split(".")[0]), e, E.NONE)


def derive(results, path, questions=()):
    """The expression of one attribute over the inputs, or None if it is the input of that name itself.

    questions: more of them than the class was seen to ask, about place i of a list, or about what is on the path.
    """
    examples, values = [], []
    for env, (trace, scope, config) in results:
        try:
            value = attribute(config, path)
        except KeyError:
            if "." not in path:
                continue
            value = None  # a path that is null is not set
        examples.append(example_of(trace, scope))
        values.append(value)
    if not values:
        return None  # what only a file sets, and no config here did
    plain = [S.plain(v) for v in values]
    plain = [json_like(p) if isinstance(p, (list, tuple, dict)) else p for p in plain]
    own = ("name", path) if "." not in path else E.place(path)
    keep = [r for r, p in enumerate(plain) if isinstance(p, (bool, int, float, str, list, dict, type(None)))]
    examples, values, plain = [examples[r] for r in keep], [values[r] for r in keep], [plain[r] for r in keep]
    if not examples:
        raise Unsolved(path)
    if _is_own(examples, plain, own, path):
        return None
    free = [r for r, e in enumerate(examples) if e.value(E.text(own)) is None] if "." not in path and any(isinstance(p, list) for p in plain) else []
    passed_on = 0 < len(free) < len(plain) and all(r in free or examples[r].value(E.text(own)) == p for r, p in enumerate(plain))
    if passed_on:  # a list that the file gives is taken as it is: a rule is needed for the others
        examples, values, plain = [examples[r] for r in free], [values[r] for r in free], [plain[r] for r in free]
    features = Features(examples, [*_is_there(path), *questions]) if path.count(".") > 1 else features_of(examples)
    if "." in path:
        features = features.without(_is_about_one_word)
    single, lists = {repr(p) for p in plain}, words_in(examples)
    pools = [generalise(S.expr_of(v), e) if not isinstance(v, dict) or isinstance(v, S.SymDict) and v.expr else []
             for v, e in zip(values, examples)]
    candidates = [own] + ranked(pools)
    if len(single) > 1:  # a list is passed on or made by a rule, not learnt by heart, but for the one that the class has written out
        instead = {repr(p) for e, p, v in zip(examples, plain, values) if e.value(E.text(own)) is None and not _copied(v)}
        written = {repr(p) for v, p in zip(values, plain) if isinstance(p, list) and p and S.expr_of(v) == E.const(p)}
        unlisted = {repr(p) for e, p in zip(examples, plain) if lists and all(e.value(x) is None for x in (E.text(own), *lists))}
        alone = [group for group in (instead, written, unlisted) if len(group) == 1]
        candidates = [c for c in candidates if not _by_heart(c) or {repr(_by_heart(c))} in alone]
        candidates = [c for c in candidates if not (c[0] != "list" and any(E.is_long(x) for x in E.walk(c)))]
    candidates = [c for c in candidates if not any(isinstance(x, dict) for e in E.walk(c) if e[0] == "const" and isinstance(e[1], list) for x in e[1])]
    if any(isinstance(p, list) for p in plain):
        candidates += dict.fromkeys(filter(None, (_copied(v) for v in values)))
        ends = dict.fromkeys(p[-1] for p in plain if isinstance(p, list) and p and isinstance(p[-1], str))  # a last item that is put right
        kept = [own, *(("op", "+", ("slice", own, None, E.const(-1), None), ("list", E.const(end))) for end in ends)]
        candidates += kept[1:] + [places(name, word) for name, words in lists.items() for word in words]
        candidates += comprehensions(examples, plain, values, kept, path, questions)
    candidates += [E.const(None), E.const(True), E.const(False)]
    if "." in path:  # where several objects may hold it, whether each of them does needs a tree too deep to be found
        candidates += [("if", ("cmp", "in", c[2], c[1]), c, E.NONE) for c in candidates if c[0] == "item" and c[1][0] == "name" and c[2][0] == "const"]
    rule = decide(examples, plain, candidates, features, f"config.{path}", pools=None if any(isinstance(p, list) for p in plain) else pools)
    is_null = ("cmp", "is", own, E.NONE)
    return rule if not passed_on or rule[:2] == ("if", is_null) and rule[3] == own else ("if", is_null, rule, own)


def _by_heart(e):
    """The items of a list of constants, or None."""
    if e[0] == "list" and len(e) > 3 and all(x[0] == "const" for x in e[1:]):
        return [x[1] for x in e[1:]]
    return e[1] if e[0] == "const" and isinstance(e[1], list) else None


def _is_own(examples, plain, own, path):
    """Whether an attribute is the input of its name. One in an object is there where the file has it."""
    return all(e.gives(own, p) or "." in path and p is None and e.value(E.text(own)) is Unsolved for e, p in zip(examples, plain))


def passes(results, path):
    """Whether the value at a path into an object is always the input of that name itself."""
    examples, values = [], []
    for _, (trace, scope, config) in results:
        examples.append(example_of(trace, scope))
        values.append(json_like(S.plain(attribute_or_none(config, path))))
    return _is_own(examples, values, E.place(path), path)


def _copied(values):
    """The list of the config of which this one was made, item by item."""
    e = S.expr_of(values)
    if e[0] != "list" or len(e) < 2 or any(item[0] != "item" or item[2] != E.const(k) or item[1] != e[1][1] for k, item in enumerate(e[1:])):
        return None
    return e[1][1]


def holds(expression, results, path):
    """Whether the expression of an attribute gives what the config class gave, on configs it was not learnt from."""
    for _, (trace, scope, config) in results:
        plain = S.plain(attribute_or_none(config, path))
        if isinstance(plain, dict):
            continue  # objects are checked by their paths
        plain = json_like(plain) if isinstance(plain, (list, tuple)) else plain
        if isinstance(plain, (bool, int, float, str, list, type(None))) and not example_of(trace, scope).gives(expression, plain):
            return False
    return True
