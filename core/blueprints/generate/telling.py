# SPDX-License-Identifier: Apache-2.0
"""From the configs of an explorer to a class that describes them, and others that it was not learnt from.

Most traces say what others have said before: what is learnt from a few is compared with all the others, and those that it gets
wrong are added.
"""
import itertools
import re

from .decide import suspects
from .doubts import doubts
from .examples import Unsolved
from .induce import induce
from .reference import differences

MANY = 30_000  # modules in all traces together, from which on not all traces are learnt from
MORE = 12  # traces added at a time
ON_BARE = 2  # times that they are added for the sake of modules that weigh nothing


ATTEMPTS = 8  # of learning from configs that came out wrong


class Refuted(Unsolved):
    """There were rules, but new configs refute them."""


def learnt(explorer, unseen=20, attempts=ATTEMPTS):
    """(a class that describes all configs so far and some new ones, how many are new, the first difference in modules without tensors or None).

    unseen: how many new ones. What they refute is learnt again with them. Raises Unsolved, or Refuted.
    """
    told = None
    for attempt in range(attempts):
        results = list(explorer.results)
        body = learn([(trace, env, root) for env, (trace, root, _) in results], [explorer.asked.of(env) for env, _ in results])
        if "model" in body:
            return body, 0, None
        most = 8 if explorer.is_head(results[0][1]) else unseen
        new = explorer.fresh(most) + explorer.against(doubts(body), most)
        held = [(env, root) for env, (_, root, _) in results[-20:] + new]
        found = [differences(body, env, root, bare=False) for env, root in held]
        wrong = [d for d in found if d]
        if wrong:
            explorer.widen()
            continue
        loose = next((d for d in (differences(body, env, root) for env, root in held) if d), None)
        same = told is not None and loose is not None and _NUMBER.sub("#", loose) == _NUMBER.sub("#", told)
        told = loose
        if loose is None or attempt >= 2 or same:
            return body, len(new) or 1, loose  # where there is nothing to change, the config itself
    error = Refuted(f"still wrong on new configs: {wrong[0]}")
    error.suspects = suspects([results[0][0], *(env for env, _ in held)], [False, *map(bool, found)])
    raise error


def learn(traces, answers):
    """induce() of [(trace, scope, root)], or of some of them that do as well. answers[k]: the questions of trace k and what was answered."""
    signatures = [_signature(root, "") for _, _, root in traces]
    if sum(len(signature) for signature in signatures) < MANY:
        return induce(traces)
    chosen = _with_news([answer | {(_NUMBER.sub("#", path), *kind) for path, *kind in signature} for answer, signature in zip(answers, signatures)])
    for attempt in itertools.count():
        body = induce([traces[k] for k in chosen])
        others = [k for k in range(len(traces)) if k not in chosen]
        bare = attempt < ON_BARE  # for modules that weigh nothing there may be no rule
        wrong = (k for k in others if differences(body, *traces[k][1:], bare, covered=True) is not None)
        more = list(itertools.islice(wrong, MORE))  # the others need not be looked for
        if not more:
            return body
        chosen = sorted([*chosen, *more])


_NUMBER = re.compile(r"\d+")


def _with_news(said):
    """The places of the sets in which something stands that no set before has."""
    known, out = set(), []
    for k, here in enumerate(said):
        if not here <= known:
            known |= here
            out.append(k)
    return out


def _signature(node, path):
    """[(path, class, what tensors there are)] of a tree."""
    out = [(path, node.cls, node.reference, node.same_as is None, tuple((t.name, t.dtype, len(t.shape), t.persistent) for t in node.tensors))]
    for name, child in node.children:
        out += _signature(child, f"{path}.{name}")
    return out
