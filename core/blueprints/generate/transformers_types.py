# SPDX-License-Identifier: Apache-2.0
"""The blueprint of one transformers model type: all its classes, and the way from its config.json to them."""
import copy
import gc
import re
import sys

import transformers
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from . import configs as C
from . import expr as E
from . import made_by_hand
from . import modules as M
from . import mentions
from . import per_layer
from . import some_fields
from . import timm_calls
from . import told_types
from .assumptions import has_value, hold
from .catalogue import auto_classes, each, model_classes, switches
from .channels import handed_out
from .config_part import ConfigPart
from .examples import Example, Unsolved
from .envs import dotted, get, leaves, put
from .explore import Explorer
from .hints import FILLED, Hints
from .repair import working
from .refusals import conditions_for
from .fields import IRRELEVANT, fields, legacy_keys, types_of
from .no_split import handed_on, own_no_split
from .patience import TooLong, patience
from .start import CONFIGS, assume_what_was_added, default_config, is_answered, optional, start_config
from .telling import learnt
from .tidy import tidied
from .ties import checked_ties
from .within import in_shapes

WAYS = ({"seed": 0}, {"seed": 1}, {"seed": 0, "zeros": False})  # where no rule is found from some configs, others are tried

_prepared = False


def prepare():
    global _prepared
    if not _prepared:
        M.prepare()
        C.prepare()
        _prepared = True


def undescribed(model_type, reason):
    """The blueprint of a type of which nothing is known but the names of its classes, and why."""
    prepare()
    config_class = CONFIG_MAPPING[model_type]
    auto = auto_classes(model_type)
    return {"library": "transformers", "version": transformers.__version__, "model_type": model_type,
            "config": {"class": config_class.__name__, "defaults": {}, "types": {}}, "auto": auto, "classes": {},
            "lacks": dict.fromkeys(model_classes(model_type, config_class, auto), reason), "verified": {"cases": 0, "exact": 0}}  # fmt: skip


def in_words(error):
    """Why a class is lacking, for people."""
    if isinstance(error, (Unsolved, TooLong)):
        return f"no rule was found for {error}"
    if isinstance(error, ImportError):
        return "the library needs a package for it that was not there when the blueprint was made"
    return f"{type(error).__name__} where the library itself builds it from its default config"


def may_change(path):
    """Whether a field may matter and may have another value."""
    return not IRRELEVANT.search(path[-1]) and path[-1] != "model_type"


def read_fields(scope, reads):
    """{path: value} of the fields that were read and that may change."""
    return {path: value for path, value in leaves(scope) if dotted(path) in reads and may_change(path)}


def _is_filled_in(config, name):
    """Whether the config class puts something in the place of null: then no model finds null there."""
    try:
        return config.__dict__.get(name) is not None and type(config)(**{name: None}).__dict__.get(name) is not None
    except Exception:  # it refuses null, or cannot be made with nothing else
        return False


def _builds(cls, config, arguments):
    """Whether the library builds a class from a config as it is."""
    try:
        M.runner(cls, config, arguments)(M.scope_of(config))
        return True
    except Exception:
        return False


def _keep_numbers(explorer, hints, names):
    """Undeclared fields were tried with values of every kind: those that turn out to be sizes are numbers, and what else they were is forgotten."""
    strange = [(env, {name for name in names if type(env.get(name)) in (bool, str)}, root) for env, (_, root, _) in explorer.results]
    nonsense = {id(env): others & in_shapes(root) for env, others, root in strange if others}
    explorer.results = [result for result in explorer.results if not nonsense.get(id(result[0]))]
    for name in set().union(*nonsense.values()):
        hints.types[name] = {"int", "None"}


def types_within(results):
    """That nested configs which may be of any type are of the one that was seen, where this class says something of their models that their own blueprints say too.

    Of a timm model it is the architecture that says what is in it.
    """
    configs = {path: get(env, tuple(path.split("."))) for env, (trace, root, model) in results for path in (trace.opened | handed_on(root, model)) & trace.open}
    told = [(path, config, name) for path, config in sorted(configs.items()) for name in ("model_type", *(("backbone",) if M.is_timm(config) else ()))]
    return [E.text(has_value((*path.split("."), name), config[name])) for path, config, name in told]


class TypeBlueprint:
    """Traces, induces and writes one model type."""

    def __init__(self, model_type, config_class=None, budget=240, report=print):
        prepare()
        self.model_type, self.budget, self.report = model_type, budget, report
        self.config_class = config_class or CONFIG_MAPPING[model_type]
        M.unchecked(self.config_class)
        made_by_hand.declare(self.config_class, C.ConfigTrace)
        self.auto = auto_classes(model_type)
        self.failures = {}
        self.hopeless = set()  # what the library says of default configs near which it accepts none
        self.reads = set()  # dotted paths of the fields that the constructors of its classes read, and of models within
        self.types_asked = []  # what the class that was described last asked about the types of nested configs
        self.verified = 0  # configs that no class was learnt from, and that its blueprint described exactly

    def make(self):
        per_layer.discover(self.config_class, fields(self.config_class), legacy_keys(self.config_class))
        config, classes = self._start(), {}
        for name, cls in model_classes(self.model_type, self.config_class, self.auto).items():
            if self._foreign(name, classes, config):
                continue
            try:
                classes[name] = self._with_other_types(name, cls, self._described(name, cls, self._start(name) if name in CONFIGS else config))
            except Exception as e:
                self.failures[name] = e
        pending = {m for c in classes.values() for m in mentions.references(c)}
        known = model_classes(self.model_type, self.config_class, self.auto)
        pending |= {M.with_arguments(name, {switch: value}) for name in classes if name in known for switch, value in switches(known[name])}
        for name in sorted(pending - set(classes)):  # classes called with arguments
            match = re.fullmatch(r"(\w+)\((.*)\)", name)
            cls = match and known.get(match[1])
            if cls:
                try:
                    classes[name] = self._class(cls, config, eval(f"dict({match[2]})"))
                except Exception as e:
                    self.failures[name] = e
        auto = {a: c for a, c in self.auto.items() if all(self._is_found(n, classes, config) for n in each([c]))}
        lacks = {name: in_words(error) for name, error in sorted(self.failures.items()) if isinstance(error, (Exception, TooLong))}
        return {
            "library": "transformers", "version": transformers.__version__, "model_type": self.model_type,
            "config": ConfigPart(self.config_class, self.failures, self.reads).make(classes), "auto": auto, "classes": classes, **({"lacks": lacks} if lacks else {}),
            "verified": {"cases": self.verified, "exact": self.verified},
        }  # fmt: skip

    def _with_other_types(self, name, cls, body):
        """The body of a class; its alternatives, where it asked whether a nested config is of a certain type."""
        for key, word, is_one in self.types_asked[:1]:
            for other in told_types.others(word, is_one):
                before = self.verified
                gc.collect()  # what was traced for the first type is no longer needed
                try:
                    config = self._start(name, {key: other})
                    if _builds(cls, config, {}):
                        return told_types.together(body, self._described(name, cls, config), key, word, is_one, key in optional(self.config_class))
                except Exception:  # the library makes no config of this type, or there is no rule for it
                    self.verified = before
        return body

    def _start(self, model_class=None, said=None):
        config = start_config(self.model_type, self.config_class, model_class=model_class, said=said)
        for path, sub in M.config_objects(config):
            if path:
                M.unchecked(type(sub))
                per_layer.discover(type(sub), fields(type(sub)), legacy_keys(type(sub)))
        return config

    def _described(self, name, cls, config):
        """The class body; where no rule is found for all fields, for as many as one is found for. Raises the reason why there is none."""
        before = self.verified
        for way in WAYS:
            try:
                with patience():
                    return self._class(cls, config, **way)
            except (Unsolved, TooLong) as e:
                reason, self.verified = e.with_traceback(None), before  # what was traced is let go with the traceback
            gc.collect()
            if isinstance(reason, TooLong):  # as other configs would be
                break

        def describe(free):
            self.verified = before
            return self._class(cls, config, free=free), self.verified

        try:
            body, self.verified = some_fields.described(describe, self._read(cls, config))
        except Exception:
            raise Unsolved(reason) from reason
        self.failures[f"{name}, but with fields held"] = in_words(reason)
        return body

    def _read(self, cls, config):
        """The paths of all fields that the constructor of the default config reads and that may be changed."""
        scope = M.scope_of(config)
        seen = M.runner(cls, config)(copy.deepcopy(scope))
        return list(read_fields(scope, seen.reads - seen.within))

    def _is_found(self, name, classes, config):
        """Whether there is something to say of the class behind an auto class. Of nested configs the library takes the text's alone."""
        known = name in classes or name in self.failures or self._foreign(name, classes, config)
        return known and all(body.get("config", "text_config") == "text_config" for body in each([classes.get(name, {})]))

    def _foreign(self, name, classes, config):
        """An auto class may answer with the model of a nested config: Gemma3ForCausalLM for gemma3."""
        cls = getattr(transformers, name, None)
        if cls is None or cls.config_class is self.config_class:
            return False
        for key, sub in config.__dict__.items():
            if isinstance(sub, transformers.PreTrainedConfig) and cls.config_class is type(sub):
                classes[name] = {"model": name, "config": key}
                return True
        return False

    def _class(self, cls, config, arguments=None, free=None, seed=0, zeros=True):
        """The class body. free: the paths of the fields that it is described for, while all others are as they are; all if None.

        zeros: whether sizes that are asked for their truth are tried with 0.
        """
        may_lack = optional(self.config_class)
        if may_lack and not _builds(cls, config, arguments):
            may_lack, config = (), start_config(self.model_type, self.config_class, whole=False, model_class=cls.__name__)
        hints = Hints({name: kinds if zeros else kinds | {FILLED} for name, kinds in self._types(config).items()})
        run, scope = M.runner(cls, config, arguments), M.scope_of(config)

        def usable(path):
            return may_change(path) and (free is None or path in free) and not (path[1:] and M.is_timm(get(scope, path[:-1])) and path[-1] not in ("num_channels",))

        if hasattr(sys.modules[cls.__module__], "timm"):
            timm_calls.suggest(hints, scope)
        scope = working(run, scope, hints, usable, self.hopeless)
        first = run(scope)
        trace, widths = first.result[0], {value for path, value in leaves(scope) if path[-1] == "hidden_size" and type(value) is int}
        within = M.unknown_within(first.reads - first.within, config, trace.open - trace.opened)
        for name in sorted(within):
            put(scope, tuple(name.split(".")), None)
            hints.types[name] = {"int", "bool", "str", "None"}
            hints.numbers[name] = widths  # what it may have to be like
        known, unknown = None, M.unknown_reads(first.reads, config)
        while known != unknown:  # some are only read once others are set
            known = unknown
            for name in sorted(unknown - scope.keys()):
                scope[name] = None
                hints.types[name] = {"int", "bool", "str", "None"}
            explorer = Explorer(run, scope, hints, budget=self.budget, seed=seed, usable=usable, optional=may_lack,
                                is_head=lambda result: any(child.reference is not None for _, child in result[1].children))
            explorer.explore()
            _keep_numbers(explorer, hints, unknown)
            unknown = known | M.unknown_reads(explorer.reads, config)
        body = self._solved_with_what_was_null(cls, explorer)
        results, self.types_asked = explorer.results, told_types.questions(explorer.asked)
        self.reads |= explorer.reads
        if "model" not in body:
            unchanged = timm_calls.unchanged(explorer)
            if unchanged:
                body["assumes"] = [*body.get("assumes", ()), *unchanged]
            more = [*(f"{dotted(path)} is None" for path in self._never_set(explorer)), *types_within(results), *per_layer.alike_within_kinds([Example(trace, env, root) for env, (trace, root, _) in results])]
            if more:
                body["assumes"] = [*body.get("assumes", ()), *more]
            default = default_config(self.config_class, whole=bool(may_lack))
            if [type(c) for _, c in M.config_objects(default)] != [type(c) for _, c in M.config_objects(config)]:
                default = config  # of other types: nothing is lacking in it
            assume_what_was_added(body, M.runner(cls, default, arguments), explorer.start, M.scope_of(default), [env for env, _ in results])
            refused = [(env, getattr(error, "last_asked", ())) for env, error in explorer.refusals]
            taken = conditions_for(refused, [env for env, _ in results], lambda env: is_answered(body, env))
            body = tidied({**body, "assumes": [*body.get("assumes", ()), *taken]} if taken else body)
            if free is not None:
                body = hold(body, {path: value for path, value in read_fields(explorer.start, explorer.own_reads).items() if path not in free})
        self.report(f"  {cls.__name__}: {len(results)} traces, {len(explorer.refusals)} refused")
        return body

    def _solved_with_what_was_null(self, cls, explorer):
        """_solved(); what was null wherever it was read is set then, and the class solved again where that can be."""
        before = self.verified
        body = self._solved(cls, explorer)
        results, verified = list(explorer.results), self.verified
        if "model" in body or not explorer.set_where_read(self._never_set(explorer)):
            return body
        try:
            self.verified = before
            return self._solved(cls, explorer)
        except Unsolved:
            explorer.results, self.verified = results, verified
            return body

    def _solved(self, cls, explorer):
        """_body(); where it finds no rule, with more fields varied, and at last without the unusual numbers. Raises Unsolved."""
        try:
            return self._body(cls, explorer)
        except Unsolved:
            if not explorer.widen() and not explorer.settle_for_less():
                raise
        return self._solved(cls, explorer)

    def _body(self, cls, explorer):
        """The modules of a class with what accelerate keeps whole and the ties. Raises Unsolved."""
        body, new, loose = learnt(explorer)
        if "model" in body:
            return body
        self.verified += new
        if loose is not None:
            self.failures[f"{cls.__name__}, modules without tensors"] = loose
        self._root_facts(body, explorer)
        return body

    def _never_set(self, explorer):
        """What the constructor reads and what was null in every config where it did: what else it does is not known."""
        scopes = [(dict(leaves(env)), explorer.reads_of[id(env)]) for env, _ in explorer.results]
        return [path for path in sorted(scopes[0][0]) if dotted(path) in explorer.own_reads and path[-1] not in M.NEVER_GIVEN
                and not IRRELEVANT.search(path[-1]) and all(scope.get(path) is None for scope, reads in scopes if dotted(path) in reads)]  # fmt: skip

    def _types(self, config, prefix=""):
        undeclared = {k: {"int", "float", "None"} for k, v in config.__dict__.items() if v is None and not M.is_private(config, k)}  # what the class itself keeps of an old key
        types = {prefix + k: v - {"None"} | {FILLED} if _is_filled_in(config, k) else v for k, v in (undeclared | types_of(type(config))).items()}
        for key, sub in config.__dict__.items():
            if isinstance(sub, transformers.PreTrainedConfig):
                types.update(self._types(sub, f"{prefix}{key}."))
        return types

    def _root_facts(self, body, explorer):
        """no_split and ties, less what nested models bring along themselves."""
        no_split = set().union(*(own_no_split(root, model) for _, (_, root, model) in explorer.results))  # a nested model is not described elsewhere in all configs
        if no_split:
            body["no_split"] = sorted(no_split)
        channels = handed_out([(Example(trace, env, root), trace.own_channels) for env, (trace, root, _) in explorer.results])
        if channels is not None:
            body["channels"] = channels
        ties = checked_ties(explorer)
        if ties:
            body["ties"] = ties
