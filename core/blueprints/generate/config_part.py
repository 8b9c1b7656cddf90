# SPDX-License-Identifier: Apache-2.0
"""The `config` part of a blueprint: config.json -> the attributes that the classes read."""
import collections
import json
import math
import pathlib
import re

import transformers

from . import coded
from . import configs as C
from . import expr as E
from . import mentions
from . import modules as M
from . import nested_questions
from . import old_words
from . import per_layer
from . import symbols as S
from . import validators
from .catalogue import each
from .decide import presence
from .doubts import crossed
from .examples import Unsolved
from .explore import Explorer
from .hints import Hints, changed, paths_into
from .fields import IRRELEVANT, json_like, legacy_kinds, settable, type_rules
from .refusals import never_accepted
from .sub_configs import SubConfigs


OLD_OBJECTS = json.loads((pathlib.Path(__file__).parent / "old_objects.json").read_text())  # {model type: {key of old files: what they have there}}: what a class looks for in an object does not tell what may stand there


class ConfigPart:
    """Traces the config class and describes what the classes read of it."""

    def __init__(self, config_class, failures, reads):
        """failures: {what: why}, to which attributes without a rule are added. reads: the dotted paths of what the models, and those within, read."""
        self.config_class, self.failures, self.reads = config_class, failures, reads
        self.wanted = set()  # attributes that the classes read
        self.assumes = set()  # conditions on the inputs
        self.only_given = set()  # lists with a value for each layer that hold where the file says them in `per_layer_config`
        self.usual = {}  # fields that are assumed to be as by default
        self.others = {}  # objects that no class here reads, and what the class makes of them by itself
        self.unknown = set()  # attributes for which no rule was found, and which no class here reads
        self.tries = collections.Counter()  # how often no rule was found for an attribute: after two times, more configs make it no easier
        self.defaults = {}  # what the class puts in the place of null, where no expression says it

    def make(self, classes):
        self.wanted, usual = mentions.names_in(classes), self.config_class()
        stage = C.ConfigStage(self.config_class, self.wanted)
        hints = Hints({**stage.types, **{k: legacy_kinds(k) for k in stage.legacy}})
        # what the library keeps in step with another spelling, and what no class is described with
        passed_over = {"_out_features", "_out_indices"} if getattr(usual, "stage_names", None) is not None else set()
        passed_over |= {a.removesuffix(" is None") for body in each(classes.values()) for a in body.get("assumes", ()) if a.endswith(" is None")} - set(stage.fields)
        explorer = Explorer(stage.run, stage.start, hints, budget=900, small=False,
                            usable=lambda path: (path[0] in stage.legacy or not IRRELEVANT.search(path[0])) and path[0] not in stage.nested and path[0] not in passed_over)
        hints.samples = {k: json_like(S.plain(v)) for k, v in usual.__dict__.items() if isinstance(v, (dict, list))}
        hints.own = {k: json_like(S.plain(usual.__dict__[k])) for k in stage.legacy if k in usual.__dict__}
        self.others = self._other_objects(stage, usual)
        hints.objects = {k: changed(v) for k, v in self.others.items() if "rope" not in k}
        hints.objects |= {k: [*some, *changed(some[0])] for k, some in OLD_OBJECTS.get(self.config_class.model_type, {}).items()}
        hints.start_counts = {k: v for k, v in usual.__dict__.items() if isinstance(v, int) and not isinstance(v, bool)}
        explorer.explore()
        asked_of_nested = nested_questions.settled(stage, explorer)
        alone = {key for env, _ in explorer.results for changed in [[k for k, v in env.items() if v != explorer.base[k]]] if len(changed) == 1 for key in changed}
        known = {f"{key}_dict" for key in stage.nested} | {"per_layer_config"}
        for key in set(stage.legacy) - alone - known - M.NEVER_GIVEN:  # what the library makes of it was not seen
            self.assumes.add(f"{key} is None")
        self.assumes |= asked_of_nested
        nulls = self._nulls(stage, usual)
        self.assumes |= {f"'{key}' not in config_json or {key} is not None" for key in nulls & self.wanted | self._told_from_missing(stage) - nulls}
        certain = set(self.assumes)
        for attempt in range(8):
            results, self.unknown, self.assumes, self.defaults, self.usual = list(explorer.results), set(), set(certain), {}, {}
            self.only_given = set()
            derived = self._derived(stage, results, classes)
            for name in sorted(derived.keys() & hints.samples.keys()):  # what stands in for a field is tried with such values
                for key in sorted(E.outcomes(derived[name]) & {*stage.legacy}):
                    hints.own.setdefault(key, hints.samples[name])
            doubted = explorer.against([*crossed(E.text(rule) for rule in derived.values())], 60)
            new = [r for r in explorer.fresh(40) + doubted if (ONE_SPELLING not in self.assumes or _one_spelling(r[1][1])) and self._is_usual(r)]
            wrong = [name for name in derived if not C.holds(derived[name], new, name)]
            if not wrong:
                break
        for name in wrong:
            self._give_up(stage, results + new, name, derived)
        derived = {name: E.text(self._with_keys_of_files(stage, e)) for name, e in derived.items()}
        written_anew = set()
        for name in sorted(self.wanted & stage.start.keys()):
            rule, assumed = old_words.renamed(stage, name, derived.get(name))
            if rule != derived.get(name):
                written_anew.add(name)
                derived[name] = rule
            self.assumes |= set(assumed)
        excluded = [key for key in stage.legacy if f"{key} is None" in self.assumes]
        lists = [n for n in sorted((self.wanted | derived.keys()) & stage.start.keys()) if _is_words(usual.__dict__.get(n))]
        for key, name, rule, known in coded.settled(stage, excluded, lists, derived):
            self.assumes = self.assumes - {f"{key} is None"} | {known}
            derived[name] = rule
            written_anew.add(name)
        derived |= {key: f"None if '{key}' in config_json and {key} is None else {derived[key]}" for key in sorted(nulls - self.wanted) if key in derived}
        derived |= dict.fromkeys(sorted(self.only_given), "None")
        for name in [n for n in derived if n.startswith(per_layer.PREFIX)]:
            derived[name] = per_layer.given(name.removeprefix(per_layer.PREFIX), derived[name])
        if usual.id2label is not None:
            said, named = ("'num_labels' in config_json", "num_labels"), ("id2label is not None", "len(id2label)")
            first, second = (named, said) if C.prefers_names(self.config_class) else (said, named)
            derived["num_labels"] = f"{first[1]} if {first[0]} else {second[1]} if {second[0]} else {usual.num_labels}"
        refuses = [self._refusal(*refused) for refused in never_accepted(explorer.raised, [env for env, _ in explorer.results])]
        if C.counts_classes(self.config_class):
            derived["num_labels"] = f"({derived['num_labels']}) if nested else num_classes"
            refuses.append({"when": "not nested and num_classes is None", "text": f"{self.config_class.__name__} needs num_classes in its file."})
        nested = SubConfigs(self.config_class, stage, results, self.failures, self.reads)
        sub_configs = nested.make(classes)
        self.assumes |= nested.assumes
        read = self.wanted | stage.nested
        in_nested = [v for sub in sub_configs.values() for v in (*sub.values(), *sub.get("then", {}).values()) if isinstance(v, str)]
        for source in [*derived.values(), *self.assumes, *in_nested]:
            read |= mentions.words(source)
        asked_around_it = () if classes else ("pad_token_id",)  # a config without models of its own is read by those of the config around it
        read |= {k for k, v in stage.fields.items() if (not IRRELEVANT.search(k) or k in asked_around_it) and not isinstance(v, dict)} - self.unknown
        out = {"class": self.config_class.__name__}
        listed = [k for k in sorted(read) if k in stage.start or k in ("num_labels", "id2label", "num_classes")]
        out["defaults"] = {k: self.defaults.get(k, stage.start.get(k)) for k in listed if _is_json(stage.start.get(k))}
        out["types"] = type_rules(self.config_class)
        aliases = {a: t for a, t in self.config_class.attribute_map.items() if t in out["defaults"]}
        refuses = [refusal for refusal in refuses if not mentions.words(refusal["when"]) & written_anew]  # the library looks at the new words
        refuses = [refusal for refusal in refuses if mentions.words(refusal["when"]) - mentions.NOT_NAMES <= {"nested", *out["defaults"]}]
        refuses += [*validators.lists_of_layers(self.config_class, out["defaults"], derived), *validators.computed(self.config_class)]
        for key, value in (("assumes", sorted(self.assumes)), ("aliases", aliases), ("derived", derived), ("sub_configs", sub_configs), ("refuses", refuses),
                           ("rope", validators.rope_types(self.config_class)), ("per_layer", per_layer.without_weight(self.config_class, self.wanted))):
            if value:
                out[key] = value
        return out

    def _with_keys_of_files(self, stage, rule):
        """Where the class has made numbers of the keys of an object, they are words in files. It went through all of them: of objects with others nothing is known."""
        keys = {}

        def in_files(e):
            if e[0] != "item" or e[1][0] != "name" or e[2][0] != "const" or type(e[2][1]) is not int or "dict" not in stage.types.get(e[1][1], ()):
                return None
            keys.setdefault(e[1][1], set()).add(e[2][1])
            return "item", e[1], E.const(str(e[2][1]))

        rule = E.substitute(rule, in_files)
        self.assumes |= {f"{name} is None or len(list({name})) == {len(found)}" for name, found in keys.items()}
        return rule

    def _nulls(self, stage, usual):
        """The keys that are no fields of the class, though it sets such attributes: a file that says null leaves null in their place, which a missing key does not."""
        out = set()
        for key in stage.legacy:
            value = usual.__dict__.get(key)
            try:
                if value is not None and self.config_class(**{key: None}).__dict__.get(key, value) is None:
                    out.add(key)
            except Exception:  # the library refuses null
                continue
        return out

    def _told_from_missing(self, stage):
        """The keys that are no fields of the class and with which it does something else where the file says null than where it says nothing."""
        out = set()
        try:
            missing = self.config_class().to_dict()
        except Exception:  # there is no config without any setting
            return out
        for key in set(stage.legacy) - settable(self.config_class):
            if "rope" in key:  # what these mean as null has rules of its own
                continue
            try:
                null = self.config_class(**{key: None}).to_dict()
            except Exception:  # the library refuses it
                continue
            if {**missing, key: None} != {**null, key: None}:
                out.add(key)
        return out

    def _refusal(self, question, answer, set_fields):
        if question[0] == "op":  # a number that was asked for its truth
            question = ("cmp", "!=", question, E.const(0))
        bad, good = (question, E.negate(question)) if answer else (E.negate(question), question)
        for name in reversed(set_fields):
            bad = ("and", ("cmp", "is not", ("name", name), E.NONE), bad)
        return {"when": E.text(bad), "text": f"{self.config_class.__name__} needs {E.text(good)}."}

    def _derived(self, stage, results, classes):
        """{attribute or path: expression} for everything the modules read that is not just the input of that name."""
        derived = {}
        objects = {name: paths_into(name, value) for name, value in self.others.items()}
        for name in sorted(self.wanted - stage.nested - {"num_labels"} | self._others(stage, results) | objects.keys()):
            if all(_lacks(config, name) for _, (_, _, config) in results):  # an old key that the library refuses, or that another class has
                self.assumes.add(f"{name} is None")
                continue
            if self.tries[name] >= 2:
                self._give_up(stage, results, name, derived)
                continue
            try:
                e = self._object(results, name, classes, derived, objects.get(name, ())) if self._is_object(results, name) else C.derive(results, name, per_layer.questions(name, results, derived))
                if e is not None and name not in self.wanted and E.size(e) > LONG_RULE:
                    self.unknown.add(name)
                elif e is not None:
                    derived[name] = e
                    self._assume_unread(stage, name, e)
            except Unsolved:
                self._give_up(stage, results, name, derived)
        return derived

    def _assume_unread(self, stage, name, rule):
        """A list that is always replaced by one and the same may matter once another field is set: files are covered that leave it alone."""
        default = stage.fields.get(name)
        if rule[0] == "const" and name in stage.fields and isinstance(rule[1], list) and not isinstance(default, dict):
            same = [("cmp", "is" if value is None else "==", ("name", name), E.const(value)) for value in (default, rule[1])]
            self.assumes.add(E.text(("or", *same)))

    def _give_up(self, stage, results, name, derived):
        """No rule was found for an attribute, or for something in it."""
        whole = name.split(".")[0]
        for path in [path for path in derived if path.split(".")[0] == whole]:
            del derived[path]
        if whole in self.wanted:
            if whole == name and self.tries[name] < 2 and (self._without_old_keys(stage, results, name, derived) or self._in_usual_rounds(stage, results, name, derived)):
                return
            self.tries[name] += 1
            self.failures[f"config.{name}"] = "no rule was found"
            if whole.startswith(per_layer.PREFIX):
                self.only_given.add(whole)
                self.assumes.add("per_layer_config")
            else:
                self._assume_given(stage, results, whole)
        else:
            self.unknown.add(whole)

    def _without_old_keys(self, stage, results, name, derived):
        """Learns an attribute from the configs without old keys; those of them that make it come out otherwise are assumed not to be there."""
        scopes = [(C.example_of(trace, scope), scope, json_like(S.plain(C.attribute_or_none(config, name)))) for _, (trace, scope, config) in results]
        plain = [result for result in results if all(result[1][1].get(key) is None for key in stage.legacy)]
        if self._is_object(results, name) or len(plain) < 8:
            return False
        try:
            rule = C.derive(plain, name)
        except Unsolved:
            return False
        given = [(scope[name], value) for _, scope, value in scopes if scope.get(name) is not None]
        if rule is not None and given and all(a == b for a, b in given):  # what the class itself writes into files is taken from them
            rule = ("if", ("cmp", "is", ("name", name), E.NONE), rule, ("name", name))
        wrong = [scope for example, scope, value in scopes if not example.gives(rule or ("name", name), value)]
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

    def _in_usual_rounds(self, stage, results, name, derived):
        """Learns an attribute that is computed in a loop from the configs where it goes round as often as by default; others are not covered."""
        counted = sorted({field for _, (trace, _, _) in results for run in trace.runs.values() if run.count is not None for field in E.names(run.count) if field in stage.fields})
        for field in counted if not self._is_object(results, name) else ():
            usual = [result for result in results if result[1][1][field] == stage.fields[field]]
            try:
                rule = C.derive(usual, name) if len(usual) >= 8 and len(usual) < len(results) else None
            except Unsolved:
                continue
            if rule is not None:
                self.assumes.add(E.text(("cmp", "==", ("name", field), E.const(stage.fields[field]))))
                self.usual[field] = stage.fields[field]
                derived[name] = rule
                return True
        return False

    def _is_usual(self, result):
        return all(result[1][1][field] == value for field, value in self.usual.items())

    def _others(self, stage, results):
        """Attributes that no class here reads, but a model around this one may: it reads them of its nested config."""
        config = results[0][1][2]
        return {name for name, value in config.__dict__.items() if name not in stage.nested and not M.is_private(config, name) and name not in M.HIDDEN
                and not IRRELEVANT.search(name) and _is_json(stage.fields.get(name)) and not isinstance(S.plain(value), (dict, transformers.PreTrainedConfig))}  # fmt: skip

    def _other_objects(self, stage, usual):
        """Of the objects that no class here reads, those that the config class makes where none is given, for a model around it: {name: what it makes}."""
        made = {name: value for name, value in usual.__dict__.items() if stage.fields.get(name, value) is None and name not in self.wanted | stage.nested | M.HIDDEN}
        return {name: value for name, value in made.items() if isinstance(value, dict) and value and not IRRELEVANT.search(name)}

    def _assume_given(self, stage, results, name):
        """No rule was found for an attribute: the blueprint holds where the file gives it, if the library then takes it as it is."""
        if re.search("rope|rotary", name):
            return  # whose length of frequencies is learnt by itself
        given = [(scope[name], json_like(S.plain(C.attribute_or_none(config, name)))) for _, (_, scope, config) in results if scope.get(name) is not None]
        kept, filled = all(a == b for a, b in given), [(a, b) for a, b in given if a]
        self.assumes.add(f"{name} is not None" if kept else name if filled and all(a == b for a, b in filled) else "False")  # `x or default`
        instead = [json_like(S.plain(C.attribute_or_none(config, name))) for _, (_, scope, config) in results if scope.get(name) is None]
        if stage.fields.get(name) is None and instead and all(value == instead[0] for value in instead):
            self.defaults[name] = instead[0]  # what the class writes itself where the file does not mention it

    def _is_object(self, results, name):
        return any(isinstance(S.plain(C.attribute_or_none(config, name)), dict) for _, (_, _, config) in results)

    def _object(self, results, name, classes, derived, others=()):
        """An attribute that is an object: where it comes from, and the paths into it that the modules read, and `others`."""
        for path in sorted({p for source in mentions.expressions(classes) for p in mentions.paths(source) if p.split(".")[0] == name}.union(others)):
            if any(isinstance(S.plain(C.attribute_or_none(config, path)), dict) for _, (_, _, config) in results):
                continue  # it is there as soon as a path into it is
            e = self._path(results, path, per_layer.kinds_on_the_way(path, derived))
            if e is not None:
                derived[path] = e
            elif _is_made(results, path.rpartition(".")[0]):  # there is an object for it, though nothing at the path that the file does not say
                derived[path] = C.own_or_null(path)
        self._made_without_paths(results, name, derived)
        bases = [_base(C.attribute_or_none(config, name)) for _, (_, _, config) in results]
        strange = [b for b in bases if b not in (("name", name), E.NONE)]
        if not strange:
            return None
        examples = [C.example_of(trace, scope) for _, (trace, scope, _) in results]
        which = presence(examples, [b in strange for b in bases], C.features_of(examples), f"config.{name}")
        return ("if", which, strange[0], ("name", name)) if which is not None else strange[0]

    def _made_without_paths(self, results, name, derived):
        """Adds a path that all such objects have, where the class makes one of its own and nothing of what is read is in that."""
        paths = [path for path in derived if path.startswith(f"{name}.")]
        objects = [(config, value) for config, value in ((config, C.attribute_or_none(config, name)) for _, (_, _, config) in results) if value]
        if all(any(C.attribute_or_none(config, path) is not None for path in paths) for config, value in objects if _base(value) == E.NONE):
            return
        plain = [S.plain(value) for _, value in objects]
        for key in sorted(set.intersection(*map(set, plain))):
            if any(value[key] is None for value in plain):
                continue
            try:
                e = self._path(results, f"{name}.{key}")
            except Unsolved:
                continue
            if e is not None:
                derived[f"{name}.{key}"] = e
                return

    def _path(self, results, path, questions=()):
        """One path, over all results if that can be done; else without the old and the new spelling at once (merged key by key,
        which nobody writes), and at last without the random configs."""
        one_spelling = [r for r in results if _one_spelling(r[1][1])]
        if C.passes(one_spelling, path) and not C.passes(results, path):
            self.assumes.add(ONE_SPELLING)
            return None
        try:
            return C.derive(results, path, questions)
        except Unsolved:
            self.assumes.add(ONE_SPELLING)
        results = one_spelling
        try:
            return C.derive(results, path, questions)
        except Unsolved:
            self.failures[f"config.{path}"] = "learnt from single changes only"
            return C.derive(results[: len(results) // 2], path, questions)


LONG_RULE = 200  # parts of a rule for what no class here reads: with more of them it is hardly what the library means, and may fail where nobody asks for it
ONE_SPELLING = "rope_scaling is None or rope_parameters is None"


def _base(value):
    """The expression of the object that another is made from; null for one that is made anew."""
    return value.expr if isinstance(value, S.SymDict) and value.expr else E.NONE


def _is_made(results, path):
    """Whether the class makes the object at a path into an object for files that have none there."""
    if "." not in path:
        return False
    place = E.text(E.place(path))
    return any(isinstance(S.plain(C.attribute_or_none(config, path)), dict) and not isinstance(C.example_of(trace, scope).value(place), dict) for _, (trace, scope, config) in results)


def _is_json(value):
    """Whether JSON can say it: it knows no infinity, and no shape is made of one."""
    return not any(isinstance(x, float) and not math.isfinite(x) for x in (value if isinstance(value, list) else [value]))


def _is_words(value):
    return isinstance(value, (list, tuple)) and bool(value) and all(isinstance(word, str) for word in value)


def _one_spelling(scope):
    return scope.get("rope_scaling") is None or scope.get("rope_parameters") is None


def _lacks(config, name):
    try:
        C.attribute(config, name)
    except KeyError:
        return True
    return False
