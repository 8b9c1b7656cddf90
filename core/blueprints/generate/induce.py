# SPDX-License-Identifier: Apache-2.0
"""From many traced trees of one class to one blueprint node."""
import dataclasses
import re

from torch import nn

from . import expr as E
from . import timm_calls
from .assumptions import assumed_within, asked_in_constructor, asked_in_rounds
from .counting import counted_presence
from .decide import decide, presence, ranked
from .examples import Example, Unsolved, generalise
from .features import Features, among_words, of_this_round, where_set
from .growth import guesses, in_order
from .names import comes_first, numbered, template_of
from .order import apart, merged_order
from .rounds import in_rounds, relative
from .tensors import tensors, without_odd_ranks
from .whole_models import together


KEY = 4  # parts of what says where a child was made; what follows says where it stands among its siblings


def induce(traces):
    """The blueprint class for [(trace, scope, root node)]: a JSON-ready dict. Raises Unsolved."""
    examples = [Example(trace, scope, root) for trace, scope, root in traces]
    return _node(examples, ())


def _node(examples, path, extra=(), assumed=frozenset()):
    out = {"class": examples[0].node.cls}
    if examples[0].node.reference is not None:
        references = [example.node.reference for example in examples]
        return references[0]._replace(replace=together(r.replace for r in references)).node()
    if examples[0].node.call is not None:
        return timm_calls.node(examples, Features(examples, extra), path)
    if examples[0].node.same_as is not None:
        return {"class": examples[0].node.cls, "same_as": examples[0].node.same_as}
    if examples[0].node.activation is not None:
        return {"activation": E.text(_activation(examples, path))}
    if not any(example.node.tensors or example.node.children for example in examples):
        return out
    features = Features(examples, extra)
    examples, right_rank = without_odd_ranks(examples, features, path)
    if right_rank is not None:
        features = Features(examples, extra)
    unrolled = set()
    for kind in ("parameters", "buffers"):
        found = tensors(examples, kind, features, path, unrolled)
        if found:
            out[kind] = found
    new = [a for a in [*filter(None, [right_rank]), *sorted(unrolled), *asked_in_constructor(examples)] if a not in assumed]
    if new:
        out["assumes"] = new
    children = _children(examples, features, path, assumed | set(new))
    if children:
        out["children"] = children
    return out


def _activation(examples, path):
    pools = [generalise(example.node.activation.expr, example) for example in examples]
    return decide(examples, [None] * len(examples), ranked(pools), Features(examples), f"{'.'.join(path)}: which activation?", pools=pools)


def _slots(examples):
    """Group the children of all examples by where they were made, and by where they stand if that is not the same in all: key -> [(row, relative loops, name, node)]."""
    slots, sequences, of_rounds = {}, [], numbered(examples)
    for row, example in enumerate(examples):
        seen, sequence = {}, []
        for name, child in example.node.children:
            loops = relative(example, child)
            sites = tuple(example.trace.runs[uid].site for uid, _ in loops)
            same_as = child.same_as if not loops else None
            label = ("activation", same_as) if child.activation is not None else (child.cls, child.reference, child.call and child.call.replace, same_as)
            by_site = name.isdigit() or child.site in of_rounds or loops and not _is_walk(examples, [(row, loops, name, child)])
            base = (sites, child.site if by_site else name, label)
            nth = seen[(base, loops)] = seen.get((base, loops), -1) + 1
            key = (*base, nth)
            slots.setdefault(key, []).append((row, loops, name, child))
            if key not in sequence:
                sequence.append(key)
        sequences.append(sequence)
    heavy = {key for key, members in slots.items() if any(node.has_tensors() for _, _, _, node in members)}
    sequences = apart(sequences, counts=lambda key: key[:KEY] in heavy, movable=lambda key: not key[0])
    return {key: [member for member in slots[key[:KEY]] if key in sequences[member[0]]] for key in merged_order(sequences)}


def _is_replaced(examples, members):
    """Whether these were put into finished modules by a later loop over those: one into each, always under the same name."""
    rows, names = [row for row, _, _, _ in members], {name for _, _, name, _ in members}
    return len(rows) == len(set(rows)) and len(names) == 1 and (not re.search(r"\d", *names) or _is_walk(examples, members))


def _is_walk(examples, members):
    """Whether a loop went over something that is no list of the config, such as the children of a module."""
    return all(examples[row].trace.runs[uid].count is None for row, loops, _, _ in members for uid, _ in loops)


def _children(examples, features, path, assumed):
    examples = in_rounds(examples)
    groups, slots = {}, _slots(examples)  # groups: (name template, loop sites) -> [members of a slot]
    shared, after = list(_shared_siblings(examples, slots, path)), [_after_a_count(example) for example in examples]
    for key, members in slots.items():
        if any(key in keys for keys, _, _ in shared):
            continue
        sites = key[0]
        if sites and _is_replaced(examples, members):
            sites, members = (), [(row, (), name, node) for row, _, name, node in members]
        try:
            template = template_of(members, len(examples[0].variables), examples)
        except Unsolved:
            if not _is_walk(examples, members):
                raise
            for name in dict.fromkeys(name for _, _, name, _ in members):
                groups.setdefault((name, ()), []).append([(row, (), name, node) for row, _, n, node in members if n == name])
            continue
        if re.fullmatch(r"\d+|\{\w \+ \d+\}", template) and any(id(node) in after[row] for row, _, _, node in members):
            template = "{#}"
        template += " " * len(key[KEY:])
        taken = {(row, loops) for row, loops, _, _ in members}
        while any((row, loops) in taken for other in groups.get((template, sites), ()) for row, loops, _, _ in other):
            template += " "  # they stand beside each other: no alternatives
        groups.setdefault((template, sites), []).append(members)
    out, done = {}, set()
    for (template, sites), alternatives in groups.items():
        if sites[:1] in done:
            continue
        together = [members for (_, other), group in groups.items() if sites and other[:1] == sites[:1] for members in group]
        if len(together) > len(alternatives):
            done.add(sites[:1])
            template, node = _interleaved(examples, sites[0], together, path, assumed)
            while template in out:
                template += " "
            out[template] = node
            continue
        try:
            node = _repeated(examples, template, sites, alternatives, path, assumed) if sites else _single(examples, template, alternatives, features, path, assumed)
        except Unsolved:
            if not sites or not all(_is_walk(examples, members) for members in alternatives):
                raise
            out.update(_written_out(examples, alternatives, features, path, assumed))  # a list of the library's own, with no rule in it
            continue
        if not node:
            continue
        while template in out:  # two loops may fill one container with the same template
            template += " "
        out[template] = node
    out.update({template: node for _, template, node in shared})
    return out


def _after_a_count(example):
    """The modules in a list behind those of a loop that goes round as often as the config says: their numbers depend on that, and may look constant."""
    found, runs = set(), set()
    for _, child in example.node.children if isinstance(example.node.module, (nn.ModuleList, nn.Sequential)) else ():
        own = {uid for uid, _ in relative(example, child)[:1]}
        if runs - own:
            found.add(id(child))
        runs |= {uid for uid in own if E.names(example.trace.runs[uid].count or E.NONE)}
    return found


def _shared_siblings(examples, slots, path):
    """(slots, name, node) of one module that stands in a list again and again: ModuleList([head] * n) has it n - 1 times more."""
    groups = {}
    for key, members in slots.items():
        node = members[0][3]
        if not key[0] and node.same_as is not None and all(name.isdigit() for _, _, name, _ in members):
            groups.setdefault((node.cls, node.same_as), []).append(key)
    for (cls, same_as), keys in groups.items():
        names = {}
        for key in keys:
            for row, _, name, _ in slots[key]:
                names.setdefault(row, []).append(int(name))
        starts = {min(numbers) for numbers in names.values()}
        if len(keys) < 2 or len(starts) > 1 or any(sorted(n) != list(range(min(n), min(n) + len(n))) for n in names.values()):
            continue
        counts = [len(names.get(row, ())) for row in range(len(examples))]
        index = E.INDICES[len(examples[0].variables)]
        name = f"{{{E.text(E.op('+', ('var', index), E.const(starts.pop())))}}}"
        count = decide(examples, counts, [E.const(0), *guesses(examples), *_lengths(examples)], Features(examples), f"{'.'.join(path)}.{name}: how many?")
        yield keys, name, {"repeat": {index: E.say(count)}, "class": cls, "same_as": same_as}


def _written_out(examples, alternatives, features, path, assumed):
    """Children of a loop one by one, by their names."""
    by_name = {}
    for members in alternatives:
        for row, _, name, node in members:
            by_name.setdefault(name, {}).setdefault((node.cls, node.reference), []).append((row, (), name, node))
    made = {name: _single(examples, name, list(kinds.values()), features, path, assumed) for name, kinds in by_name.items()}
    return {name: node for name, node in made.items() if node}


NEVER = E.const(False)


def _presence(examples, present, features, path, nodes):
    """presence(), but modules that weigh nothing may hang on a rate that was not asked about; without a rule they are there if the first example has them."""
    what = f"{'.'.join(path)}: is it there?"
    counted = counted_presence(examples, present, features, what)
    if counted is not None:
        return counted
    try:
        return presence(examples, present, features, what, 4)
    except Unsolved:
        pass
    try:  # many questions may be the parts of few
        return presence(examples, present, Features(examples, [*among_words(examples), *where_set(examples)]), what)
    except Unsolved:
        if any(node.has_tensors() for node in nodes):
            raise
    rates = [("cmp", ">", ("name", k), E.const(0)) for k, v in examples[0].scope.items() if isinstance(v, float)]
    for more in (rates, of_this_round(examples)):
        try:
            return presence(examples, present, Features(examples, more), what)
        except Unsolved:
            continue
    return None if present[0] else NEVER


def _single(examples, name, alternatives, features, path, assumed):
    nodes = []
    for members in alternatives:
        rows = {row: node for row, _, _, node in members}
        when = _presence(examples, [r in rows for r in range(len(examples))], features, path + (name,), rows.values())
        if when == NEVER:
            continue
        body = _node([examples[r].at(node) for r, node in rows.items()], path + (name,), (), assumed)
        nodes.append({"when": E.text(when), **body} if when is not None else body)
    return _short(nodes[0]) if len(nodes) == 1 else nodes


def _short(node):
    """A module of which there is nothing to say but its class."""
    return node["class"] if set(node) == {"class"} else node


def _repeated(examples, template, sites, alternatives, path, assumed):
    indices = E.INDICES[len(examples[0].variables):][: len(sites)]
    everywhere = [member for members in alternatives for member in members]
    counts, inner = [], examples
    # walk down the loops: at each level the number of rounds, then one example per round
    level = [(row, example) for row, example in enumerate(examples)]
    for depth, (site, index) in enumerate(zip(sites, indices)):
        rounds = [_run(example, site, row, depth, everywhere) for row, example in level]
        counts.append(_count([e for _, e in level], rounds, path + (template,)))
        level = [(row, _round(example, run, index, k)) for (row, example), run in zip(level, rounds) if run for k in range(run.times)]
    distinct = comes_first(template)
    twice = {row for row, example in level if distinct is not None and not example.holds(distinct)}  # the last one of a name takes the place of the others
    level = [(row, example) for row, example in level if row not in twice]
    inner = [example for _, example in level]
    place = {(row, tuple(example.variables.items())): n for n, (row, example) in enumerate(level)}
    found = [[None] * len(inner) for _ in alternatives]
    for a, members in enumerate(alternatives):
        for row, loops, _, node in (member for member in members if member[0] not in twice):
            variables = {**examples[row].variables, **{index: k for index, (_, k) in zip(indices, loops)}}
            n = place.get((row, tuple(variables.items())))
            if n is None:
                raise Unsolved(f"{'.'.join(path + (template,))}: a round that is not in the loop")
            found[a][n] = node
    round_features = Features(inner)
    last = [("cmp", "==", ("var", i), E.op("-", c, E.const(1))) for i, c in zip(indices, counts)]
    round_features.add(last)
    nodes = []
    for nodes_found in found:
        when = _presence(inner, [n is not None for n in nodes_found], round_features, path + (template,), [n for n in nodes_found if n is not None])
        if when == NEVER:
            continue
        body = _node([example.at(node) for example, node in zip(inner, nodes_found) if node is not None], path + (template,), last, assumed)
        nodes.append({"when": E.text(when), **body} if when is not None else body)
    within = set().union(*map(assumed_within, nodes))
    once = [E.text(("cmp", "<=", c, E.const(1))) for i, c in zip(indices, counts) if c[0] != "const" and not any(e.variables[i] for e in inner)]
    for condition in [*([E.text(distinct)] if distinct is not None else []), *once, *asked_in_rounds(inner, indices[-1], assumed | within)]:  # once: what a second round makes was never seen
        for node in nodes:
            node.setdefault("assumes", []).append(condition)
    repeat = {"repeat": {i: E.say(c) for i, c in zip(indices, counts)}}
    return {**repeat, **nodes[0]} if len(nodes) == 1 else [{**repeat, **n} for n in nodes]


def _interleaved(examples, site, slots, path, assumed):
    """A loop that makes several children of one container in every round: {"repeat": ..., "each": what a round adds}."""
    index = E.INDICES[len(examples[0].variables)]
    everywhere = [member for members in slots for member in members]
    rounds = [_run(example, site, row, 0, everywhere) for row, example in enumerate(examples)]
    name = f"each {{{index}}}"
    count = _count(examples, rounds, path + (name,))
    inner = []
    for row, (example, run) in enumerate(zip(examples, rounds)):
        for k in range(run.times if run else 0):
            made = {id(node) for r, loops, _, node in everywhere if r == row and loops[0] == (run.uid, k)}
            here = dataclasses.replace(example.node, children=[(n, child) for n, child in example.node.children if id(child) in made])
            inner.append(example.inside(run.uid, index, k, here))
    last = ("cmp", "==", ("var", index), E.op("-", count, E.const(1)))
    return name, {"repeat": {index: E.say(count)}, "each": _children(inner, Features(inner, [last]), path, assumed)}


def _run(example, site, row, depth, members):
    """The execution of the loop at `site` that belongs to this example, or None."""
    trace = example.trace
    for r, loops, _, _ in members:
        if r == row and trace.runs[loops[depth][0]].site == site and all(
                uid not in example.loops or example.variables[example.loops[uid]] == k for uid, k in loops[:depth]):
            return trace.runs[loops[depth][0]]
    around, node = set(), example.node  # made nothing here: find it by its owner
    while node is not None and id(node.module) not in around:
        around.add(id(node.module))
        node = node.owner
    for run in trace.runs.values():
        if run.site == site and id(run.owner) in around and all(
                uid not in example.loops or example.variables[example.loops[uid]] == k for uid, k in run.outer):
            return run
    return None


def _round(example, run, index, k):
    return example.inside(run.uid, index, k, example.node)


def _count(examples, rounds, path):
    wanted = [run.times if run else 0 for run in rounds]
    pools = [[E.const(0)] if not run else [E.const(run.times)] if run.count is None else generalise(run.count, e) for run, e in zip(rounds, examples)]
    candidates = ranked(pools) + [E.const(0)]
    what = f"{'.'.join(path)}: how many?"
    rules = in_order(examples, pools)
    if rules:  # rather one rule than a case for every index
        candidates, pools = rules + candidates, None
    try:
        return decide(examples, wanted, candidates, Features(examples), what, pools=pools)
    except Unsolved:
        return decide(examples, wanted, candidates + guesses(examples) + _lengths(examples), Features(examples), what + f" {sorted(set(wanted))[:6]}")


def _lengths(examples):
    names = [k for k, v in examples[0].scope.items() if isinstance(v, list)]
    lengths = [("call", "len", ("name", k)) for k in names]
    return lengths + [E.op("-", x, E.const(1)) for x in lengths]
