# SPDX-License-Identifier: Apache-2.0
"""Which of many traces to learn from: most of them say what others have said before.

What is learnt from a few is compared with all the others, and those that it gets wrong are added.
"""
import itertools
import re

from .induce import induce
from .reference import differences

MANY = 30_000  # modules in all traces together, from which on not all traces are learnt from
MORE = 12  # traces added at a time
ON_BARE = 2  # times that they are added for the sake of modules that weigh nothing


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
        wrong = [k for k in others if differences(body, *traces[k][1:], bare, covered=True) is not None]
        if not wrong:
            return body
        chosen = sorted([*chosen, *wrong[:MORE]])


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
