# SPDX-License-Identifier: Apache-2.0
"""Nested configs: of which type they are, what they are made from, and what the config around them sets."""
import re

import transformers
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from . import configs as C
from . import expr as E
from . import mentions
from . import symbols as S
from .catalogue import type_name
from .decide import decide, presence, ranked
from .examples import Unsolved, generalise
from .fields import IRRELEVANT, fields, json_like, legacy_keys
from .kinds_of_type import ANY_TYPES
from .modules import config_objects, knows, open_types


def own_if_known(key, name):
    """An attribute of a nested config, or one further down; null where its type has none of the name."""
    return ("if", ("cmp", "in", E.const(name.split(".")[0]), ("name", key)), ("name", f"{key}.{name}"), E.NONE)


class SubConfigs:
    """The `sub_configs` of one config class, from its traces."""

    def __init__(self, config_class, stage, results, failures, paths_read):
        """paths_read: dotted paths of what any model reads of the config."""
        self.config_class, self.stage, self.results, self.failures, self.paths_read = config_class, stage, results, failures, paths_read
        self.reads = {path.rpartition(".")[2] for path in paths_read if "." in path}  # names of the attributes that any model reads of a nested config
        self.assumes = set()  # conditions on the inputs

    def make(self, classes):
        out, of_any_type, read = {}, open_types(self.config_class), self.reads | {word for source in mentions.expressions(classes) for word in re.findall(r"\w+", source)}
        for key in sorted(self.stage.nested):
            spec = self.config_class.sub_configs_defaults[key]
            entry = {}
            default_type, init = self._own_default(key, spec)
            if spec.optional:
                entry["when"] = self._when(key)
            if key not in of_any_type:
                entry["model_type"] = repr(type_name(spec.config_class))
            elif self._insists(key, default_type):
                entry["model_type"] = repr(default_type)
            else:
                entry["model_type"] = f"{key}['model_type'] if {key} is not None and 'model_type' in {key} else {default_type!r}"
            entry["from"] = self._source(key)
            if init:
                entry["default"] = init
                if default_type == spec.model_type and self._merges(key, spec):
                    entry["merge"] = True
            self._assume_type(key, default_type)
            then = (self._only_others_know(key, default_type, classes) if key in of_any_type else {}) | self._then(key, read) | self._written(key)
            if then:
                entry["then"] = then
            out[key] = entry
        return out

    def _when(self, key):
        """When there is a nested config that may be null: where the file gives one, and where the class makes one nevertheless."""
        ungiven = [(C.example_of(trace, scope), isinstance(C.attribute_or_none(config, key), transformers.PreTrainedConfig))
                   for env, (trace, scope, config) in self.results if env.get(key) is None]  # fmt: skip
        if not any(made for _, made in ungiven):
            return f"{key} is not None"
        examples = [example for example, _ in ungiven]
        try:
            made = presence(examples, [made for _, made in ungiven], C.features_of(examples), f"config.{key}: is it there?")
        except Unsolved as e:
            self.failures[f"config.{e}"] = "no rule was found"
            return f"{key} is not None"
        return f"{key} is not None or {E.text(made, 3)}" if made is not None else "True"

    def _insists(self, key, default_type):
        """Whether the class takes a nested config for one of its default type, whatever type that says it is."""
        for other in ANY_TYPES:  # a class may refuse some
            try:
                made = getattr(self.config_class(**{key: {"model_type": other}}), key)
            except Exception:
                continue
            if other != default_type:
                return made.model_type == default_type
        return False

    def _own_default(self, key, spec):
        """(model type, settings) of a nested config that is not given; a class may put one of another type there than it declares."""
        try:
            made = getattr(self.config_class(), key)
        except Exception:
            made = None
        init = json_like(dict(spec.init_kwargs or {}))
        if not isinstance(made, transformers.PreTrainedConfig) or spec.model_type is None:
            return spec.model_type, init
        if made.model_type == spec.model_type and not set(init) & set(legacy_keys(type(made))):
            return spec.model_type, init
        declared = fields(type(made))  # not what the class makes of them: head_dim may be the usual one where it would not follow from these settings
        settings = {k: json_like(getattr(made, k)) for k in declared if not IRRELEVANT.search(k)}
        settings = {k.removeprefix("_"): v for k, v in settings.items() if not isinstance(getattr(made, k), transformers.PreTrainedConfig)
                    and v != json_like(declared.get(k))}  # fmt: skip
        settings |= self._more(key, made, type(made)())
        return made.model_type, settings | (init if made.model_type == spec.model_type else {})  # which stages a backbone hands out is no field of it

    def _more(self, key, made, usual):
        """What the class sets in its own nested config although that declares it not. What follows a field of the parent is assumed to be as by default."""
        out = {}
        for name in sorted(set(made.__dict__) - set(usual.__dict__)):
            value = made.__dict__[name]
            if name.startswith("_") or name in C.JSON_ONLY or not isinstance(value, (bool, int, float, str)):
                continue
            by_default = [(scope, S.plain(trace.sub_configs[key][2].__dict__.get(name)) == value) for env, (trace, scope, _) in self.results
                          if key in trace.sub_configs and type(trace.sub_configs[key][2]) is type(made) and env.get(key) is None]  # fmt: skip
            if not all(same for _, same in by_default):
                follows = next((f for f, usually in self.stage.fields.items() if all((scope[f] == usually) == same for scope, same in by_default)), None)
                if follows is None:
                    continue
                self.assumes.add(f"{E.text(C.is_given(key))} or {E.text(('cmp', '==', ('name', follows), E.const(self.stage.fields[follows])))}")
            out[name] = value
        return out

    def _assume_type(self, key, default_type):
        """Old switches may put a nested config of another type in the place of one that is not given."""
        made = [(C.example_of(r[0], r[1]), r[0].sub_configs[key][2]) for env, r in self.results if key in r[0].sub_configs and env.get(key) is None]
        if default_type is not None and made:
            usual = presence([e for e, _ in made], [m.model_type == default_type for _, m in made], C.features_of([e for e, _ in made]), f"config.{key}.model_type")
            if usual is not None:
                self.assumes.add(f"{E.text(C.is_given(key))} or ({E.text(usual)})")

    def _merges(self, key, spec):
        """Whether the class puts what a file says of a nested config over its own defaults for it, rather than in their place."""
        try:
            given = {"model_type": spec.model_type} if spec.model_type else {"architectures": None}
            made = getattr(self.config_class(**{key: given}), key)
        except Exception:
            return False
        default = type(made)()
        telling = [k for k, v in spec.init_kwargs.items() if k in type(made).__dataclass_fields__ and json_like(getattr(default, k)) != json_like(v)]
        return any(json_like(getattr(made, k)) == json_like(spec.init_kwargs[k]) for k in telling)

    def _then(self, key, read):
        """Attributes of a nested config, and of those within it, that the parent sets after it was made: fields, and others that models read."""
        made = [(r, r[0].sub_configs[key][2:]) for _, r in self.results if key in r[0].sub_configs]
        changed = {f"{path}.{k}" if path else k for _, (sub, states) in made for path, config in config_objects(sub) if path in states for k, v in config.__dict__.items()
                   if v is not states[path].get(k) and (k in type(config).__dataclass_fields__ or k in read) and not IRRELEVANT.search(k)}  # fmt: skip
        handed_on = {name for (trace, _, _), _ in made for name in trace.passed.get(key, ()) if not IRRELEVANT.search(name)} - changed
        out = {}
        for name in sorted(changed | handed_on):
            examples = [C.example_of(trace, scope) for (trace, scope, _), _ in made]
            values = [trace.passed[key][name] if name in handed_on and name in trace.passed[key] else C.attribute_or_none(sub, name) for (trace, _, _), (sub, _) in made]
            try:
                if any(isinstance(v, (dict, transformers.PreTrainedConfig)) for v in values):
                    raise Unsolved(f"{key}.{name}")
                pools = [generalise(S.expr_of(v), e) for v, e in zip(values, examples)]
                rule = decide(examples, [S.plain(v) for v in values], ranked(pools), C.features_of(examples), f"{key}.{name}", pools=pools)
                own = ("name", f"{key}.{name}")
                if name in handed_on:  # only where there is none in the file, and the class makes it
                    rule = ("if", C.is_given(key), own, rule)
                if key in open_types(self.config_class):
                    rule = E.substitute(rule, lambda e: own_if_known(key, name) if e == own else None)
                out[name] = E.text(rule)
            except Unsolved as e:
                self.failures[f"config.{e}"] = "set by the parent, no rule was found"
                self._assume_kept(f"{key}.{name}", examples, values)
        return out

    def _written(self, key):
        """Attributes of a nested config that the class itself writes where none is given, and not always alike."""
        made = [(C.example_of(trace, scope), said, trace.sub_configs[key][2]) for env, (trace, scope, _) in self.results
                if key in trace.sub_configs and env.get(key) is None and (said := _own_words(trace, key))]  # fmt: skip
        examples, out = [example for example, _, _ in made], {}
        for name in sorted({name for _, said, _ in made for name in said if name not in C.JSON_ONLY and not IRRELEVANT.search(name)}):
            values = [said[name] if name in said else C.attribute_or_none(sub, name) for _, said, sub in made]
            plain = [json_like(S.plain(value)) for value in values]
            if all(value == plain[0] for value in plain) or any(isinstance(value, dict) for value in plain):
                continue
            if any(json_like(S.plain(C.attribute_or_none(sub, name))) != value for (_, _, sub), value in zip(made, plain)):  # it was changed afterwards
                continue
            pools = [generalise(S.expr_of(value), example) for value, example in zip(values, examples)]
            own = ("name", f"{key}.{name}")
            try:
                rule = decide(examples, plain, ranked(pools), C.features_of(examples), f"{key}.{name}", pools=pools)
            except Unsolved as e:
                self.failures[f"config.{e}"] = "written by the parent, no rule was found"
                self.assumes.add(E.text(C.is_given(key)))
                continue
            out[name] = E.text(("if", C.is_given(key), own_if_known(key, name) if key in open_types(self.config_class) else own, rule))
        return out

    def _only_others_know(self, key, default_type, classes):
        """Attributes that a model asks of a nested config of any type, though the default one does not have them: null where there are none."""
        paths = {path for source in mentions.expressions(classes) for path in mentions.fields(source) if path.count(".") == 1 and path.startswith(f"{key}.")}
        if not paths or default_type not in CONFIG_MAPPING:
            return {}
        usual, names = CONFIG_MAPPING[default_type](), sorted(path.removeprefix(f"{key}.") for path in paths)
        return {name: E.text(own_if_known(key, name)) for name in names if not knows(usual, name) and name != "model_type"}

    def _assume_kept(self, path, examples, values):
        """A number that the parent sets by no known rule: the blueprint holds where it leaves what the nested config had."""
        kept = [S.expr_of(value) == ("name", path) for value in values]
        if path in self.paths_read and any(kept) and all(isinstance(S.plain(value), (bool, int, float, str, type(None))) for value in values):
            try:
                self.assumes.add(E.text(presence(examples, kept, C.features_of(examples), path)))
            except Unsolved:
                self.assumes.add("False")

    def _source(self, key):
        if f"{key}_dict" in self.stage.legacy:
            return f"{key}_dict if {key}_dict is not None else {key}"
        made = [r[0].sub_configs[key][1] for env, r in self.results if key in r[0].sub_configs and env.get(key) is None]
        old = {E.text(m.expr) for m in made if isinstance(m, S.SymDict) and m.expr}
        if len(old) == 1 and old <= set(self.stage.legacy):  # the key of older files
            return f"{key} if {key} is not None else {old.pop()}"
        if any(isinstance(m, dict) for m in made) and self._is_flat(key):
            return f"{key} if {key} is not None else config_json"
        return key

    def _is_flat(self, key):
        """Whether a nested config that the file does not give is made of what the file says outside of it."""
        usual = next(r[0].sub_configs[key][2] for env, r in self.results if key in r[0].sub_configs and env.get(key) is None)
        for name, value in fields(type(usual)).items():
            if type(value) is not int or name in self.stage.fields:
                continue
            try:
                return getattr(getattr(self.config_class(**{name: value * 2 or 1}), key), name) != value
            except Exception:  # the library refuses such a number
                continue
        return False


def _own_words(trace, key):
    """{name: value} of a nested config, as the class around it wrote it where the file had none."""
    said = trace.sub_configs[key][1]
    return said if type(said) is dict else {}
