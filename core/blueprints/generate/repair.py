# SPDX-License-Identifier: Apache-2.0
"""A config that the library accepts, near one that it refuses."""
import copy
import random

from .envs import change, dotted, get, leaves

DEPTH = 3  # how many fields are changed at once
LAST, VALUES = 8, 6  # how many of the fields that were read last are changed, and to how many values


def working(run, env, hints, usable, hopeless, most=250):
    """env, or something near it that the library accepts: not every default can be built. Raises the library's refusal of env.

    What the constructor read last before it gave up is changed first; of the changes that get further, the furthest is built on
    at once, as a switch may need several fields that are not set.
    hopeless: the refusals of the classes before that were searched in vain; of these, little more is tried.
    """
    rng = random.Random(0)
    refusal = _refused(run, env)
    if refusal is None:
        return env
    reason = f"{refusal} {refusal.tare_reads[-2:]}"
    left = most // 5 if reason in hopeless else most
    queue = [(refusal.tare_births, 0, _changes(env, refusal, hints, usable, rng))]  # (how far it got, how many changes it has, those to try next)
    while queue and left > 0:
        reached, depth, changes = queue[0]
        new = next(changes, None)
        if new is None:
            queue.pop(0)
            continue
        left -= 1
        error = _refused(run, new)
        if error is None:
            return new
        if depth + 1 < DEPTH and (error.tare_births > reached or str(error) != str(refusal)):
            queue.append((error.tare_births, depth + 1, _changes(new, error, hints, usable, rng)))
            queue.sort(key=lambda x: (-x[0], x[1]))
    hopeless.add(reason)
    raise refusal


def _changes(env, error, hints, usable, rng):
    """The config with one of the fields that were read last changed; those that are not set first, which are more often to blame."""
    known = {dotted(path): path for path, _ in leaves(env) if usable(path)}
    last = [known[name] for name in reversed(error.tare_reads) if name in known][:LAST]
    for path in sorted(last, key=lambda path: get(env, path) is not None):
        for other in hints.variations(path, get(env, path), env, rng)[:VALUES]:
            yield change(env, path, other, hints)


def _refused(run, env):
    """Why the library refuses a config, or None. Of what was traced, only how far it got is kept."""
    try:
        run(copy.deepcopy(env))
    except Exception as error:
        trace = vars(error).pop("tare_trace", None)
        error.tare_reads, error.tare_births = (list(trace.reads), len(trace.births)) if trace is not None else ([], 0)
        error.__cause__ = error.__context__ = None  # they hold what was made before
        return error.with_traceback(None)
    return None
