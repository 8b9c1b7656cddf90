# SPDX-License-Identifier: Apache-2.0
"""Which config to start from: the default one, or, where the library cannot build that, one that says what it lacks.

start_configs.json holds what such a config says beside the default, by model type or by class: values as published models have them.
"""
import copy
import functools
import json
import pathlib

from torch import nn
from transformers import PreTrainedConfig

from . import expr as E
from .assumptions import has_value
from .examples import Unsolved
from .envs import dotted, get, leaves, put
from .reference import Builder, NotCovered

CONFIGS = json.loads((pathlib.Path(__file__).parent / "start_configs.json").read_text())


def start_config(model_type, config_class, whole=True, model_class=None, said=None):
    """model_class: the name of the class that is to be built; where it needs nothing of its own, or for None, the config is that of the type. said: what else the config says."""
    return default_config(config_class, whole, copy.deepcopy({**CONFIGS.get(model_type, {}), **CONFIGS.get(model_class, {}), **(said or {})}))


def default_config(config_class, whole=True, said=None):
    """whole: with the nested configs that the default one does without. said: more that it says."""
    nested = optional(config_class) if whole else {}
    return config_class(**copy.deepcopy(nested) | (said or {}))


@functools.cache
def optional(config_class):
    """{key: what it says} of the nested configs that the default config does without, and that need say nothing but their usual type to be there."""
    out = {}
    for key, spec in (getattr(config_class, "sub_configs_defaults", None) or {}).items():
        for said in ({}, {**spec.init_kwargs, "model_type": spec.model_type}):
            try:
                missing = getattr(config_class(), key, None) is None
                if missing and isinstance(getattr(config_class(**{key: copy.deepcopy(said)}), key), PreTrainedConfig):
                    out.setdefault(key, said)
            except Exception:  # it cannot be so easily
                continue
    return out


def assume_what_was_added(body, run, start, default, envs):
    """Makes a class hold only where a config says what the default one lacks, if it would give a number for what the library refuses.

    The assumption stands at the modules whose constructor refuses: a config may leave it out as long as there are none of them.
    run: traces the class on the default config with other attributes. envs: configs that the library accepts, and that stay covered.
    Raises Unsolved where that cannot be.
    """
    added = [path for path, value in leaves(start) if _lacking(default, path) != value]
    for paths in [*([path] for path in added), added]:
        env = copy.deepcopy(start)
        for path in paths:
            put(env, path, _lacking(default, path))
        refusal = _error_of(run, env)
        if refusal is None or not is_answered(body, env):
            continue
        makers = _makers(refusal)
        if not makers:
            continue  # a whole model, which its own blueprint describes
        condition = " or ".join(E.text(E.negate(has_value(path, _lacking(default, path)))) for path in paths)
        if not any(_assume(body, name, condition, env, envs) for name in makers):
            raise Unsolved(f"what the library refuses without {dotted(paths[0])}")


def _lacking(default, path):
    try:
        return get(default, path)
    except KeyError:
        return None


def _error_of(call, *arguments):
    try:
        call(*arguments)
    except Exception as e:
        return e
    return None


def is_answered(body, env):
    """Whether a class gives a number for a config."""
    return _error_of(Builder(env).node, body, "", {}) is None


def _is_covered(body, env):
    return not isinstance(_error_of(Builder(env).node, body, "", {}), NotCovered)


def _makers(refusal):
    """The classes of the modules in whose constructors an error arose, from the innermost up; none if it arose in a whole model within."""
    births, names, step = refusal.tare_trace.births, [], refusal.__traceback__
    while step is not None:
        code, first = step.tb_frame.f_code, step.tb_frame.f_locals.get("self")
        if code.co_name == "__init__" and isinstance(first, nn.Module) and type(first).__name__ not in names:
            if names and births.get(id(first), (None,) * 5)[4] is not None:
                return []
            names.append(type(first).__name__)
        step = step.tb_next
    return names[::-1]


def _assume(body, name, condition, env, envs):
    """Adds a condition to the modules of a class, if that refuses env and none of envs."""
    nodes = list(_nodes_of(body, name))
    before = [node.get("assumes") for node in nodes]
    for node in nodes:
        node["assumes"] = [*node.get("assumes", ()), condition]
    if nodes and not is_answered(body, env) and all(_is_covered(body, other) for other in envs):
        return True
    for node, assumed in zip(nodes, before):
        node.pop("assumes")
        if assumed is not None:
            node["assumes"] = assumed
    return False


def _nodes_of(node, name):
    if isinstance(node, dict):
        if node.get("class") == name:
            yield node
        for value in node.values():
            yield from _nodes_of(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from _nodes_of(value, name)
