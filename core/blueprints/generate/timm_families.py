# SPDX-License-Identifier: Apache-2.0
"""The blueprint of one timm family: all architectures of one of the library's modules."""
from . import timm_trace as T  # installs the instrumentation before timm is imported
import timm
from timm.models._pretrained import PretrainedCfg
from timm.models._registry import _module_to_deprecated_models

from . import expr as E
from .reference import differences
from .share import Sharer
from .timm_induce import assumptions, induce

FAMILIES = ("resnet", "vision_transformer", "efficientnet", "convnext", "mobilenetv3")
FIELDS = sorted(PretrainedCfg.__dataclass_fields__)

PRETRAINED = "(pretrained_cfg if pretrained_cfg is not None else config_json)"


def architectures(family):
    """The names that may stand in a config's `architecture`, each also with a tag: resnet50.a1_in1k."""
    return sorted(timm.list_models(module=family))


def make_family(family, report=print):
    """The blueprint file of a family, as a JSON-ready dict."""
    sharer, verified, extras = Sharer(), {"cases": 0, "exact": 0}, None
    for name in architectures(family):
        made = Architecture(name)
        node = made.make()
        if node is None:
            report(f"  {name}: left out: {made.failure}")
            continue
        extras = made.harmless if extras is None else [k for k in extras if k in made.harmless]
        verified["cases"] += made.cases
        verified["exact"] += made.cases
        sharer.add(name, node)
    classes, parts = sharer.write()
    for old, new in sorted(_module_to_deprecated_models.get(family, {}).items()):
        if new and new.split(".")[0] in classes and old not in classes:
            classes[old] = {"model": new.split(".")[0]}
    return {"library": "timm", "version": timm.__version__, "model_type": family, "config": config_part(extras or []),
            "classes": classes, "parts": parts, "verified": verified}  # fmt: skip


def config_part(extras):
    """How timm reads a config.json: the same for all its models, but for the arguments that change no size."""
    fixed = f"'fixed_input_size' in {PRETRAINED} and {PRETRAINED}['fixed_input_size']"
    for key in [k for k in T.UNFIXED if k in extras]:
        fixed += f" and not ('{key}' in model_args and model_args['{key}'] {T.UNFIXED[key]})"
    size = "model_args['img_size']"
    sized = f"'input_size' in {PRETRAINED}"
    known = [*T.ATTRIBUTES, *extras]
    flat = [*FIELDS, "architecture", "num_features", "labels"]
    return {
        "class": "PretrainedCfg",
        "defaults": {"architecture": None, "pretrained_cfg": None, "model_args": {}},
        "types": {"architecture": "str", "pretrained_cfg": "dict|None", "model_args": "dict"},
        "derived": {
            "num_classes": f"model_args['num_classes'] if 'num_classes' in model_args else config_json['num_classes'] if 'num_classes' in config_json "
                           f"else {PRETRAINED}['num_classes'] if 'num_classes' in {PRETRAINED} else 1000",
            "in_chans": f"model_args['in_chans'] if 'in_chans' in model_args else {PRETRAINED}['input_size'][0] if {sized} else 3",
            "own_img_size": f"(([{size}, {size}] if is_int({size}) else {size}) if 'img_size' in model_args else None)",
            "img_size": f"([{size}, {size}] if is_int({size}) else {size}) if 'img_size' in model_args "
                        f"else ({PRETRAINED}['input_size'][1:3] if {sized} else [224, 224]) if {fixed} else None",
            "global_pool": "model_args['global_pool'] if 'global_pool' in model_args else None",
        },
        "assumes": [
            f"len([k for k in list(model_args) if k not in {known!r} or model_args[k] is None]) == 0",
        ],
        "refuses": [
            {"when": f"pretrained_cfg is not None and len([k for k in list(pretrained_cfg) if k not in {FIELDS!r}]) > 0 "
                     f"or pretrained_cfg is None and len([k for k in list(config_json) if k not in {flat!r}]) > 0",
             "text": "The description of the weights holds a key that timm does not know."},
        ],
    }  # fmt: skip


class Architecture:
    """Traces one architecture under the arguments that a config.json can set."""

    def __init__(self, name):
        self.name, self.results, self.failure, self.cases, self.harmless = name, [], None, 0, []
        own = T.entry_arguments(name)
        self.size_name = "own_img_size" if "img_size" in own else "img_size"
        if "num_classes" in own or "in_chans" in own:
            self.failure = "it sets its own num_classes or in_chans"

    def make(self):
        """The node, or None where the library or the induction does not manage."""
        if self.failure:
            return None
        try:
            self._explore()
            node = {"assumes": self._assumes(), **induce(self.results)}
            self._verify(node)
        except Exception as e:
            self.failure = f"{type(e).__name__}: {e}"[:300]
            return None
        return node

    def _attempt(self, num_classes, in_chans, img_size=None, global_pool=None):
        env = {"num_classes": num_classes, "in_chans": in_chans, "img_size": img_size, "global_pool": global_pool}
        trace, root = T.run(self.name, env, self.size_name)
        self.results.append((trace, T.scope(env, self.size_name), root))
        return root

    def _accepts(self, *env):
        try:
            return self._attempt(*env)
        except T.Refused:
            return None

    def _explore(self):
        self._attempt(10, 3)
        self.chans = self._accepts(13, 5) is not None and self._accepts(17, 1) is not None
        chans = 4 if self.chans else 3
        self.empty = self._accepts(0, 3) is not None
        self.pools = []
        for pool in T.POOLS:
            if self._accepts(11, chans, None, pool) is not None:
                self.pools.append(pool)
                self.empty = self.empty and self._accepts(0, chans, None, pool) is not None
        self.sizes = []
        for k, size in enumerate(T.sizes(self.name)):
            if self._accepts(7 + k, chans, size) is not None:
                self.sizes.append(size)
        if self.sizes:
            for pool in self.pools:
                self._accepts(0, chans, self.sizes[-1], pool)
        self.harmless = [k for k, v in T.HARMLESS.items() if self._changes_nothing({k: v})]

    def _changes_nothing(self, more):
        plain = {"num_classes": 10, "in_chans": 3, "img_size": None, "global_pool": None}
        for env in (plain, {**plain, "img_size": self.sizes[0]}) if self.sizes else (plain,):
            try:
                (trace, root), (other, changed) = T.run(self.name, env, self.size_name), T.run(self.name, env, self.size_name, more)
            except T.Refused:
                return False
            scope = T.scope(env, self.size_name)
            if induce([(trace, scope, root)]) != induce([(other, scope, changed)]):
                return False
        return True

    def _assumes(self):
        out = [f"is_int(num_classes) and num_classes {'>= 0' if self.empty else '> 0'}",
               "is_int(in_chans) and in_chans >= 1" if self.chans else "in_chans == 3"]  # fmt: skip
        name = self.size_name
        if self.sizes:
            least = min(min(s) for s in self.sizes)
            out.append(f"{name} is None or len({name}) == 2 and min({name}) >= {least}")
        else:
            out.append(f"{name} is None")
        out.append(f"global_pool in {[None, *self.pools]!r}")
        return out + assumptions(self.results, self._implied)

    def _implied(self, question):
        """Whether the plain assumptions already answer a question, tried on many values."""
        ranges = {"num_classes": [1, 2, 3, 5, 10, 1000, 21843] + [0] * self.empty, "in_chans": [1, 2, 3, 4, 5, 6, 8, 12, 100] if self.chans else [3],
                  "global_pool": self.pools, self.size_name: T.many_sizes(min(min(s) for s in self.sizes)) if self.sizes else []}  # fmt: skip
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

    def _verify(self, node):
        """Hold the node against configs that the induction has not seen; raises where one differs."""
        fresh = [(3 if not self.chans else 2, None, None)]
        fresh += [(3 if not self.chans else 6, size, self.pools[k % len(self.pools)] if self.pools else None) for k, size in enumerate(T.fresh_sizes(self.name) if self.sizes else [])]
        for k, (chans, size, pool) in enumerate(fresh):
            env = {"num_classes": 19 + k, "in_chans": chans, "img_size": size, "global_pool": pool}
            try:
                _, root = T.run(self.name, env, self.size_name)
            except T.Refused:
                continue
            difference = differences(node, T.scope(env, self.size_name), root)
            if difference:
                raise AssertionError(f"{env}: {difference}")
            self.cases += 1
        for _, scope, root in self.results:
            difference = differences(node, scope, root)
            if difference:
                raise AssertionError(f"{dict(scope)}: {difference}")
            self.cases += 1
