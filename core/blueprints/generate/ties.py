# SPDX-License-Identifier: Apache-2.0
"""Weights that a model shares between modules: when, and for which layers."""
import re

from . import expr as E
from .decide import decide, presence, ranked
from .examples import Example, Unsolved, generalise
from .features import Features
from .growth import guesses
from .layer_ties import Layers
from .whole_ties import with_modules


def checked_ties(explorer, rounds=4, most=12):
    """The ties of a class, learnt until they are right for new configs. Raises Unsolved."""
    for _ in range(rounds):
        if not any(own_ties(root, model) for _, (_, root, model) in explorer.results):
            return []
        ties = ties_of(explorer.results)
        if all(_holds(ties, env, own_ties(root, model)) for env, (_, root, model) in explorer.fresh(most)):
            return ties
    raise Unsolved("the ties: still wrong on new configs")


def own_ties(root, model):
    """{target: source}, less those that nested models bring along themselves."""
    nested = {name for name, child in root.children if child.reference is not None}
    inner = {}
    for name in nested:
        inner.update({f"{name}.{k}": f"{name}.{v}" for k, v in (getattr(getattr(model, name), "all_tied_weights_keys", None) or {}).items()})
    return {k: v for k, v in (getattr(model, "all_tied_weights_keys", None) or {}).items() if inner.get(k) != v}


def _holds(ties, scope, wanted):
    """Whether the ties of a blueprint are the wanted ones for this config."""
    try:
        said = {pair for tie in ties for pair in _expanded(tie, tie.get("repeat", {}), scope, {})}
    except Exception:
        return False
    left = set(wanted.items())
    for target, source in [(a[:-1], b[:-1]) for a, b in said if a.endswith(".*")]:  # all that is in a module
        inside = {(a, b) for a, b in left if a.startswith(target) and b == source + a[len(target):]}
        left -= inside
        if not inside:
            return False
    return {pair for pair in said if not pair[0].endswith(".*")} == left


def _expanded(tie, loops, scope, variables):
    for index, count in loops.items():
        rest = {i: c for i, c in loops.items() if i != index}
        for k in range(E.evaluate(str(count), scope, variables)):
            yield from _expanded(tie, rest, scope, {**variables, index: k})
        return
    if "when" not in tie or E.evaluate(tie["when"], scope, variables):
        yield tuple(re.sub(r"\{([^}]+)\}", lambda m: str(E.evaluate(m[1], scope, variables)), tie[key]) for key in ("tensor", "to"))


def ties_of(results):
    """The ties that these configs show, as they stand in a blueprint. Raises Unsolved."""
    pairs, owned, models = {}, [own_ties(root, model) for _, (_, root, model) in results], [model for _, (_, _, model) in results]
    rows = with_modules([set(own.items()) for own in owned], models)
    for row, own in zip(rows, owned):
        for pair in [*(pair for pair in own.items() if pair in row), *sorted(row - set(own.items()))]:
            pairs.setdefault(pair)
    examples = [Example(trace, env, root) for env, (trace, root, _) in results]
    features = Features(examples, [("name", k) for k in examples[0].scope if "tie" in k])
    out = []
    for target, source in pairs:
        if any(_layer_numbers(x) for x in (target, source)):
            continue
        when = presence(examples, [(target, source) in row for row in rows], features, f"tie of {target}")
        out.append({**({"when": E.text(when)} if when is not None else {}), "tensor": target, "to": source})
    out += _layer_ties(examples, rows, models)
    return gated(out, _gate(examples, rows, features))


def _gate(examples, rows, features):
    """The settings of ties under which there are any at all, or None."""
    try:
        gate = presence(examples, [bool(row) for row in rows], features, "the ties")
    except Unsolved:
        return None
    return gate if gate is not None and all("tie" in name for name in E.names(gate)) else None


def gated(ties, gate):
    """The ties under the condition for having any, where what was learnt of one does not mention it: no config had the one without the other."""
    if gate is None:
        return ties
    said = [re.findall(r"[\w.]+", " ".join(str(tie.get(key)) for key in ("when", "repeat"))) for tie in ties]
    return [tie if E.names(gate) & set(words) else _under(gate, tie) for tie, words in zip(ties, said)]


def _under(gate, tie):
    when = ("and", gate, ("text", tie["when"])) if "when" in tie else gate
    return {**{key: tie[key] for key in ("repeat",) if key in tie}, "when": E.text(when), "tensor": tie["tensor"], "to": tie["to"]}


def _layer_ties(examples, rows, models):
    """Ties inside repeated layers, as templates: lm_heads.{i}.weight -> input_embeds_layers.{i + 1}.weight."""
    groups = {}  # (target, source) without their first numbers -> row -> [(number in the target, number in the source)]
    for r, row in enumerate(rows):
        for target, source in sorted(row):
            numbers = _layer_numbers(target)[:1], _layer_numbers(source)[:1]
            if any(numbers):
                groups.setdefault((_NUMBER.sub("#", target, count=1), _NUMBER.sub("#", source, count=1)), {}).setdefault(r, []).append(numbers)
    out, layers = [], Layers(examples, models)
    for (target, source), found in groups.items():
        try:
            out += _runs(examples, target, source, found)
        except Unsolved:
            out.append(layers.tie(target, source, found))
    return out


def _runs(examples, target, source, found):
    """The ties of layers that follow each other. Raises Unsolved."""
    options = {r: tie_patterns(pairs) for r, pairs in found.items()}
    if not all(options.values()):
        raise Unsolved(f"the tie of {target} to {source}")
    patterns, out = fewest(options.values()), []
    for pattern in patterns:
        first, distance, fixed = pattern
        # a single layer fits several patterns and so tells nothing of which one holds
        some = [r for r in range(len(examples)) if len(patterns) == 1 or len(options.get(r, ())) < 2]
        count = _tie_count([examples[r] for r in some], [len(found[r]) if pattern in options.get(r, ()) else 0 for r in some], target)
        index = E.op("+", ("var", "i"), E.const(first))
        place = fixed if distance is None else f"{{{E.text(E.op('+', index, E.const(distance)))}}}"
        out.append({"repeat": {"i": E.text(count)}, "tensor": target.replace("#", f"{{{E.text(index)}}}"), "to": source.replace("#", str(place))})
    return out


def _tie_count(examples, counts, target):
    loops = ranked([[way for run in e.trace.runs.values() if run.count is not None and run.times == n for way in generalise(run.count, e)]
                    for e, n in zip(examples, counts)])  # fmt: skip
    loops += [("call", "max", count, E.const(0)) for count in loops]
    features = Features(examples, [("name", k) for k in examples[0].scope if "tie" in k])
    always = [E.const(n) for n in set(counts) if {n} == set(counts) - {0}]
    return decide(examples, counts, [E.const(0), *loops, *always, *guesses(examples)], features, f"ties of {target}")


_NUMBER = re.compile(r"(?<=\.)\d+(?=\.)")


def tie_patterns(pairs):
    """The ways to say the ties of a run of layers: {(the first layer, how far off its source is, None) or (the first layer, None, the one source)}.

    pairs: [([number in the target], [number in the source])]; nothing where the targets are no run.
    """
    pairs = sorted(pairs)
    if any(not a or a[0] != pairs[0][0][0] + k for k, (a, _) in enumerate(pairs)):
        return set()
    first, sources = pairs[0][0][0], {tuple(b) for _, b in pairs}
    out = {(first, None, (*sources.pop(), None)[0])} if len(sources) == 1 else set()
    distances = {b[0] - a[0] if b else None for a, b in pairs}
    return out | {(first, d, None) for d in distances if len(distances) == 1 and d is not None}


def fewest(options):
    """Patterns of which each set has one: those that most sets have come first, of equals those with a distance."""
    left, out = list(options), []
    while left:
        best = min({p for option in left for p in option}, key=lambda p: (-sum(p in option for option in left), p[1] is None, repr(p)))
        out.append(best)
        left = [option for option in left if best not in option]
    return out


def _layer_numbers(path):
    return [int(number) for number in _NUMBER.findall(path)]
