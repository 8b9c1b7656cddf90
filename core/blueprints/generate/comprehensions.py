# SPDX-License-Identifier: Apache-2.0
"""Lists that a config class makes in a loop, as [element for i in range(count)]."""
from . import expr as E
from . import symbols as S
from .decide import decide, ranked
from .examples import Example, Unsolved, generalise
from .features import Features
from .growth import guesses
from .trace import Node

MOST_FIRST = 3  # items that were made before the loop


def comprehensions(examples, wanted, values, kept, path, questions):
    """The rules of lists that were made by a loop, not `kept` from the input.

    questions: more of them about place i than the class was seen to ask.
    """
    made = [r for r, w in enumerate(wanted) if isinstance(w, list) and not any(examples[r].gives(e, w) for e in kept)]
    from_nothing = [r for r in made if examples[r].value(E.text(kept[0])) is None]
    groups = [made, from_nothing, [r for r in made if r not in from_nothing]] if from_nothing and len(from_nothing) < len(made) else [made]
    found = [rule for rows in groups for rule in _comprehension_for(rows, examples, wanted, values, path, questions)]
    if found or not made:
        return found
    return [rule for rows in _by_key(made, examples) for rule in _comprehension_for(rows, examples, wanted, values, path, questions)]


def _by_key(rows, examples):
    """The rows with and without each key that the class looks for in an object of the config, of those objects that have lists of layers."""
    objects = {path.rpartition(".")[0] for path in _lists_of_numbers(examples[r] for r in rows) if "." in path}
    for (question, _, _), there, _ in Features([examples[r] for r in rows]).table() if objects else ():
        if question[:2] == ("cmp", "in") and question[2][0] == "const" and E.text(question[3]) in objects:
            yield [r for k, r in enumerate(rows) if there >> k & 1]
            yield [r for k, r in enumerate(rows) if not there >> k & 1]


def _comprehension_for(made, examples, wanted, values, path, questions):
    chosen = _some_of_each(made, wanted)
    for _ in range(6):  # learnt from a few rows, and again with those it gets wrong
        found = _comprehension([examples[r] for r in chosen], [wanted[r] for r in chosen], [values[r] for r in chosen], path, questions) if chosen else None
        if found is None:
            return []
        wrong = [r for r in made if not examples[r].gives(found, wanted[r])]
        if not wrong:
            break
        chosen += _some_of_each([r for r in wrong if r not in chosen], wanted)[:20]
    return [found]


def _comprehension(examples, lists, remembered, path, questions):
    inner, values, counts, pools = [], [], [], []
    for example, made, items in zip(examples, lists, remembered):
        trace = example.trace
        shifts = {run.uid: 0 for run in trace.runs.values() if run.times == len(made)}
        if not shifts:  # a loop may have made all but the first items
            shifts = {run.uid: len(made) - run.times for run in trace.runs.values() if len(made) - MOST_FIRST <= run.times < len(made)}
        runs = dict.fromkeys(shifts, "i")
        counts.append([way for uid in runs if trace.runs[uid].count is not None and not shifts[uid] for way in generalise(trace.runs[uid].count, example)])
        asked = [(c, {*c.loops, *(x[1:] for x in E.walk(c.expr) if x[0] == "loop")}) for c in trace.asked.get(None, [])]  # with the rounds in which and about which
        for k, value in _telling(made):
            node = Node(None, "", "", ())
            node.conditions = [c for c, rounds in asked if all(n == k - shifts[uid] for uid, n in rounds if uid in runs)]
            inner.append(Example(_Quiet, example.scope, node, {"i": k}, dict(runs)))
            values.append(value)
            pools.append(generalise(S.expr_of(list.__getitem__(items, k)), inner[-1]) if isinstance(items, list) else [])
    if not inner:
        return None  # empty lists alone: no element was seen
    literals = [E.const(v) for v in dict.fromkeys(v for v in values if not isinstance(v, (list, dict)))]
    try:
        total = decide(examples, [len(made) for made in lists], ranked(counts) or guesses(examples), Features(examples), f"len(config.{path})")
        last = ("cmp", "==", ("var", "i"), E.op("-", total, E.const(1)))
        element = _element(inner, values, [*ranked(pools), *literals], [*questions, last], path)
    except Unsolved:
        return None
    return ("text", f"[{E.text(element)} for i in range({E.text(total)})]")


def _element(inner, values, candidates, questions, path):
    """What stands at place i of a list; it may depend on whether i is in another list, which sets answer without asking."""
    try:
        return decide(inner, values, candidates, Features(inner, questions), f"config.{path}[i]")
    except Unsolved:
        lists = _lists_of_numbers(inner) - {path}
        places = [("var", "i"), E.op("+", ("var", "i"), E.const(1))]  # old files count layers from one
        chosen = [("cmp", "in", place, E.place(name)) for name in sorted(lists) for place in places]
        return decide(inner, values, candidates, Features(inner, [*questions, *chosen]), f"config.{path}[i]")


def _lists_of_numbers(examples):
    """The paths of the lists of whole numbers in the configs and in their objects."""
    return {path for example in examples for path, items in _lists(example.scope) if items and all(type(x) is int for x in items)}


def _lists(scope):
    """(path, list) of the lists in a scope and in its objects."""
    for key, value in scope.items():
        if isinstance(value, list):
            yield key, value
        elif isinstance(value, dict) and not isinstance(value, E.Scope):
            yield from ((f"{key}.{inner}", items) for inner, items in value.items() if isinstance(items, list))


def _some_of_each(rows, wanted, each=4, most=90):
    """A few rows of every different list: the others say nothing new."""
    taken = {}
    for r in rows:
        taken.setdefault(repr(wanted[r]), []).append(r)
    return [r for group in taken.values() for r in group[:each]][:most]


def _telling(values, most=24):
    """(index, value) at both ends and where the value changes; where it changes all the time, that is seen in `most` of them."""
    n = len(values)
    changes = [k for k in range(n) if 8 <= k < n - 4 and (values[k - 1] != values[k] or values[k + 1] != values[k])]
    inside = set(changes[:most])
    return [(k, v) for k, v in enumerate(values) if k < 8 or k >= n - 4 or k in inside]


class _Quiet:
    asked, counted = {}, {}

    @staticmethod
    def asked_within(uid):
        return ()
