# SPDX-License-Identifier: Apache-2.0
"""From the traces of one timm architecture to its node.

The arguments of a config change little of an architecture: layer counts and widths are plain numbers here, and modules keep
their own names. So the trees lie on each other name by name, and only where they differ is a condition looked for.
"""
from . import expr as E
from .decide import decide, presence, ranked
from .examples import Example, Unsolved, generalise
from .features import Features
from .timm_trace import POOLS


def induce(results, questions=()):
    """The node for [(trace, scope, root)]; raises decide.Unsolved where no condition, nor one of `questions`, explains a difference."""
    return _Inducer([*questions, *QUESTIONS]).node([Example(trace, scope, root) for trace, scope, root in results], ())


def plainly(expression, value):
    """The expression, or the value where no argument has a part in it."""
    return expression if E.names(expression) else E.const(int(value))


def signature(node, known):
    """A hashable picture of a node: equal pictures, equal modules. `known` remembers pictures by node."""
    if id(node) not in known:
        tensors = tuple((t.name, t.kind, t.dtype, tuple(E.text(plainly(e, d)) for e, d in zip(t.exprs, t.shape)), t.persistent) for t in node.tensors)
        children = tuple((name, signature(child, known)) for name, child in node.children)
        picture = (node.cls, tensors, children, node.same_as)
        known[id(node)] = known.setdefault(picture, (picture, len(known)))[1]  # a number per picture
    return known[id(node)]


# timm looks at the pool with endswith() and lower(), which leave no trace; a pruned model is a copy that has forgotten what was asked
_POOL = ("name", "global_pool")
QUESTIONS = [
    ("cmp", "is", ("name", "img_size"), E.NONE), ("cmp", "is", ("name", "own_img_size"), E.NONE), ("cmp", ">", ("name", "num_classes"), E.const(0)),
    ("cmp", "in", _POOL, E.const([pool for pool in POOLS if "cat" in pool])), *(("cmp", "==", _POOL, E.const(pool)) for pool in POOLS),
]  # fmt: skip


class _Inducer:
    def __init__(self, questions):
        self.known, self.done, self.questions = {}, {}, questions

    def node(self, examples, path):
        picture = tuple((signature(e.node, self.known), id(e.scope)) for e in examples)
        if picture not in self.done:
            self.done[picture] = self._node(examples, path)
        return self.done[picture]

    def _node(self, examples, path):
        first = examples[0].node
        if first.same_as is not None:
            return {"class": first.cls, "same_as": first.same_as}
        out = {"class": first.cls}
        features = _Lazily(examples, self.questions)
        for kind in ("parameters", "buffers"):
            names = dict.fromkeys(t.name for e in examples for t in e.node.tensors if t.kind == kind)
            tensors = {name: self._tensor(examples, kind, name, features, path + (name,)) for name in names}
            if tensors:
                out[kind] = tensors
        children = self._children(examples, features, path)
        if children:
            out["children"] = children
        return out

    def _tensor(self, examples, kind, name, features, path):
        found = [next((t for t in e.node.tensors if t.kind == kind and t.name == name), None) for e in examples]
        kinds = sorted({(len(t.shape), t.dtype, t.persistent) for t in found if t is not None})
        alternatives = []
        for rank, dtype, persistent in kinds:
            rows = [r for r, t in enumerate(found) if t is not None and (len(t.shape), t.dtype, t.persistent) == (rank, dtype, persistent)]
            when = self._when(examples, rows, features, path)
            some = [examples[r] for r in rows]
            shape = [self._dimension(some, [found[r] for r in rows], d, path) for d in range(rank)]
            more = {**({"dtype": dtype} if dtype != "float32" else {}), **({} if persistent else {"persistent": False}),
                    **({"when": E.text(when)} if when is not None else {})}  # fmt: skip
            alternatives.append({"shape": shape, **more} if more or len(kinds) > 1 else shape)
        return alternatives[0] if len(alternatives) == 1 else alternatives

    def _dimension(self, examples, tensors, d, path):
        wanted = [t.shape[d] for t in tensors]
        pools = [[plainly(g, w) for g in generalise(t.exprs[d], e)] for t, e, w in zip(tensors, examples, wanted)]
        chosen = decide(examples, wanted, ranked(pools), _Lazily(examples, self.questions), f"{'.'.join(path)}[{d}] in {sorted(set(wanted))[:6]}")
        return chosen[1] if chosen[0] == "const" else E.text(chosen)

    def _when(self, examples, rows, features, path):
        return presence(examples, [r in set(rows) for r in range(len(examples))], features, f"{'.'.join(path)}: is it there?")

    def _children(self, examples, features, path):
        out = {}
        for name in _order([[name for name, _ in e.node.children] for e in examples]):
            found = [dict(e.node.children).get(name) for e in examples]
            nodes = []
            for label in dict.fromkeys((c.cls, c.same_as) for c in found if c is not None):
                rows = [r for r, c in enumerate(found) if c is not None and (c.cls, c.same_as) == label]
                try:
                    when = self._when(examples, rows, features, path + (name,))
                    body = self.node([examples[r].at(found[r]) for r in rows], path + (name,))
                except Unsolved:
                    if any(_matters(examples[r].node, found[r]) for r in rows):
                        raise
                    continue
                nodes.append({"when": E.text(when), **body} if when is not None else body)
            if nodes:
                out[name] = nodes[0] if len(nodes) == 1 else nodes
        return out


def _matters(parent, child):
    """Modules without tensors may be left out where no rule is found for them, unless they keep a parent with tensors of its own from being a layer."""
    if child.has_tensors():
        return True
    return bool(parent.tensors) and not any(c.has_tensors() for _, c in parent.children)


def _order(lists):
    """All names, in an order that agrees with every list where the lists agree."""
    out = []
    for names in lists:
        place = 0
        for name in names:
            if name in out:
                place = out.index(name) + 1
            else:
                out.insert(place, name)
                place += 1
    return out


class _Lazily:
    """Features that are only worked out when a difference asks for them."""

    def __init__(self, examples, questions):
        self._examples, self._questions, self._features = examples, questions, None

    def __getattr__(self, name):
        if self._features is None:
            self._features = Features(self._examples, self._questions)
        return getattr(self._features, name)

    def is_standing(self, question):
        """Questions that were handed in count as asked."""
        return question not in self._questions and self._features.is_standing(question)


def assumptions(results, implied):
    """Questions about the arguments that always had the same answer, as texts; not those that `implied` says go without saying.

    A question that nobody asked in a trace, and that has the other answer there, was one of several ways to the same thing.
    """
    examples = [Example(trace, scope, root) for trace, scope, root in results]
    answers, found = {}, {}
    for example in examples:
        for condition in example.trace.all_asked():
            way = generalise(condition.expr, example)[-1]
            if not E.names(way):
                continue
            positive = way[0] != "not" and not (way[0] == "cmp" and way[1] in ("!=", "not in", "is not"))
            way = way if positive else E.negate(way)
            found[E.text(way)] = way
            answers.setdefault(E.text(way), set()).add(condition.outcome == positive)
    for source, known in answers.items():
        known.update(bool(value) for value in (example.value(source) for example in examples) if value is not Unsolved)
    one_sided = [found[k] if True in answers[k] else E.negate(found[k]) for k in found if len(answers[k]) == 1]
    return [E.text(_or_unset(q, examples)) for q in one_sided if not implied(q)]


def _or_unset(question, examples):
    """The question, or that what it is about is not set, where that has been seen and leaves nothing to ask."""
    for name in sorted(E.names(question)):
        if any(e.scope.get(name) is None and e.value(E.text(question)) is Unsolved for e in examples):
            question = ("or", ("cmp", "is", ("name", name), E.NONE), question)
    return question
