# SPDX-License-Identifier: Apache-2.0
"""From the tensors of one module in many traces to its parameters and buffers, with a rule for every dimension."""
import dataclasses
import functools
import re

from . import elsewhere
from . import expr as E
from .decide import decide, presence, ranked
from .envs import dotted, leaves
from .examples import Unsolved, generalise
from .features import Features
from .growth import guesses, progressions, rounds
from .order import merged_order


def tensors(examples, kind, features, path, unrolled):
    """{name: tensor}; unrolled: takes up the conditions under which they were described."""
    names = merged_order([[t.name for t in example.node.tensors if t.kind == kind] for example in examples])
    of_layers = [name for name in names if _LAYER.search(name)]
    repeated, made = [], {}
    if any(_layer(name) > 0 for name in of_layers):
        repeated, made = of_layers, _layers(examples, kind, path, unrolled)
    elif len({len(_numbered(example, kind)) for example in examples}) > 1:
        repeated, made = [name for name in names if name.isdigit()], _list(examples, kind, path, unrolled)
    names = [name for name in names if name not in repeated]
    return {**made, **_with_like_bias(examples, {name: _tensor(examples, kind, name, features, path + (name,), unrolled) for name in names})}


def _with_like_bias(examples, made):
    """A bias that few examples have is as long as the weight, which all of them have and tell more of, is wide."""
    weight, bias = made.get("weight"), made.get("bias")
    if not isinstance(bias, dict) or not isinstance(weight, list) or isinstance(weight[0], dict) or bias["shape"] == weight[:1]:
        return made
    lengths = [(example, t.shape[0]) for example in examples for t in example.node.tensors if t.name == "bias" and len(t.shape) == 1]
    if not lengths or any(example.value(str(weight[0])) != length for example, length in lengths):
        return made
    return {**made, "bias": {**bias, "shape": weight[:1]}}


_LAYER = re.compile(r"_l(\d+)(?=_reverse$|$)")  # weight_ih_l0_reverse


def _layer(name):
    return int(_LAYER.search(name)[1])


def _layers(examples, kind, path, unrolled):
    """The layers of a recurrent network, which torch numbers in the names of their tensors: {"each {i}": {"repeat", "each"}}."""
    index = E.INDICES[len(examples[0].variables)]
    layers = [[t for t in example.node.tensors if t.kind == kind and _LAYER.search(t.name)] for example in examples]
    counts = [1 + max((_layer(t.name) for t in found), default=-1) for found in layers]
    first, others = [], []  # the first has inputs of another width
    for example, found, count in zip(examples, layers, counts):
        for k in range(count):
            renamed = [dataclasses.replace(t, name=_LAYER.sub(f"_l{{{index}}}", t.name)) for t in found if _layer(t.name) == k]
            (others if k else first).append(example.inside(None, index, k, dataclasses.replace(example.node, tensors=renamed)))
    count = _count(examples, counts, f"{'.'.join(path)}: how many layers?")
    if max(counts) < 3:
        unrolled.add(E.text(("cmp", "<=", count, E.const(max(counts)))))
    first, others = (tensors(some, kind, Features(some), path, unrolled) for some in (first, others))
    each = {name: first[name] if first.get(name) == others.get(name) else [*_options(first.get(name), f"{index} == 0"), *_options(others.get(name), f"{index} > 0")]
            for name in merged_order([list(first), list(others)])}  # fmt: skip
    return _loop(index, count, each)


def _numbered(example, kind):
    return [t for t in example.node.tensors if t.kind == kind and t.name.isdigit()]


def _list(examples, kind, path, unrolled):
    """The tensors of a list of parameters, which torch names by their numbers, as many as the config says."""
    index = E.INDICES[len(examples[0].variables)]
    lists = [_numbered(example, kind) for example in examples]
    count = _count(examples, [len(found) for found in lists], f"{'.'.join(path)}: how many?")
    each = [
        example.inside(None, index, k, dataclasses.replace(example.node, tensors=[dataclasses.replace(t, name=f"{{{index}}}")]))
        for example, found in zip(examples, lists)
        for k, t in enumerate(found)
    ]
    return _loop(index, count, tensors(each, kind, Features(each), path, unrolled))


def _count(examples, counts, what):
    scope = examples[0].scope
    sizes = [("name", k) for k, v in scope.items() if type(v) is int] + [("call", "len", ("name", k)) for k, v in scope.items() if isinstance(v, list)]
    return decide(examples, counts, [*guesses(examples), *sizes], Features(examples), what)


def _loop(index, count, each):
    return {f"each {{{index}}}": {"repeat": {index: E.say(count)}, "each": each}}


def _options(tensor, when):
    """The alternatives of a tensor under one more condition."""
    if tensor is None:
        return []
    if isinstance(tensor, dict):
        tensor = [tensor]
    elif not (tensor and isinstance(tensor[0], dict)):
        tensor = [{"shape": tensor}]
    return [{**option, "when": f"{when} and ({option['when']})" if "when" in option else when} for option in tensor]


def _tensor(examples, kind, name, features, path, unrolled):
    found = [next((t for t in e.node.tensors if t.kind == kind and t.name == name), None) for e in examples]
    there = [r for r, t in enumerate(found) if t is not None]
    kinds = sorted({(len(found[r].shape), found[r].dtype, found[r].persistent) for r in there})
    alternatives = []
    for rank, dtype, persistent in kinds:
        rows = [r for r in there if (len(found[r].shape), found[r].dtype, found[r].persistent) == (rank, dtype, persistent)]
        here = set(rows)
        when = presence(examples, [r in here for r in range(len(examples))], features, f"{'.'.join(path)}: is it there?")
        some = [examples[r] for r in rows]
        inner = features if len(rows) == len(examples) else Features(some)
        shape = [_dimension(some, [found[r] for r in rows], d, inner, path, unrolled) for d in range(rank)]
        if dtype == "float32" and persistent and when is None and len(kinds) == 1:
            return shape
        spec = {"shape": shape}
        if dtype != "float32":
            spec["dtype"] = dtype
        if not persistent:
            spec["persistent"] = False
        if when is not None:
            spec["when"] = E.text(when)
        alternatives.append(spec)
    return alternatives[0] if len(alternatives) == 1 else alternatives


_RANKS = {f"Conv{transposed}{n}d": n + 2 for n in (1, 2, 3) for transposed in ("", "Transpose")}


def without_odd_ranks(examples, features, path):
    """(the examples whose tensors have as many dimensions as can work, the condition for that or None).

    torch builds a convolution whose kernel has too many, but none can run; and a constructor that writes out a list of the config,
    zeros(1, *size), means a list of one length: the first example's.
    """
    rank = _RANKS.get(examples[0].node.cls)
    if rank is not None:
        good = [all(len(t.shape) == rank for t in e.node.tensors if t.name == "weight") for e in examples]
        what = f"kernels of rank {rank}"
    else:
        usual = {t.name: len(t.shape) for t in examples[0].node.tensors}
        odd = {t.name for e in examples for t in e.node.tensors if usual.get(t.name, len(t.shape)) != len(t.shape)}
        odd = {name for name in odd if not _is_asked(examples, name, usual[name], features)}
        good = [all(len(t.shape) == usual[t.name] for t in e.node.tensors if t.name in odd) for e in examples]
        what = "the first ranks"
    if all(good):
        return examples, _one_item_a_side(examples, rank)
    lengths = sorted({(dotted(path), len(v)) for e, fits in zip(examples, good) if fits for path, v in leaves(e.scope) if isinstance(v, list)})
    questions = [_is_as_long(("name", k), n) for k, n in lengths]
    questions += [_is_as_long(("name", k), n, or_no_list=True) for k, n in lengths]
    if rank is not None:
        rows = dict.fromkeys(way[1] for e in examples for t in e.node.tensors for d in t.exprs for way in generalise(d, e) if way[0] == "item" and way[1][0] == "item")
        questions += [_is_as_long(row, rank - 2) for row in rows]
    when = presence(examples, good, Features(examples, questions), f"{'.'.join(path)}: {what}")
    return [e for e, fits in zip(examples, good) if fits], E.text(when)


def _is_as_long(value, length, or_no_list=False):
    """The question whether a list has this length; or_no_list: of what may be a number, too."""
    question = ("cmp", "==", ("call", "len", value), E.const(length))
    return ("or", E.negate(("call", "is_list", value)), question) if or_no_list else question


def _one_item_a_side(examples, rank):
    """That a list of the config whose items are the sides of a kernel has no more of them, as in every example; None where there is none.

    Nobody asks how long it is where it is handed to torch as a whole, and one that is longer makes a kernel of another rank.
    """
    sides = (rank or 0) - 2
    found = {}
    for e in examples if sides > 1 else ():
        for weight in (t for t in e.node.tensors if t.name == "weight"):
            ways = [[way[2] if way[0] == "if" else way for way in generalise(d, e)] for d in weight.exprs[2:]]  # if: of what may be one number for all sides
            named = [{way[1][1] for way in pool if way[0] == "item" and way[1][0] == "name" and way[2] == E.const(k)} for k, pool in enumerate(ways)]
            for name in set.intersection(*named):
                if isinstance(e.scope.get(name), list):
                    found.setdefault(name, set()).add(len(e.scope[name]))
    names = sorted(name for name, lengths in found.items() if lengths == {sides})
    questions = [_is_as_long(("name", name), sides, or_no_list=not all(isinstance(e.scope.get(name), list) for e in examples)) for name in names]
    return E.text(functools.reduce(lambda a, b: ("and", a, b), questions)) if questions else None


def _is_asked(examples, name, rank, features):
    """Whether the library's own questions tell when a tensor has this rank."""
    found = [next((len(t.shape) for t in e.node.tensors if t.name == name), None) for e in examples]
    try:
        presence(examples, [ours == rank for ours in found], features, name)
    except Unsolved:
        return False
    return True


def _dimension(examples, tensors, d, features, path, unrolled):
    """unrolled: takes up the conditions under which a dimension was described for some numbers of rounds only."""
    wanted = [t.shape[d] for t in tensors]
    pools = [generalise(t.exprs[d], e, last_first=True) for t, e in zip(tensors, examples)]
    what = f"{'.'.join(path)}[{d}]"
    rules = progressions(examples, pools) if len({E.text(pool[0]) for pool in pools}) > 2 else []
    if rules:  # rather one rule than a case for every index
        try:
            return E.say(decide(examples, wanted, rules + ranked(pools), features, what, 3))
        except Unsolved:
            pass
    try:
        return E.say(decide(examples, wanted, ranked(pools), features, what, pools=pools))
    except Unsolved:
        candidates = ranked(pools) + (rules or progressions(examples, pools)) + guesses(examples) + _beside(examples)
        what += f" in {sorted(set(wanted))[:6]}"
        try:
            return E.say(decide(examples, wanted, candidates, features, what))
        except Unsolved:
            pass
        for way in (_by_rounds, elsewhere.described, _for_most):
            try:
                found, conditions = way(examples, wanted, pools, what)
            except Unsolved:
                continue
            unrolled.update(conditions)
            return E.say(found)
        raise Unsolved(what)


def _beside(examples):
    """The dimensions of all tensors of these modules: a table and the indices into it are as large as each other."""
    return ranked([[way for t in e.node.tensors for d in t.exprs if d[0] != "const" for way in generalise(d, e, last_first=True)] for e in examples])


MOST_ROUNDS = 6  # kinds of numbers of rounds that are written out
MOST_CONDITIONS = 24  # that are tried for a rule that does not hold without


def _by_rounds(examples, wanted, pools, what):
    """(a number that a loop worked on in every round, written out for each number of rounds that was seen; the conditions for that). Raises Unsolved."""
    for count in rounds(examples):
        seen = {}
        for row, example in enumerate(examples):
            seen.setdefault(example.value(E.text(count)), []).append(row)
        if Unsolved in seen or not 1 < len(seen) <= MOST_ROUNDS:
            continue
        cases = []
        try:
            for times, rows in sorted(seen.items()):
                some = [examples[r] for r in rows]
                cases.append((times, decide(some, [wanted[r] for r in rows], ranked([pools[r] for r in rows]), Features(some), what, 3)))
        except Unsolved:
            continue
        whole = cases[-1][1]
        for times, case in cases[-2::-1]:
            whole = ("if", ("cmp", "==", count, E.const(times)), case, whole)
        return whole, [E.text(("cmp", "in", count, E.const(sorted(seen))))]
    raise Unsolved(what)


def _for_most(examples, wanted, pools, what):
    """(the rule of at least half of the examples, the first, which is the default's, among them; the one condition that tells them from the others). Raises Unsolved."""
    features = Features(examples)
    kept = [(yes, question) if yes & 1 else (no, E.negate(question)) for (question, _, _), yes, no in features.table() if (yes | no).bit_count() == len(examples)]
    for rows, condition in sorted(kept, key=lambda x: -x[0].bit_count())[:MOST_CONDITIONS]:
        if 2 * rows.bit_count() < len(examples) or any(x[0] == "var" for x in E.walk(condition)):
            continue
        these = [r for r in range(len(examples)) if rows >> r & 1]
        some, some_pools = [examples[r] for r in these], [pools[r] for r in these]
        try:
            return decide(some, [wanted[r] for r in these], ranked(some_pools), Features(some), what, 3, pools=some_pools), [E.text(condition)]
        except Unsolved:
            continue
    raise Unsolved(what)
