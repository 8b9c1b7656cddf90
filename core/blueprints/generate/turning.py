# SPDX-License-Identifier: Apache-2.0
"""Lists that a loop fills from their end, `blocks.insert(0, block)`: their loop is counted from its end as well.

Then item i of the list is what round i made, as everywhere else, and a loop over `reversed(range(n))` has the indices it says.
"""
from . import expr as E


def turn_around(trace, root):
    """Renumbers the rounds of such loops in all that the trace has noted of them."""
    ends = {uid: (run.times, E.op("-", run.count, E.const(1))) for uid, run in trace.runs.items() if run.backwards and run.count is not None}
    if not ends:
        return

    def expression(e):
        return E.substitute(e, lambda x: E.op("-", ends[x[1]][1], ("loop", x[1], ends[x[1]][0] - 1 - x[2])) if x[0] == "loop" and x[1] in ends else None)

    def loops(around):
        return tuple((uid, ends[uid][0] - 1 - k if uid in ends else k) for uid, k in around)

    for node in {id(n): n for n in _with_owners(root)}.values():
        node.loops = loops(node.loops)
        for tensor in node.tensors:
            tensor.exprs = tuple(map(expression, tensor.exprs))
    for condition in trace.all_asked():
        condition.expr, condition.loops = expression(condition.expr), loops(condition.loops)
    for run in trace.runs.values():
        run.outer = loops(run.outer)
        if run.count is not None:
            run.count = expression(run.count)


def _all(node):
    yield node
    for _, child in node.children:
        yield from _all(child)


def _with_owners(root):
    for node in _all(root):
        while node is not None:
            yield node
            node = node.owner
