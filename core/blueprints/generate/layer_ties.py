# SPDX-License-Identifier: Apache-2.0
"""Ties of layers chosen one by one: those of a kind, those that have the weight at all, all but the first."""
import collections

from . import expr as E
from .counting import counts, places, words_in
from .decide import decide, presence, ranked
from .examples import Example, Unsolved, generalise
from .features import Features, paths
from .growth import guesses


class Layers:
    """Says for every layer of a list whether a tensor in it is tied, and to which layer's."""

    def __init__(self, examples, models):
        self.examples, self.models, self._known = examples, models, {}

    def tie(self, target, source, found):
        """The tie of `target` to `source`, paths with a `#` for the layer. Raises Unsolved.

        found: row -> [([number in the target], [number in the source])].
        """
        what = f"the tie of {target} to {source}"
        if target.count("#") != 1:
            raise Unsolved(what)
        count, rounds, features = self._rounds(target.split(".#.")[0], target.split(".#.")[1], what)
        sources = {(row, a[0]): b for row, pairs in found.items() for a, b in pairs}
        tied = [(row, k) in sources for row, k, _ in rounds]
        if sum(tied) != len(sources):
            raise Unsolved(what)
        when = presence([example for _, _, example in rounds], tied, features, what)
        some = [(sources[row, k], example) for row, k, example in rounds if (row, k) in sources]
        place = _place([example for _, example in some], [b[0] for b, _ in some], what) if "#" in source else None
        return {"repeat": {"i": E.text(count)}, **({"when": E.text(when)} if when is not None else {}),
                "tensor": target.replace("#", "{i}"), "to": source if place is None else source.replace("#", f"{{{E.text(place)}}}")}  # fmt: skip

    def _rounds(self, path, inside, what):
        """(how many layers the list at `path` has, [(row, layer, example)], Features) seen from the last module on the way to `inside` that every layer has."""
        lists = [_module(model, path) for model in self.models]
        layers = [layer for found in lists if found is not None for layer in found]
        parts = inside.split(".")[:-1]
        depth = next(n for n in range(len(parts), -1, -1) if all(_module(layer, ".".join(parts[:n])) is not None for layer in layers))
        key = path, *parts[:depth]
        if key not in self._known:
            count, rounds = self._count(lists, what), []
            for row, (example, found) in enumerate(zip(self.examples, lists)):
                run, nodes = example.trace.filled_by(list(found or ())), {}
                for k, layer in enumerate(found or ()):
                    node = example.trace.node_of(_module(layer, ".".join(parts[:depth])), nodes)
                    rounds.append((row, k, Example(example.trace, example.scope, node, {"i": k}, {run.uid: "i"} if run else {})))
            inner = [example for _, _, example in rounds]
            firsts = [("cmp", "==", ("var", "i"), place) for place in _firsts(self.examples)]
            later = [("cmp", ">=", before, ("name", period)) for before in counts(inner[:1]) for period in _periods(self.examples)]
            ties = [("name", k) for k in self.examples[0].scope if "tie" in k]
            self._known[key] = count, rounds, Features(inner, [*ties, *firsts, *later])
        return self._known[key]

    def _count(self, lists, what):
        wanted, pools = [len(found or ()) for found in lists], []
        for example, found in zip(self.examples, lists):
            run = example.trace.filled_by(list(found or ()))
            pools.append(generalise(run.count, example) if run else [E.const(len(found or ()))])
        plain = guesses(self.examples)
        of_runs = [count for count in ranked(pools) if count[0] != "const"]
        longer = [("call", "max", count, other) for count in of_runs for other in plain if other[0] == "name" and other != count]  # two loops, and the second may be none
        candidates = [*ranked(pools), *plain, *longer]
        return decide(self.examples, wanted, candidates, Features(self.examples), what, pools=pools if any(wanted) else None)


def _module(root, path):
    """The module at a path, or None."""
    for name in path.split(".") if path else ():
        root = root._modules.get(name) if root is not None else None
    return root


def _firsts(examples):
    """The places at which a word stands first in a list of the config."""
    return [("call", "index", ("name", path), E.const(word)) for path, words in words_in(examples).items() for word in words]


def _periods(examples):
    """Small numbers of the config, after as many of which something may start over."""
    return [name for name, value in paths(examples[0].scope) if type(value) is int and 0 < value < 16]


def _in_turn(examples):
    """The first few places of a word, one after the other and then over again."""
    for path, words in words_in(examples).items():
        for word in words:
            before = ("call", "len", places(path, word, ("var", "i")))
            for period in _periods(examples):
                yield ("item", places(path, word), ("op", "%", before, ("name", period)))


def _place(examples, wanted, what):
    """The layer that a layer is tied to: one a step off, a fixed one, the first of its kind, or one of the first few in turn."""
    distances = collections.Counter(b - e.variables["i"] for b, e in zip(wanted, examples))
    nearest = sorted(distances, key=lambda d: (-distances[d], abs(d)))[:2]  # of layers that are all tied to one, some are as far off by chance
    candidates = [E.op("+", ("var", "i"), E.const(d)) for d in nearest]
    candidates += [*(E.const(b) for b in sorted(set(wanted))), *_firsts(examples), *_in_turn(examples)]
    return decide(examples, wanted, candidates, Features(examples), what)
