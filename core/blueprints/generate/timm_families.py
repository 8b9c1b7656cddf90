# SPDX-License-Identifier: Apache-2.0
"""The blueprint of one timm family: all architectures of one of the library's modules."""
import gc

import timm
from timm.models._pretrained import PretrainedCfg
from timm.models._registry import _module_to_deprecated_models, _module_to_models

from . import expr as E
from . import timm_trace as T
from .examples import Unsolved
from .reference import differences
from .share import Sharer, numbered
from .share_check import same
from .timm_classes import RATES, WORDS, described, one_of
from .timm_induce import assumptions, induce
from .timm_known import add_known

FAMILIES = sorted((name for name, models in _module_to_models.items() if models), key=lambda name: (-len(_module_to_models[name]), name))  # the longest first
FIELDS = sorted(PretrainedCfg.__dataclass_fields__)

ROUNDS = 5  # of learning from configs that came out wrong
PRETRAINED = "(pretrained_cfg if pretrained_cfg is not None else config_json)"


def architectures(family):
    """The names that may stand in a config's `architecture`, each also with a tag: resnet50.a1_in1k."""
    return sorted(timm.list_models(module=family))


def make_family(family, report=print):
    """The blueprint file of a family, as a JSON-ready dict; architectures that do not come out exact are among what it `lacks`."""
    groups, rest = described(architectures(family), report)
    made = {}
    for name in rest:
        made[name] = one = Architecture(name).make()
        report(f"  {name}: {one.failure or one.cases}")
    blueprint = assemble(family, made, groups)
    add_known(blueprint)
    return blueprint


def assemble(family, architectures, groups=()):
    """The file of a family from its traced architectures and [(a class, the architectures that are this class)]."""
    made = {name: one for name, one in architectures.items() if one.node is not None}
    lacks = {name: one.failure for name, one in architectures.items() if one.node is None}
    switches = [k for k in T.SWITCHES if any(k in one.switches for one in made.values())]
    for one in made.values():
        one.node["assumes"] += [f"{k} is None" for k in switches if k not in one.switches]
    sharer = Sharer()
    for name, one in made.items():
        sharer.add(name, one.node)
    classes, parts = sharer.write()
    for name, one in made.items():
        for scope in one.scopes:
            assert same(one.node, classes[name], parts, scope), f"{name} is another with parts"
    cases = sum(one.cases for one in made.values()) + sum(group.cases for group, _ in groups)
    taken = {name: {*T.ATTRIBUTES, *switches, *one.harmless} for name, one in made.items()}
    known = {*T.ATTRIBUTES, *switches}.union(*taken.values(), *(group.known() for group, _ in groups))
    size_names = {one.size_name for one in made.values()}.union(*(size_names_of(members) for _, members in groups))
    usual = {}
    for name, one in made.items():
        classes[name] = _knowing(taken[name], known, _assuming([one_of(k, WORDS[k]) for k in one.harmless if k in WORDS], classes[name]))
    for group, members in groups:
        usual = {**group.usual(), **usual}
        part = next(name for name in numbered(group.cls) if name not in parts)
        body = {**group.body, "assumes": [*group.assumes(), *group.body["assumes"]]}
        parts[part] = _knowing(group.known(), known, body)
        classes.update({name: group.node(one, part, usual) for name, one in members.items()})
    for old, new in sorted(_module_to_deprecated_models.get(family, {}).items()):
        if new and new.split(".")[0] in classes and old not in classes:
            classes[old] = {"model": new.split(".")[0]}
    return {"library": "timm", "version": timm.__version__, "model_type": family, "config": config_part(known, size_names, usual),
            "classes": dict(sorted(classes.items())), "parts": parts, **({"lacks": lacks} if lacks else {}), "verified": {"cases": cases, "exact": cases}}  # fmt: skip


def size_names_of(members):
    return {"own_img_size" if one.own_size else "img_size" for one in members.values() if "img_size" in one.scope}


def _knowing(keys, known, node):
    """The node where `model_args` says nothing but what it has rules for, of all that the file knows."""
    others = sorted(known - keys)
    return _assuming([f"len([k for k in list(model_args) if k in {others!r}]) == 0"] * bool(others), node)


def _assuming(conditions, node):
    return {**node, "assumes": [*conditions, *node.get("assumes", ())]} if conditions else node


def config_part(known, size_names, usual):
    """How timm reads a config.json: the same for all its models, but for the arguments that they take.

    known: keys of `model_args`. usual: of those that are arguments of a class, what it has where nobody gives them.
    `own_img_size` is for architectures that set an image size themselves: there only model_args can set another.
    """
    fixed = f"'fixed_input_size' in {PRETRAINED} and {PRETRAINED}['fixed_input_size']"
    for key in [k for k in T.UNFIXED if k in known]:
        fixed += f" and not ('{key}' in model_args and model_args['{key}'] {T.UNFIXED[key]})"
    size = "model_args['img_size']"
    asked = f"([{size}, {size}] if is_int({size}) else {size}) if 'img_size' in model_args"
    sized = f"'input_size' in {PRETRAINED}"
    known = [*T.ATTRIBUTES, *sorted(known - {*T.ATTRIBUTES})]
    rates = [key for key in known if RATES.search(key)]
    return {
        "class": "PretrainedCfg",
        "defaults": {"architecture": None, "pretrained_cfg": None, "model_args": {}},
        "types": {"None|dict": ["pretrained_cfg"], "dict": ["model_args"], "str": ["architecture"]},
        "derived": {
            "num_classes": f"model_args['num_classes'] if 'num_classes' in model_args else config_json['num_classes'] if 'num_classes' in config_json "
                           f"else {PRETRAINED}['num_classes'] if 'num_classes' in {PRETRAINED} else 1000",
            "in_chans": f"model_args['in_chans'] if 'in_chans' in model_args else {PRETRAINED}['input_size'][0] if {sized} else 3",
            **({"own_img_size": f"{asked} else None"} if "own_img_size" in size_names else {}),
            "img_size": f"{asked} else ({PRETRAINED}['input_size'][1:3] if {sized} else [224, 224]) if {fixed} else None",
            **{k: f"model_args['{k}'] if '{k}' in model_args else None" for k in ("global_pool", *T.SWITCHES) if k in known},
            **{k: f"model_args['{k}'] if '{k}' in model_args else {E.text(E.const(usual[k]))}" for k in sorted(usual)},
        },
        "assumes": [
            f"len([k for k in list(model_args) if k not in {known!r} or model_args[k] is None]) == 0",
            *[f"len([k for k in list(model_args) if k in {rates!r} and not ((is_float(model_args[k]) or is_int(model_args[k])) and model_args[k] >= 0 and model_args[k] <= 1)]) == 0"] * bool(rates),
        ],
        "refuses": [
            {"when": f"len([k for k in list({PRETRAINED}) if k not in {FIELDS!r} + (['num_features', 'labels'] if pretrained_cfg is None else [])]) > 0",
             "text": "The description of the weights holds a key that timm does not know."},
        ],
    }  # fmt: skip


class Architecture:
    """Traces one architecture under the arguments that a config.json can set."""

    def __init__(self, name):
        self.name, self.results, self.failure, self.cases, self.harmless = name, [], None, 0, []
        self.switches = []
        self.node, self.scopes, self.only_sizes = None, [], False
        self.size_name = "img_size"
        self.usual_size = None  # where nothing else is tried; a size for those that the library does not build without one

    def make(self):
        """Itself, with a `node`, or with a `failure` where the library or the induction does not manage."""
        try:
            own = T.entry_arguments(self.name)
            if "num_classes" in own or "in_chans" in own:
                raise AssertionError("it sets its own num_classes or in_chans")
            self.size_name = "own_img_size" if "img_size" in own else "img_size"
            self._explore()
            self.node = self._refine() or self._at_known_sizes()
        except Exception as e:
            self.failure = _words(e)[:300]
        self.scopes = [scope for _, scope, _ in self.results[:1] + self.results[-1:]]
        self.results = []  # they hold whole models, in circles
        gc.collect()
        return self

    def _refine(self):
        """Induce, try configs not seen yet, learn from those that come out wrong; None if that does not end."""
        for turn in range(ROUNDS):
            self.cases = 0
            try:
                node = {"assumes": self._assumes(), **induce(self.results)}
            except Unsolved:
                return None
            wrong = [result for result in self._fresh(turn) if differences(node, result[1], result[2], bare=False)]
            if not wrong:
                self._check(node)
                return node
            self.results += wrong
        return None

    def _at_known_sizes(self):
        """The node for the image sizes of the first traces only: no rule for others was found."""
        self.sizes, self.only_sizes, self.cases = self.sizes[:2], True, 0
        self.results = [r for r in self.results if r[1][self.size_name] in (self.usual_size, *self.sizes)]
        questions = [("cmp", "==", ("name", self.size_name), E.const(size)) for size in self.sizes]
        node = {"assumes": self._assumes(), **induce(self.results, questions)}
        wrong = [d for d in (differences(node, scope, root, bare=False) for _, scope, root in self._fresh(0)) if d]
        if wrong:
            raise AssertionError(wrong[0])
        self._check(node)
        return node

    def _attempt(self, num_classes, in_chans, img_size=None, global_pool=None, **switches):
        env = {"num_classes": num_classes, "in_chans": in_chans, "img_size": img_size or self.usual_size, "global_pool": global_pool, **switches}
        trace, root = T.run(self.name, env, self.size_name)
        self.results.append((trace, T.scope(env, self.size_name), root))
        return root

    def _accepts(self, *env, **switches):
        try:
            return self._attempt(*env, **switches)
        except T.Refused:
            return None

    def _explore(self):
        if self._accepts(10, 3) is None:
            self.usual_size = T.own_size(self.name)
            self._attempt(10, 3)
        self.chans = self._accepts(13, 5) is not None and self._accepts(17, 1) is not None
        chans = 4 if self.chans else 3
        self.empty = self._accepts(0, 3) is not None
        self.pools = []
        unlike = {}  # what a pool makes -> the first that does: those that make the same modules do so with an empty head too, and for other sizes
        for pool in T.POOLS:
            root = self._accepts(11, chans, None, pool)
            if root is None:
                continue
            self.pools.append(pool)
            picture = shape_of(root)
            if picture not in unlike:
                unlike[picture] = pool
                self.empty = self.empty and self._accepts(0, chans, None, pool) is not None
        self.sizes = []
        for k, size in enumerate(T.sizes(self.name)):
            if self._accepts(7 + k, chans, size) is not None:
                self.sizes.append(size)
        if self.sizes:
            for pool in unlike.values():
                self._accepts(0, chans, self.sizes[-1], pool)
        for switch in T.SWITCHES:
            if self._accepts(10, chans, **{switch: True}) is not None:
                self.switches.append(switch)
                for pool in [None, *unlike.values()]:
                    self._accepts(0 if self.empty else 10, chans, None, pool, **{switch: True})
                    self._accepts(12, chans, self.sizes[-1] if self.sizes else None, pool, **{switch: False})
        self.harmless = self._harmless(T.HARMLESS) + self._harmless(T.OF_FEW)

    def _harmless(self, more):
        """Those arguments among `more` that the architecture takes and that change nothing that weighs."""
        plain = {"num_classes": 10, "in_chans": 3, "img_size": self.usual_size, "global_pool": None}
        for env in [plain] + [{**plain, "img_size": size} for size in self.sizes[:1]]:
            wanted = None
            for key in [None, *more]:  # all at once, then one by one
                try:
                    if wanted is None:
                        wanted = self._node_of(env, {})
                    good = self._node_of(env, more if key is None else {key: more[key]}) == wanted
                except T.Refused:
                    good = False
                if key is None and good:
                    break
                if key is not None and not good:
                    more = {k: v for k, v in more.items() if k != key}
        return list(more)

    def _node_of(self, env, more):
        trace, root = T.run(self.name, env, self.size_name, more)
        return what_weighs(induce([(trace, T.scope(env, self.size_name), root)]))

    def _assumes(self):
        out = [f"is_int(num_classes) and num_classes {'>= 0' if self.empty else '> 0'}",
               "is_int(in_chans) and in_chans >= 1" if self.chans else "in_chans == 3"]  # fmt: skip
        name = self.size_name
        if self.only_sizes:
            out.append(f"{name} in {[self.usual_size, *self.sizes]!r}")
        elif self.sizes:
            least = min(min(s) for s in self.sizes)
            fits = f"len({name}) == 2 and min({name}) >= {least}"
            out.append(f"{name} is not None and {fits}" if self.usual_size else f"{name} is None or {fits}")
        else:
            out.append(f"{name} is None")
        out.append(f"global_pool in {[None, *self.pools]!r}")
        out += [f"{switch} in [None, True, False]" for switch in self.switches]
        return out + assumptions(self.results, self._implied)

    def _implied(self, question):
        """Whether the plain assumptions already answer a question, tried on many values."""
        ranges = {"num_classes": [1, 2, 3, 5, 10, 1000, 21843] + [0] * self.empty, "in_chans": [1, 2, 3, 4, 5, 6, 8, 12, 100] if self.chans else [3],
                  "global_pool": self.pools, self.size_name: T.many_sizes(min(min(s) for s in self.sizes)) if self.sizes else []}  # fmt: skip
        ranges.update({switch: [None, True, False] for switch in self.switches})
        names = sorted(E.names(question))
        envs = [{}]
        for name in names:
            envs = [{**env, name: value} for env in envs for value in ranges[name]]
        found = set()
        for env in envs:
            try:
                found.add(bool(E.evaluate(question, E.Scope(env))))
            except Exception:
                found.add(None)
        return len(found) == 1 and None not in found

    def _fresh(self, turn):
        """Traces of configs that the induction has not seen."""
        sizes = [self.usual_size, *((self.sizes if self.only_sizes else T.fresh_sizes(self.name, turn)) if self.sizes else ())]
        for k, size in enumerate(sizes):
            env = {"num_classes": 19 + k, "in_chans": (2 + turn if k == 0 else 6) if self.chans else 3, "img_size": size,
                   "global_pool": self.pools[k % len(self.pools)] if k and self.pools else None,
                   **{switch: True for switch in self.switches if k % 2}}  # fmt: skip
            try:
                trace, root = T.run(self.name, env, self.size_name)
            except T.Refused:
                continue
            self.cases += 1
            yield trace, T.scope(env, self.size_name), root

    def _check(self, node):
        """Hold the node against all that it was made from."""
        for _, scope, root in self.results:
            difference = differences(node, scope, root, bare=False)
            if difference:
                raise AssertionError(f"{dict(scope)}: {difference}")
            self.cases += 1


def what_weighs(node):
    """A node without the modules in it that weigh nothing: DropPath may stand there for Identity."""
    children = {name: what_weighs(child) for name, child in node.get("children", {}).items() if isinstance(child, dict)}
    kept = {name: child for name, child in children.items() if child.keys() & {"parameters", "buffers", "children"}}
    return {**{key: value for key, value in node.items() if key != "children"}, **({"children": kept} if kept else {})}


def _words(error):
    """Why an architecture is lacking, for people."""
    if isinstance(error, Unsolved):
        return f"no rule was found for {error}"
    if isinstance(error, T.Refused):
        return f"the library itself does not build it: {error}"
    return f"it came out wrong: {error or type(error).__name__}"


def shape_of(node):
    """The plain names, kinds and sizes of a traced tree."""
    return (node.cls, tuple((t.name, t.kind, t.shape) for t in node.tensors), tuple((name, shape_of(child)) for name, child in node.children))
