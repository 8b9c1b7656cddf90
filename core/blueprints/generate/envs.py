# SPDX-License-Identifier: Apache-2.0
"""Configs under change: nested scopes of plain values, each place named by its path of keys."""
import copy

from . import expr as E


def leaves(env, prefix=()):
    """(path, value) of every attribute, nested configs included; a path is a tuple of keys."""
    for key, value in env.items():
        if isinstance(value, E.Scope):
            yield from leaves(value, prefix + (key,))
        else:
            yield prefix + (key,), value


def has(env, path):
    """Whether the place is there: a nested config may be null as a whole."""
    for key in path[:-1]:
        env = env.get(key)
        if env is None:
            return False
    return True


def get(env, path):
    for key in path:
        env = env[key]
    return env


def put(env, path, value):
    for key in path[:-1]:
        env = env[key]
    env[path[-1]] = value


def dotted(path):
    return ".".join(path)


def set_count(env, path, n):
    """A layer count and the lists that have one entry per layer."""
    old = get(env, path)
    put(env, path, n)
    for other, value in list(leaves(env)):
        if other[:-1] == path[:-1] and isinstance(value, list) and len(value) == old and old != n:
            put(env, other, (value * (n // len(value) + 1))[:n] if value else value)


def _copied(env):
    new = copy.copy(env)
    for key, value in env.items():
        if isinstance(value, E.Scope):
            new[key] = _copied(value)
    return new


def change(env, path, value, hints):
    """The env with one field changed, and what must follow it. The values of the other fields are shared: nobody changes them."""
    new = _copied(env)
    if dotted(path) in hints.counts and isinstance(value, int) and isinstance(get(env, path), int):
        set_count(new, path, value)
    else:
        put(new, path, value)
    _align_stages(get(new, path[:-1]), path[-1], value)
    return new


def _align_stages(near, key, value):
    """A backbone says twice which of its stages it hands out, in their order: the other list follows, or nearly every change would be refused."""
    stages = near.get("stage_names")
    if not isinstance(stages, list) or not isinstance(value, list):
        return
    if key == "_out_indices" and value and all(type(i) is int for i in value):
        near["_out_features"] = [stages[i % len(stages)] for i in value]
    elif key == "_out_features" and any(stage in value for stage in stages):
        near["_out_features"] = [stage for stage in stages if stage in value]
        near["_out_indices"] = [stages.index(stage) for stage in near["_out_features"]]
