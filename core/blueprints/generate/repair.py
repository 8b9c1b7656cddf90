# SPDX-License-Identifier: Apache-2.0
"""A config that the library accepts, near one that it refuses."""
import copy
import random

from .envs import change, dotted, get, leaves


def working(run, env, hints, usable, hopeless, most=250):
    """env, or something near it that the library accepts: not every default can be built. Raises the library's refusal of env.

    What the constructor read last before it gave up is changed first; of the changes that get further, the furthest is built on.
    hopeless: the refusals of the classes before that were searched in vain; of these, little more is tried.
    """
    rng, queue, tried, refusal = random.Random(0), [(0, 0, env)], 0, None
    while queue and tried < most:
        queue.sort(key=lambda x: x[:2])
        _, depth, here = queue.pop(0)
        try:
            run(copy.deepcopy(here))
            return here
        except Exception as e:
            refusal = refusal or e
            trace = getattr(e, "tare_trace", None)
            if here is env:
                reason = f"{e} {list(trace.reads)[-2:] if trace is not None else ''}"
                most = most // 5 if reason in hopeless else most
            reached = len(trace.births) if trace is not None else 0
        known = {dotted(path): path for path, _ in leaves(here) if usable(path)}
        last = [known[name] for name in reversed(list(trace.reads)) if name in known][:8] if trace is not None and depth < 3 else []
        last.sort(key=lambda path: get(here, path) is not None)  # what is not set is more often to blame
        for path in last:
            for other in hints.variations(path, get(here, path), here, rng)[:6]:
                tried += 1
                new = change(here, path, other, hints)
                try:
                    run(copy.deepcopy(new))
                    return new
                except Exception as e:
                    trace = getattr(e, "tare_trace", None)
                    further = len(trace.births) if trace is not None else 0
                    if further > reached or str(e) != str(refusal):
                        queue.append((-further, depth + 1, new))
    hopeless.add(reason)
    raise refusal
