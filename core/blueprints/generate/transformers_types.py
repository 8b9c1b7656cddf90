# SPDX-License-Identifier: Apache-2.0
"""The blueprint of one transformers model type: all its classes, and the way from its config.json to them."""
import inspect
import json
import pathlib
import re
import sys

from . import modules as M  # installs the instrumentation before transformers is imported
import transformers
from transformers import PreTrainedModel
from transformers.models.auto import modeling_auto
from transformers.models.auto.configuration_auto import CONFIG_MAPPING, CONFIG_MAPPING_NAMES

from . import configs as C
from . import expr as E
from . import per_layer
from . import symbols as S
from . import timm_calls
from .decide import Example, Features, Unsolved, decide, generalise, presence, ranked
from .explore import Explorer, Hints, dotted, get, leaves, working
from .fields import IRRELEVANT, fields, legacy_keys, types_of
from .induce import induce, worth_assuming
from .growth import guesses
from .reference import differences

# Those that AutoModel builds, then those that only stand inside them or have other auto classes.
TYPES = sorted(CONFIG_MAPPING_NAMES, key=lambda name: (name not in modeling_auto.MODEL_MAPPING_NAMES, name))

_prepared = False


def prepare():
    global _prepared
    if not _prepared:
        M.prepare()
        C.prepare()
        _prepared = True


def auto_classes(model_type):
    """{"AutoModelForCausalLM": "LlamaForCausalLM", ...} as the library maps them; a list where the config's `architectures` chooses."""
    out = {}
    for name in dir(transformers):
        auto = getattr(transformers, name) if name.startswith(("AutoModel", "AutoBackbone")) else None
        mapping = getattr(auto, "_model_mapping", None)
        if mapping is None:
            continue
        found = mapping._model_mapping.get(model_type)
        if found:
            out[name] = list(found) if isinstance(found, (list, tuple)) else found
    return out


def model_classes(model_type, config_class, auto):
    """Every model class whose config is this one: those of the auto mappings and all others of the same modules."""
    classes, files = {}, set()
    for name in _each(auto.values()):
        cls = getattr(transformers, name, None)
        if cls is not None:
            classes[name] = cls
            files.add(cls.__module__)
    package = config_class.__module__.rpartition(".")[0]
    files |= {f"{package}.{file.stem}" for file in pathlib.Path(inspect.getfile(config_class)).parent.glob("modeling_*.py")}
    for file in sorted(files):
        try:
            __import__(file)
        except ImportError:
            continue
        for name, cls in vars(sys.modules[file]).items():
            if inspect.isclass(cls) and issubclass(cls, PreTrainedModel) and cls.__module__ == file and cls.config_class is config_class \
                    and "__init__" in _own_inits(cls):
                classes.setdefault(name, cls)
    return classes


def _switches(cls):
    """The other value of the switches with which models of other types build a class of this one."""
    parameters = inspect.signature(cls.__init__).parameters.values()
    return [(p.name, not p.default) for p in parameters if isinstance(p.default, bool) and p.name in ("add_pooling_layer", "remove_vision_encoder")]


def _each(names):
    for name in names:
        yield from name if isinstance(name, list) else [name]


def _own_inits(cls):
    return {"__init__"} if cls.__init__ is not PreTrainedModel.__init__ else set()


def type_name(config_class):
    """The name of a config class's blueprint: its model type, or its own name where it has none."""
    return config_class.model_type or config_class.__name__


def unregistered(config_class):
    """The classes of nested configs, however deep, that AutoConfig does not know and that so have no name to ask for them by."""
    for spec in (getattr(config_class, "sub_configs_defaults", None) or {}).values():
        inner = spec.config_class
        if not issubclass(inner, transformers.PreTrainedConfig) or inner is transformers.PreTrainedConfig:
            continue
        if inner.model_type not in CONFIG_MAPPING_NAMES:
            yield inner
            yield from unregistered(inner)


def undescribed(model_type, reason):
    """The blueprint of a type of which nothing is known but the names of its classes, and why."""
    prepare()
    config_class = CONFIG_MAPPING[model_type]
    auto = auto_classes(model_type)
    return {"library": "transformers", "version": transformers.__version__, "model_type": model_type,
            "config": {"class": config_class.__name__, "defaults": {}, "types": {}}, "auto": auto, "classes": {},
            "lacks": dict.fromkeys(model_classes(model_type, config_class, auto), reason), "verified": {"cases": 0, "exact": 0}}  # fmt: skip


class TypeBlueprint:
    """Traces, induces and writes one model type."""

    def __init__(self, model_type, config_class=None, budget=240, report=print):
        prepare()
        self.model_type, self.budget, self.report = model_type, budget, report
        self.config_class = config_class or CONFIG_MAPPING[model_type]
        M.unchecked(self.config_class)
        self.auto = auto_classes(model_type)
        self.failures = {}
        self.assumes = set()  # conditions on the inputs of the config stage
        self.unknown = set()  # attributes for which no rule was found, and which no class here reads
        self.hopeless = set()  # what the library says of default configs near which it accepts none
        self.verified = 0  # configs that no class was learnt from, and that its blueprint described exactly

    def make(self):
        per_layer.discover(self.config_class, fields(self.config_class), legacy_keys(self.config_class))
        config = self.config_class()
        for sub in list(config.__dict__.values()):
            if isinstance(sub, transformers.PreTrainedConfig):
                M.unchecked(type(sub))
        classes = {}
        for name, cls in model_classes(self.model_type, self.config_class, self.auto).items():
            if self._foreign(name, classes, config):
                continue
            try:
                classes[name] = self._class(cls, config)
            except Exception as e:
                self.failures[name] = e
        pending = {m for c in classes.values() for m in _references(c)}
        known = model_classes(self.model_type, self.config_class, self.auto)
        pending |= {M.with_arguments(name, {switch: value}) for name in classes if name in known for switch, value in _switches(known[name])}
        for name in sorted(pending - set(classes)):  # classes called with arguments
            match = re.fullmatch(r"(\w+)\((.*)\)", name)
            cls = match and known.get(match[1])
            if cls:
                try:
                    classes[name] = self._class(cls, config, eval(f"dict({match[2]})"))
                except Exception as e:
                    self.failures[name] = e
        auto = {a: c for a, c in self.auto.items() if all(n in classes or n in self.failures or self._foreign(n, classes, config) for n in _each([c]))}
        lacks = {name: self._words(error) for name, error in sorted(self.failures.items()) if isinstance(error, Exception)}
        return {
            "library": "transformers", "version": transformers.__version__, "model_type": self.model_type,
            "config": self._config(classes), "auto": auto, "classes": classes, **({"lacks": lacks} if lacks else {}),
            "verified": {"cases": self.verified, "exact": self.verified},
        }  # fmt: skip

    def _words(self, error):
        """Why a class is lacking, for people."""
        if isinstance(error, Unsolved):
            return f"no rule was found for {error}"
        return f"{type(error).__name__} where the library itself builds it from its default config"

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

    def _class(self, cls, config, arguments=None):
        hints = Hints(self._types(config))
        run, scope = M.runner(cls, config, arguments), M.scope_of(config)

        def usable(path):
            return not IRRELEVANT.search(path[-1]) and path[-1] != "model_type" and not (path[1:] and M.is_timm(get(scope, path[:-1])) and path[-1] not in ("num_channels",))

        if hasattr(sys.modules[cls.__module__], "timm"):
            timm_calls.suggest(hints, scope)
        scope = working(run, scope, hints, usable, self.hopeless)
        for name in sorted(M.unknown_reads(run(scope)[2], config)):
            scope[name] = None
            hints.types[name] = {"int", "bool", "None"}
        explorer = Explorer(run, scope, hints, budget=self.budget, usable=usable,
                            is_head=lambda result: any(child.reference is not None for _, child in result[1].children))
        explorer.explore()
        body = self._learn(cls, explorer)
        results = explorer.results
        if "model" not in body:
            self._root_facts(body, results)
            unchanged = timm_calls.unchanged(explorer)
            if unchanged:
                body["assumes"] = [*body.get("assumes", ()), *unchanged]
            never = self._never_set(explorer)
            if never:
                body["assumes"] = [*body.get("assumes", ()), *never]
        self.report(f"  {cls.__name__}: {len(results)} traces, {len(explorer.refusals)} refused")
        return body

    def _learn(self, cls, explorer):
        """A class that describes all configs so far and some new ones. What these refute is learnt again with them. Raises Unsolved."""
        told = None
        for attempt in range(5):
            results = list(explorer.results)
            body = induce([(trace, env, root) for env, (trace, root, _) in results])
            if "model" in body:
                return body
            new = explorer.fresh(8 if explorer.is_head(results[0][1]) else 20)
            held = [(env, root) for env, (_, root, _) in results[-20:] + new]
            wrong = [d for d in (differences(body, env, root, bare=False) for env, root in held) if d]
            if wrong:
                continue
            loose = next((d for d in (differences(body, env, root) for env, root in held) if d), None)
            same = told is not None and loose is not None and _NUMBER.sub("#", loose) == _NUMBER.sub("#", told)
            told = loose
            if loose is None or attempt >= 2 or same:
                self.verified += len(new)
                if loose is not None:
                    self.failures[f"{cls.__name__}, modules without tensors"] = loose
                return body
        raise Unsolved(f"still wrong on new configs: {wrong[0]}")

    def _never_set(self, explorer):
        """What the constructor reads and what was null in every config that could be built: what else it does is not known."""
        scopes = [dict(leaves(env)) for env, _ in explorer.results]
        return [f"{dotted(path)} is None" for path in sorted(scopes[0]) if dotted(path) in explorer.reads and path[-1] not in M.NEVER_GIVEN
                and not IRRELEVANT.search(path[-1]) and all(scope.get(path) is None for scope in scopes)]  # fmt: skip

    def _types(self, config, prefix=""):
        types = {prefix + k: v for k, v in types_of(type(config)).items()}
        for key, sub in config.__dict__.items():
            if isinstance(sub, transformers.PreTrainedConfig):
                types.update(self._types(sub, f"{prefix}{key}."))
        return types

    def _root_facts(self, body, results):
        """no_split and ties, less what nested models bring along themselves."""
        env, (trace, root, model) = results[0]
        nested = {name for name, child in root.children if child.reference is not None}
        own = set(type(model)._no_split_modules or [])
        inherited = set().union(*(set(getattr(model, n)._no_split_modules or []) for n in nested if hasattr(getattr(model, n), "_no_split_modules")))
        no_split = sorted(own | (set(model._no_split_modules or []) - inherited))
        if no_split:
            body["no_split"] = no_split
        ties = self._ties(results)
        if ties:
            body["ties"] = ties

    def _ties(self, results):
        pairs, rows = {}, []
        for env, (trace, root, model) in results:
            nested = {name for name, child in root.children if child.reference is not None}
            keys = dict(getattr(model, "all_tied_weights_keys", None) or {})
            inner = {}
            for name in nested:
                inner.update({f"{name}.{k}": f"{name}.{v}" for k, v in (getattr(getattr(model, name), "all_tied_weights_keys", None) or {}).items()})
            own = {k: v for k, v in keys.items() if inner.get(k) != v}
            rows.append(set(own.items()))
            for pair in own.items():
                pairs.setdefault(pair)
        examples = [Example(trace, env, root) for env, (trace, root, _) in results]
        features = Features(examples, [("name", k) for k in examples[0].scope if "tie" in k])
        out = []
        for target, source in pairs:
            if any(_layer_numbers(x) for x in (target, source)):
                continue
            when = presence(examples, [(target, source) in row for row in rows], features, f"tie of {target}")
            out.append({**({"when": E.text(when)} if when is not None else {}), "tensor": target, "to": source})
        return out + self._layer_ties(examples, rows)

    def _layer_ties(self, examples, rows):
        """Ties inside repeated layers, as templates: lm_heads.{i}.weight -> input_embeds_layers.{i + 1}.weight."""
        groups = {}  # (target, source) without their first numbers -> row -> [(number in the target, number in the source)]
        for r, row in enumerate(rows):
            for target, source in sorted(row):
                numbers = _layer_numbers(target)[:1], _layer_numbers(source)[:1]
                if any(numbers):
                    groups.setdefault((_NUMBER.sub("#", target, count=1), _NUMBER.sub("#", source, count=1)), {}).setdefault(r, []).append(numbers)
        out = []
        for (target, source), found in groups.items():
            options = {r: tie_patterns(pairs) for r, pairs in found.items()}
            if not all(options.values()):
                raise Unsolved(f"the tie of {target} to {source}")
            patterns = fewest(options.values())
            for pattern in patterns:
                first, distance, fixed = pattern
                # a single layer fits several patterns and so tells nothing of which one holds
                some = [r for r in range(len(rows)) if len(patterns) == 1 or len(options.get(r, ())) < 2]
                count = self._tie_count([examples[r] for r in some], [len(found[r]) if pattern in options.get(r, ()) else 0 for r in some], target)
                index = E.op("+", ("var", "i"), E.const(first))
                place = fixed if distance is None else f"{{{E.text(E.op('+', index, E.const(distance)))}}}"
                out.append({"repeat": {"i": E.text(count)}, "tensor": target.replace("#", f"{{{E.text(index)}}}"), "to": source.replace("#", str(place))})
        return out

    def _tie_count(self, examples, counts, target):
        loops = ranked([[way for run in e.trace.runs.values() if run.count is not None and run.times == n for way in generalise(run.count, e)]
                        for e, n in zip(examples, counts)])  # fmt: skip
        loops += [("call", "max", count, E.const(0)) for count in loops]
        features = Features(examples, [("name", k) for k in examples[0].scope if "tie" in k])
        return decide(examples, counts, [E.const(0), *loops, *guesses(examples)], features, f"ties of {target}")

    # config

    def _config(self, classes):
        stage = C.ConfigStage(self.config_class, {name.split(".")[0] for name in _names_in(classes)})
        hints = Hints({**stage.types, **{k: _legacy_kinds(k) for k in stage.legacy}})
        # what the library keeps in step with another spelling, and what no class is described with
        passed_over = {"_out_features", "_out_indices"} if getattr(self.config_class(), "stage_names", None) is not None else set()
        passed_over |= {a.removesuffix(" is None") for body in classes.values() for a in body.get("assumes", ()) if a.endswith(" is None")} - set(stage.fields)
        explorer = Explorer(stage.run, stage.start, hints, budget=900, small=False,
                            usable=lambda path: not IRRELEVANT.search(path[0]) and path[0] not in stage.nested and path[0] not in passed_over)
        resolved = stage.config_class().__dict__
        hints.samples = {k: C._json_like(S.plain(v)) for k, v in resolved.items() if isinstance(v, (dict, list))}
        hints.start_counts = {k: v for k, v in resolved.items() if isinstance(v, int) and not isinstance(v, bool)}
        explorer.explore()
        self._ask_nested(stage, explorer)
        alone = {key for env, _ in explorer.results for changed in [[k for k, v in env.items() if v != stage.start[k]]] if len(changed) == 1 for key in changed}
        known = {f"{key}_dict" for key in stage.nested} | {"per_layer_config"}
        for key in set(stage.legacy) - alone - known - M.NEVER_GIVEN:  # what the library makes of it was not seen
            self.assumes.add(f"{key} is None")
        for attempt in range(5):
            results, self.unknown = list(explorer.results), set()
            derived = self._derived(stage, results, classes)
            new = [r for r in explorer.fresh(40) if ONE_SPELLING not in self.assumes or _one_spelling(r[1][1])]
            wrong = [name for name in derived if not C.holds(derived[name], new, name)]
            if not wrong:
                break
        for name in wrong:
            self._give_up(stage, results + new, name, classes, derived)
        derived = {name: E.text(e) for name, e in derived.items()}
        for name in [n for n in derived if n.startswith(per_layer.PREFIX)]:
            derived[name] = per_layer.given(name.removeprefix(per_layer.PREFIX), derived[name])
        wanted = {name.split(".")[0] for name in _names_in(classes)}
        if self.config_class().id2label is not None:
            labels = self.config_class().num_labels
            derived["num_labels"] = f"len(id2label) if id2label is not None else num_labels if num_labels is not None else {labels}"
        refuses = [self._refusal(question, answer) for question, answer in explorer.refused()]
        if C.counts_classes(self.config_class):
            derived["num_labels"] = f"({derived['num_labels']}) if nested else num_classes"
            refuses.append({"when": "not nested and num_classes is None", "text": f"{self.config_class.__name__} needs num_classes in its file."})
        sub_configs = self._sub_configs(stage, results, classes)
        read = wanted | stage.nested
        for source in [*derived.values(), *self.assumes, *(v for sub in sub_configs.values() for v in sub.values() if isinstance(v, str))]:
            read |= _words(source)
        read |= {k for k, v in stage.fields.items() if not IRRELEVANT.search(k) and not isinstance(v, dict)} - self.unknown
        out = {"class": self.config_class.__name__}
        out["defaults"] = {k: stage.start.get(k) for k in sorted(read) if k in stage.start or k in ("num_labels", "id2label", "num_classes")}
        out["types"] = {k: "|".join(sorted(v)) for k, v in sorted(stage.types.items()) if k in out["defaults"]}
        aliases = {a: t for a, t in self.config_class.attribute_map.items() if t in out["defaults"]}
        refuses = [refusal for refusal in refuses if _words(refusal["when"]) - _NOT_NAMES <= {"nested", *out["defaults"]}]
        for key, value in (("assumes", sorted(self.assumes)), ("aliases", aliases), ("derived", derived), ("sub_configs", sub_configs), ("refuses", refuses)):
            if value:
                out[key] = value
        return out

    def _ask_nested(self, stage, explorer):
        """Finds the other answer to questions about nested configs; those that only ever had one are assumed to have it."""
        for question, outcomes, asked_in in list(explorer.conditions.values()):
            about = [name.split(".") for name in sorted(E.names(question)) if name.count(".") == 1 and name.split(".")[0] in stage.nested]
            if len(outcomes) == 2 or not about or any(IRRELEVANT.search(attribute) for _, attribute in about):
                continue
            if question[:2] in (("call", "is_list"), ("call", "is_str"), ("call", "is_dict")):
                continue  # the types of fields are settled where the nested config is read
            for key, attribute in about:
                value = explorer.results[0][1][1].get(key, {}).get(attribute)
                spec = self.config_class.sub_configs_defaults[key]
                given = asked_in[key] or ({"model_type": spec.model_type} if spec.model_type else {})
                for other in [not value] if isinstance(value, bool) else [value * 2, value + 1] if isinstance(value, int) else [None]:
                    explorer.attempt({**asked_in, key: {**given, attribute: other}})
            if len(outcomes) == 1 and worth_assuming(question):
                answer = next(iter(outcomes))
                self.assumes.add(E.text(question if answer else E.negate(question)))

    def _refusal(self, question, answer):
        bad, good = (question, E.negate(question)) if answer else (E.negate(question), question)
        return {"when": E.text(bad), "text": f"{self.config_class.__name__} needs {E.text(good)}."}

    def _derived(self, stage, results, classes):
        """{attribute or path: expression} for everything the modules read that is not just the input of that name."""
        derived = {}
        wanted = {w.split(".")[0] for w in _names_in(classes)} - stage.nested - {"num_labels"}
        for name in sorted(wanted | self._others(stage, results)):
            if all(_lacks(config, name) for _, (_, _, config) in results):  # an old key that the library refuses, or that another class has
                self.assumes.add(f"{name} is None")
                continue
            try:
                e = self._object(results, name, classes, derived) if self._is_object(results, name) else C.derive(results, name)
                if e is not None:
                    derived[name] = e
            except Unsolved:
                self._give_up(stage, results, name, classes, derived)
        return derived

    def _give_up(self, stage, results, name, classes, derived):
        """No rule was found for an attribute, or for something in it."""
        whole = name.split(".")[0]
        for path in [path for path in derived if path.split(".")[0] == whole]:
            del derived[path]
        if whole in {w.split(".")[0] for w in _names_in(classes)}:
            if whole == name and self._without_old_keys(stage, results, name, derived):
                return
            self.failures[f"config.{name}"] = "no rule was found"
            self._assume_given(results, whole)
        else:
            self.unknown.add(whole)

    def _without_old_keys(self, stage, results, name, derived):
        """Learns an attribute from the configs without old keys; those of them that make it come out otherwise are assumed not to be there."""
        scopes = [(C.example_of(trace, scope), scope, C._json_like(S.plain(_attribute(config, name)))) for _, (trace, scope, config) in results]
        plain = [result for result in results if all(result[1][1].get(key) is None for key in stage.legacy)]
        if self._is_object(results, name) or len(plain) < 8:
            return False
        try:
            rule = C.derive(plain, name)
        except Unsolved:
            return False
        wrong = [scope for example, scope, value in scopes if not C._evaluates(example, rule or ("name", name), value)]
        assumes = set()
        while wrong:
            key = max(stage.legacy, key=lambda key: sum(scope.get(key) is not None for scope in wrong))
            left = [scope for scope in wrong if scope.get(key) is None]
            if len(left) == len(wrong):
                return False
            assumes.add(f"{key} is None")
            wrong = left
        self.assumes |= assumes
        if rule is not None:
            derived[name] = rule
        return True

    def _others(self, stage, results):
        """Attributes that no class here reads, but a model around this one may: it reads them of its nested config."""
        config = results[0][1][2]
        return {name for name, value in config.__dict__.items() if name not in stage.nested and not M.is_private(config, name) and name not in M.HIDDEN
                and not IRRELEVANT.search(name) and not isinstance(S.plain(value), (dict, transformers.PreTrainedConfig))}  # fmt: skip

    def _assume_given(self, results, name):
        """No rule was found for an attribute: the blueprint holds where the file gives it, if the library then takes it as it is."""
        given = [(scope[name], C._json_like(S.plain(_attribute(config, name)))) for _, (_, scope, config) in results if scope.get(name) is not None]
        if not re.search("rope|rotary", name):  # whose length of frequencies is learnt by itself
            self.assumes.add(f"{name} is not None" if all(a == b for a, b in given) else "False")

    def _is_object(self, results, name):
        return any(isinstance(S.plain(_attribute(config, name)), dict) for _, (_, _, config) in results)

    def _object(self, results, name, classes, derived):
        """An attribute that is an object: where it comes from, and the paths into it that the modules read."""
        for path in sorted({p for source in _expressions(classes) for p in _paths(source) if p.split(".")[0] == name}):
            if any(isinstance(S.plain(_attribute(config, path)), dict) for _, (_, _, config) in results):
                continue  # it is there as soon as a path into it is
            e = self._path(results, path)
            if e is not None:
                derived[path] = e
        bases = []
        for env, (trace, scope, config) in results:
            value = _attribute(config, name)
            bases.append(value.expr if isinstance(value, S.SymDict) and value.expr else E.NONE)
        strange = [b for b in bases if b not in (("name", name), E.NONE)]
        if not strange:
            return None
        examples = [C.example_of(trace, scope) for _, (trace, scope, _) in results]
        which = presence(examples, [b in strange for b in bases], C.features_of(examples), f"config.{name}")
        return ("if", which, strange[0], ("name", name)) if which is not None else strange[0]

    def _path(self, results, path):
        """One path, over all results if that can be done; else without the old and the new spelling at once (merged key by key,
        which nobody writes), and at last without the random configs."""
        try:
            return C.derive(results, path)
        except Unsolved:
            self.assumes.add(ONE_SPELLING)
        results = [r for r in results if _one_spelling(r[1][1])]
        try:
            return C.derive(results, path)
        except Unsolved:
            self.failures[f"config.{path}"] = "learnt from single changes only"
            return C.derive(results[: len(results) // 2], path)

    def _sub_configs(self, stage, results, classes):
        out, read = {}, {word for source in _expressions(classes) for word in re.findall(r"\w+", source)}
        for key in sorted(stage.nested):
            spec = self.config_class.sub_configs_defaults[key]
            entry = {}
            default_type, init = self._own_default(key, spec)
            if spec.optional:
                entry["when"] = f"{key} is not None"
            if issubclass(spec.config_class, transformers.PreTrainedConfig):
                entry["model_type"] = repr(type_name(spec.config_class))
            else:
                entry["model_type"] = f"{key}['model_type'] if {key} is not None and 'model_type' in {key} else {default_type!r}"
            entry["from"] = self._source(key, stage, results)
            if init:
                entry["default"] = init
                if default_type == spec.model_type and self._merges(key, spec):
                    entry["merge"] = True
            self._assume_type(key, default_type, results)
            then = self._then(key, results, read)
            if then:
                entry["then"] = then
            out[key] = entry
        return out

    def _own_default(self, key, spec):
        """(model type, settings) of a nested config that is not given; a class may put one of another type there than it declares."""
        try:
            made = getattr(self.config_class(), key)
        except Exception:
            made = None
        if not isinstance(made, transformers.PreTrainedConfig) or spec.model_type is None or made.model_type == spec.model_type:
            return spec.model_type, C._json_like(dict(spec.init_kwargs or {}))
        usual = type(made)()
        settings = {k: C._json_like(getattr(made, k)) for k in type(made).__dataclass_fields__ if not IRRELEVANT.search(k)}
        return made.model_type, {k.removeprefix("_"): v for k, v in settings.items() if not isinstance(getattr(made, k), transformers.PreTrainedConfig)
                                 and v != C._json_like(getattr(usual, k))}  # fmt: skip

    def _assume_type(self, key, default_type, results):
        """Old switches may put a nested config of another type in the place of one that is not given."""
        made = [(C.example_of(r[0], r[1]), r[0].sub_configs[key][2]) for env, r in results if key in r[0].sub_configs and env.get(key) is None]
        if default_type is not None and made:
            usual = presence([e for e, _ in made], [m.model_type == default_type for _, m in made], C.features_of([e for e, _ in made]), f"config.{key}.model_type")
            if usual is not None:
                self.assumes.add(f"{key} is not None or ({E.text(usual)})")

    def _merges(self, key, spec):
        """Whether the class puts what a file says of a nested config over its own defaults for it, rather than in their place."""
        try:
            given = {"model_type": spec.model_type} if spec.model_type else {"architectures": None}
            made = getattr(self.config_class(**{key: given}), key)
        except Exception:
            return False
        default = type(made)()
        telling = [k for k, v in spec.init_kwargs.items() if k in type(made).__dataclass_fields__ and C._json_like(getattr(default, k)) != C._json_like(v)]
        return any(C._json_like(getattr(made, k)) == C._json_like(spec.init_kwargs[k]) for k in telling)

    def _then(self, key, results, read):
        """Attributes of a nested config that the parent sets after it was made: fields, and others that its classes read."""
        made = [(r, r[0].sub_configs[key][2:]) for _, r in results if key in r[0].sub_configs]
        changed = {k for _, (sub, state) in made for k, v in sub.__dict__.items()
                   if v is not state.get(k) and (k in type(sub).__dataclass_fields__ or k in read) and not IRRELEVANT.search(k)}  # fmt: skip
        out = {}
        for name in sorted(changed):
            examples = [C.example_of(trace, scope) for (trace, scope, _), _ in made]
            values = [sub.__dict__.get(name) for _, (sub, _) in made]
            try:
                if any(isinstance(v, (dict, transformers.PreTrainedConfig)) for v in values):
                    raise Unsolved(f"{key}.{name}")
                pools = [generalise(S.expr_of(v), e) for v, e in zip(values, examples)]
                out[name] = E.text(decide(examples, [S.plain(v) for v in values], ranked(pools), C.features_of(examples), f"{key}.{name}", pools=pools))
            except Unsolved as e:
                self.failures[f"config.{e}"] = "set by the parent, no rule was found"
        return out

    def _source(self, key, stage, results):
        if f"{key}_dict" in stage.legacy:
            return f"{key}_dict if {key}_dict is not None else {key}"
        made = [r[0].sub_configs[key][1] for env, r in results if key in r[0].sub_configs and env.get(key) is None]
        if any(isinstance(m, dict) for m in made):  # nothing was given, and yet the class had a dict: a flat file
            return f"{key} if {key} is not None else config_json"
        return key


ONE_SPELLING = "rope_scaling is None or rope_parameters is None"


def _one_spelling(scope):
    return scope.get("rope_scaling") is None or scope.get("rope_parameters") is None


def _lacks(config, name):
    try:
        C.attribute(config, name)
    except KeyError:
        return True
    return False


def _attribute(config, name):
    try:
        return C.attribute(config, name)
    except KeyError:
        return None


_NUMBER = re.compile(r"(?<=\.)\d+(?=\.)")


def tie_patterns(pairs):
    """The ways to say the ties of a run of layers: {(the first layer, how far off its source is, None) or (the first layer, None, the one source)}.

    pairs: [([number in the target], [number in the source])]; nothing where the targets are no run.
    """
    pairs = sorted(pairs)
    if any(not a or a[0] != pairs[0][0][0] + k for k, (a, _) in enumerate(pairs)):
        return set()
    first, sources = pairs[0][0][0], {tuple(b) for _, b in pairs}
    out = {(first, None, (*sources.pop(), None)[0])} if len(sources) == 1 else set()
    distances = {b[0] - a[0] if b else None for a, b in pairs}
    return out | {(first, d, None) for d in distances if len(distances) == 1 and d is not None}


def fewest(options):
    """Patterns of which each set has one: those that most sets have come first, of equals those with a distance."""
    left, out = list(options), []
    while left:
        best = min({p for option in left for p in option}, key=lambda p: (-sum(p in option for option in left), p[1] is None, repr(p)))
        out.append(best)
        left = [option for option in left if best not in option]
    return out


def _layer_numbers(path):
    return [int(number) for number in _NUMBER.findall(path)]


def _legacy_kinds(key):
    if key in ("rope_scaling", "per_layer_config") or key.endswith(("_dict", "_config")):
        return {"dict", "None"}
    if key in ("rope_theta", "partial_rotary_factor", "rotary_pct"):
        return {"float", "None"}
    if key in ("out_features", "out_indices"):
        return {"list", "None"}
    if key.startswith(("use_", "is_", "has_")):
        return {"bool", "None"}
    return {"int", "list", "None"}


def _expressions(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("class", "model", "same_as", "tensor", "to", "no_split", "dtype"):
                continue
            if key in ("children", "each"):
                value = {name: child for name, child in value.items() if not isinstance(child, str)}  # a string is the class of a module
            yield from _expressions(value)
            if isinstance(key, str) and "{" in key:
                yield from re.findall(r"\{([^#}]+)\}", key)
    elif isinstance(node, list):
        for value in node:
            yield from _expressions(value)
    elif isinstance(node, str):
        yield node


def _words(source):
    stripped = re.sub(r"'[^']*'|\"[^\"]*\"", "''", source)
    return {w for w in re.findall(r"(?<![.\w])[A-Za-z_]\w*", stripped)}


def _paths(source):
    """rope_parameters['rope_type'] and "'factor' in rope_parameters" as dotted paths."""
    for chain in re.findall(r"(?<![.\w])([A-Za-z_]\w*(?:\['\w+'\])+)", source):
        yield ".".join(re.findall(r"\w+", chain))
    for key, chain in re.findall(r"'(\w+)' (?:not )?in ([A-Za-z_]\w*(?:\['\w+'\])*)", source):
        yield ".".join([*re.findall(r"\w+", chain), key])


_NOT_NAMES = {"if", "else", "and", "or", "not", "is", "in", "for", "None", "True", "False", *E.FUNCTIONS, *"ijklmnxyzuvw"}


def _names_in(classes):
    """The attributes of the root config that the module stage reads."""
    found = set()
    for source in _expressions(classes):
        found |= _words(source) - _NOT_NAMES
    return found


def _references(body):
    if isinstance(body, dict):
        if "model" in body and isinstance(body["model"], str) and not body.get("config"):
            yield body["model"]
        for value in body.values():
            yield from _references(value)
    elif isinstance(body, list):
        for value in body:
            yield from _references(value)
