# SPDX-License-Identifier: Apache-2.0
"""What a trace noticed, told apart: in the class that is described, or in the whole models within it, which have descriptions of their own."""
import re

from . import expr as E
from . import symbols as S
from .explore import Seen
from .trace import Condition

_OF_TIES = re.compile(r"(^|\.)tie_")  # the ties of a class are those that models within do not bring along


def seen(trace, root, model):
    """What there is to tell the explorer of a trace and its tree. A model within that was changed afterwards is part of the class."""
    models = [trace.model_of(node) for node in nodes(root) if node.reference is not None and node is not root]
    inner = {id(module) for model in models for module in model.modules()}
    elsewhere = {id(model) for model in models}
    own = [c for owner, group in trace.asked.items() if owner not in inner for c in group]
    within = set()
    if not trace.within:  # otherwise a constructor did not say when it was done, and whose reads were whose is not known
        within = {name for name, readers in trace.reads.items() if all(models & elsewhere for models in readers) and not _OF_TIES.search(name)}
    if within:
        within -= _named(trace, root, own, inner)
    channels = {path: S.plain(values) for path, values in trace.channels.items()}
    return Seen(trace.all_asked(), list(trace.runs.values()), set(trace.reads), (trace, root, model), within, own, rounds_of(trace, inner), channels)


def rounds_of(trace, inner):
    """For each loop that makes modules, or makes none, whether it goes round more than once: nobody asks, but one round does not show what a second makes."""
    counted = [run for run in trace.runs.values() if (run.made or not run.times) and run.complete and run.count is not None and id(run.owner) not in inner]
    return [Condition(("cmp", ">", run.count, E.const(1)), run.times > 1, run.outer, place=(run.site,)) for run in counted if E.names(run.count)]


def in_shapes(root):
    """The fields from which a shape in a tree was computed."""
    return {name for node in nodes(root) for tensor in node.tensors for e in tensor.exprs for name in E.names(e)}


def nodes(node):
    """All of a traced tree, the root first."""
    yield node
    for _, child in node.children:
        yield from nodes(child)


def _named(trace, root, own, inner):
    """The fields from which something in the class was computed, though a model within may have read them."""
    said = [e for node in nodes(root) for tensor in node.tensors for e in tensor.exprs]
    said += [run.count for run in trace.runs.values() if run.count is not None and id(run.owner) not in inner]
    said += [condition.expr for condition in own] + [S.expr_of(values) for values in trace.channels.values()]
    return {name for e in {repr(e): e for e in said}.values() for name in E.names(e)}
