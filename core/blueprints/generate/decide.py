# SPDX-License-Identifier: Apache-2.0
"""The smallest expression that explains a value in every example, with conditions only where they are needed."""
import dataclasses

from . import expr as E


class Unsolved(Exception):
    """No expression over the noticed conditions explains what was seen."""


@dataclasses.dataclass(eq=False)
class Example:
    """One instance of a place in the tree: the config it was made from, and where in the loops it stands."""

    trace: object
    scope: E.Scope
    node: object
    variables: dict = dataclasses.field(default_factory=dict)  # "i" -> 3
    loops: dict = dataclasses.field(default_factory=dict)  # uid of a loop -> "i"
    names: E.Names | None = None
    known: dict = dataclasses.field(default_factory=dict)  # what was evaluated before: source -> value, Unsolved where that failed
    asked: dict = dataclasses.field(default_factory=dict)  # id of a node -> what was asked on the way to it

    def __post_init__(self):
        self.names = self.names or E.Names(self.scope, self.variables)

    def inside(self, uid, name, k, node):
        return Example(self.trace, self.scope, node, {**self.variables, name: k}, {**self.loops, uid: name})

    def at(self, node):
        return Example(self.trace, self.scope, node, self.variables, self.loops, self.names, self.known, self.asked)

    def evaluate(self, expression):
        return E.evaluate_in(expression if isinstance(expression, str) else E.text(expression), self.names)

    def value(self, source):
        """evaluate(), remembered for all nodes in this place; Unsolved where that fails."""
        if source not in self.known:
            try:
                self.known[source] = self.evaluate(source)
            except Exception:
                self.known[source] = Unsolved
        return self.known[source]

    def holds(self, question):
        """Whether the answer is yes; None where the question cannot be asked here."""
        try:
            return bool(self.evaluate(question))
        except Exception:
            return None

    def gives(self, expression, wanted):
        """Whether the expression has this value here, and of this type."""
        try:
            value = self.evaluate(expression)
        except Exception:
            return False
        return type(value) is type(wanted) and value == wanted


def generalise(expression, example, last_first=False):
    """The ways to say an expression in terms of the loop indices of this place, the most faithful first.

    last_first: the last index of a loop that is over is rather that than a step off ours, as where a variable keeps what the last round gave it.
    """
    strange = []

    def leaf(e):
        if e[0] != "loop":
            return None
        _, uid, k = e
        if uid in example.loops:
            name = example.loops[uid]
            return E.op("+", ("var", name), E.const(k - example.variables[name]))
        strange.append(k)
        return None

    first = E.substitute(expression, leaf)
    if not strange:
        return [first]
    ways = []
    for name in reversed(list(example.variables)):  # an index of a loop that is over: relative to ours, or fixed
        ways.append(E.substitute(first, lambda e: E.op("+", ("var", name), E.const(e[2] - example.variables[name])) if e[0] == "loop" else None))
    if all(_last(e, example) for e in E.walk(first) if e[0] == "loop"):
        way = E.substitute(first, lambda e: _last(e, example) if e[0] == "loop" else None)
        ways.insert(0 if last_first else len(ways), way)
    ways.append(E.substitute(first, lambda e: E.const(e[2]) if e[0] == "loop" else None))
    return ways


def conditions_of(example):
    """What was asked on the way to this place: its own constructor first, then those around it."""
    node, seen = example.node, set()
    while node is not None and id(node) not in seen:
        seen.add(id(node))
        for condition in reversed(node.conditions):
            yield condition
        node = node.owner
    yield from example.trace.asked.get(None, [])


def asked_of(example):
    """{source: (question, whether it is about inputs)} of conditions_of(); worked out once for all modules below that ask nothing themselves."""
    node, seen = example.node, set()
    while node is not None and not node.conditions and node.owner is not None and id(node) not in seen:
        seen.add(id(node))
        node = node.owner
    if id(node) not in example.asked:
        found = {}
        for condition in conditions_of(example):
            question, source, about_inputs = _question(condition, example)
            found.setdefault(source, (question, about_inputs))
        example.asked[id(node)] = found
    return example.asked[id(node)]


def _last(leaf, example):
    """The index of a loop's last round, by the loop's own count; None for another round's, or where the count is not known."""
    run = getattr(example.trace, "runs", {}).get(leaf[1])
    if run is None or not run.complete or run.count is None or leaf[2] != run.times - 1 or any(e[0] == "loop" for e in E.walk(run.count)):
        return None
    return E.op("-", run.count, E.const(1))


LONG = 6  # an expression with more parts is taken only if no shorter one does


class Features:
    """Questions that may tell examples apart, nearest first, with every example's answer."""

    def __init__(self, examples, extra=()):
        self.examples, self.questions, self._table = examples, [], None
        self._asked = {}  # source of a question -> the rows in which the library asked it
        self._always = {}  # source of a question that was asked in every row -> the rows that say yes
        for row, example in enumerate(examples):
            for source, (question, about_inputs) in asked_of(example).items():
                if about_inputs and source not in self._asked:
                    self.questions.append((source, question))
                self._asked[source] = self._asked.get(source, 0) | 1 << row
        self.add([*extra, *_standing_questions(examples)])

    def add(self, questions):
        known = {source for source, _ in self.questions}
        self.questions += [(source, q) for source, q in ((E.text(q), q) for q in questions) if source not in known]

    def table(self):
        """[(question, is it long, asked, yes, no)]: sets of rows as bits; a row where it cannot be asked is in neither yes nor no.

        Of questions that the same rows answer alike, and that were asked in the same rows, only the first is kept.
        """
        if self._table is None:
            self._table, seen = [], set()
            for source, question in self.questions:
                yes = no = 0
                for row, example in enumerate(self.examples):
                    value = example.value(source)
                    if value is not Unsolved:
                        yes, no = (yes | 1 << row, no) if value else (yes, no | 1 << row)
                asked = self._asked.get(source, 0)
                if yes and no and (yes, no, asked) not in seen:
                    seen.add((yes, no, asked))
                    self._table.append((question, E.size(question) > LONG, asked, yes, no))
        return self._table

    def always(self):
        """(question, yes, no) of the short questions that the library asked in every row, one after the other."""
        rows = (1 << len(self.examples)) - 1
        for source, question in self.questions:
            if self._asked.get(source, 0) == rows and E.size(question) <= LONG:
                if source not in self._always:
                    answers = [example.value(source) for example in self.examples]
                    self._always[source] = None if any(answer is Unsolved for answer in answers) else _rows(answers)
                yes = self._always[source]
                if yes is not None:
                    yield question, yes, rows & ~yes

    def splitting(self, rows):
        """(order, is it long, question, yes, no) of the questions that tell the rows apart and can be asked in all of them.

        order: 0 if the library asked the question in every one of the rows, 1 if in some, 2 if nobody asked it. A constructor asks
        its first question always and others only after certain answers, so this finds its own order.
        """
        for question, is_long, asked, yes, no in self.table():
            if yes & rows and no & rows and rows & ~(yes | no) == 0:
                yield 0 if rows & ~asked == 0 else 1 if asked else 2, is_long, question, yes & rows, no & rows


def _question(condition, example):
    """(question, its source, whether it is about inputs) of a condition as it is asked at the place of an example."""
    if condition.settled is None:
        leaves = tuple(dict.fromkeys(e for e in E.walk(condition.expr) if e[0] == "loop"))
        condition.settled = _Settled(leaves, E.text(E.substitute(condition.expr, lambda e: ("var", f"<{leaves.index(e)}>") if e[0] == "loop" else None)) if leaves else "")
    settled = condition.settled
    if not settled.leaves or not example.variables:
        if settled.told is None:
            settled.told = _told(generalise(condition.expr, example)[0])
        return settled.told
    here = [(example.loops.get(uid) or next(reversed(example.variables)), k) for _, uid, k in settled.leaves]  # as generalise() says it first
    key = settled.skeleton, tuple((name, k - example.variables[name]) for name, k in here)
    if key not in _questions:
        _questions[key] = _told(generalise(condition.expr, example)[0])
    return _questions[key]


@dataclasses.dataclass(slots=True)
class _Settled:
    """What is worked out once for a condition: its loop indices, its text around them, and what it asks where no loop is."""

    leaves: tuple
    skeleton: str
    told: tuple | None = None


_questions = {}  # (skeleton, places of its indices) -> what is asked: the rounds of a loop ask the same again and again


def _told(expression):
    question = as_question(expression)
    return question, E.text(question), any(x[0] in ("name", "var") for x in E.walk(question))


def as_question(e):
    """Ask `x == None`-free, positive questions, so that the same question is not kept twice."""
    if e[0] == "not" or e[0] == "cmp" and e[1] in ("!=", "not in", "is not"):
        return E.negate(e)
    return e


def paths(scope, prefix=""):
    for key, value in scope.items():
        yield prefix + key, value
        if isinstance(value, E.Scope):
            yield from paths(value, prefix + key + ".")


def _standing_questions(examples):
    """Questions that cannot be noticed when they are asked: is it null, is it in the list, the first, the last."""
    kinds, words = {}, {}
    scopes = {id(e.scope): e.scope for e in examples}
    for scope in scopes.values():
        for path, value in paths(scope):
            kinds.setdefault(path, set()).add(type(value))
            if isinstance(value, list) and value and all(isinstance(x, str) for x in value):
                words.setdefault(path, set()).update(value)
    out = []
    for path, found in kinds.items():
        if type(None) in found and len(found) > 1:
            out.append(("cmp", "is", ("name", path), E.NONE))
        if bool in found:
            out.append(("name", path))
        if list in found and len(found - {type(None)}) > 1:
            out.append(("call", "is_list", ("name", path)))
    out += [("cmp", "in", E.const(w), ("name", path)) for path in words for w in sorted(words[path])]
    for name in examples[0].variables:
        most = max(e.variables.get(name, 0) for e in examples)
        out += [("cmp", "==", ("var", name), E.const(0)), *_is_last(name, examples), *(("cmp", "<", ("var", name), E.const(k)) for k in range(2, min(most, 4) + 1))]
    return out


def _is_last(name, examples):
    """The question whether this is the last round of a loop, where the loop says the same number of rounds in all examples."""
    counts = set()
    for example in examples:
        runs = [example.trace.runs[uid] for uid, index in example.loops.items() if index == name and uid is not None]
        counts |= {generalise(run.count, example)[0] if run.count is not None else None for run in runs}
    if len(counts) == 1 and None not in counts:
        yield ("cmp", "==", ("var", name), E.op("-", counts.pop(), E.const(1)))


def decide(examples, wanted, candidates, features, what, depth=5, pools=None):
    """An expression with wanted[r] as its value in every example r.

    candidates: expressions, the preferred first. pools[r]: the expressions that example r was itself computed by; where they
    are given, a tree that uses only these is looked for first, because other expressions may be right by coincidence.
    Raises Unsolved, naming `what`.
    """
    if pools is not None:
        origins = [{E.text(way) for way in pool} for pool in pools]
        table = [(c, _rows(E.text(c) in own for own in origins)) for c in candidates]
        try:
            return _split(len(examples), table, features, what, 4)
        except Unsolved:
            pass
    table = []
    for candidate in candidates:
        source = E.text(candidate)
        table.append((candidate, _rows(_same(ex.value(source), wanted[r]) for r, ex in enumerate(examples))))
    return _split(len(examples), table, features, what, depth)


def _rows(flags):
    """A bit set of the rows whose flag is set."""
    return sum(1 << r for r, flag in enumerate(flags) if flag)


def _same(a, b):
    return a is not Unsolved and type(a) is type(b) and a == b


BREADTH = (300, 40, 12, 6, 4)  # questions tried at each level, the most promising first
PATIENCE = 4000  # nodes of the search


def _split(count, table, features, what, depth):
    """The shallowest tree of questions that separates the rows; of equals, the one with the library's own questions."""
    table = [(candidate, fits) for candidate, fits in table if fits]
    failed, patience = set(), [PATIENCE]

    def search(rows, left, level):
        for candidate, fits in table:
            if rows & ~fits == 0:
                return candidate
        patience[0] -= 1
        if left == 0 or (rows, left) in failed or patience[0] < 0:
            return None
        found = _by_default(rows, table, features) if left == 1 else search(rows, 1, level)  # one question rather than more, in every branch
        if found is not None:
            return found
        ranking = []
        for rank, (order, is_long, question, yes, no) in enumerate(features.splitting(rows)):
            misfits = sum(side.bit_count() - max((side & fits).bit_count() for _, fits in table) for side in (yes, no))
            if left > 1 or misfits == 0:
                ranking.append(((order, misfits, is_long, rank), question, yes, no))
        ranking.sort(key=lambda x: x[0])
        for _, question, yes, no in ranking[: BREADTH[level]]:
            first = search(yes, left - 1, level + 1)
            second = search(no, left - 1, level + 1) if first is not None else None
            if second is not None:
                return ("if", question, first, second)
        failed.add((rows, left))
        return None

    whole = (1 << count) - 1
    if table and not any(fits == whole for _, fits in table):
        found = _by_default(whole, table, features)
        if found is not None:
            return found
        for question, yes, no in features.always():
            sides = [next((candidate for candidate, fits in table if side & ~fits == 0), None) for side in (yes, no)]
            if yes and no and None not in sides:  # the search would find this one first too, but asks all others of every row before
                return ("if", question, *sides)
    for most in range(depth if table else 0):
        found = search((1 << count) - 1, most, 0)
        if found is not None:
            return found
        if patience[0] < 0:
            break
    raise Unsolved(what)


def _by_default(rows, table, features):
    """`a if x is None else b` where b says x and a does not, or None: what stands in for a setting is told by that setting, whatever else would tell it."""
    for _, _, question, yes, no in features.splitting(rows):
        setting, is_missing = _setting(question)
        if setting is None:
            continue
        missing, there = (yes, no) if is_missing else (no, yes)
        instead = next((c for c, fits in table if missing & ~fits == 0 and not _says(c, setting)), None)
        own = next((c for c, fits in table if there & ~fits == 0 and _says(c, setting)), None)
        if instead is not None and own is not None:
            return ("if", question, instead, own) if is_missing else ("if", question, own, instead)
    return None


def _setting(question):
    """(the setting, whether yes means that it is not there) of a question whether a setting is there; (None, None) for other questions."""
    if question[0] in ("name", "item"):
        return question, False
    if question[:2] == ("cmp", "is") and question[2][0] in ("name", "item") and question[3] == E.NONE:
        return question[2], True
    if question[:2] == ("cmp", "in") and question[2][0] == "const" and question[3][0] in ("name", "item"):
        return ("item", question[3], question[2]), False
    return None, None


def _says(expression, setting):
    return any(part == setting for part in E.walk(expression))


def as_condition(e):
    """A decision between True and False as one boolean expression."""
    if e[0] != "if":
        return e
    question, yes, no = e[1], as_condition(e[2]), as_condition(e[3])
    true, false = E.const(True), E.const(False)
    if yes == true and no == false:
        return question
    if yes == false and no == true:
        return E.negate(question)
    if yes == true:
        return ("or", question, no)
    if yes == false:
        return ("and", E.negate(question), no)
    if no == false:
        return ("and", question, yes)
    if no == true:
        return ("or", E.negate(question), yes)
    return ("if", question, yes, no)


def ranked(pools):
    """All candidates of all examples: the most frequent first, then the shortest."""
    votes, first = {}, {}
    for pool in pools:
        for place, candidate in enumerate(pool):
            key = E.text(candidate)
            first.setdefault(key, candidate)
            votes[key] = votes.get(key, 0) + (1 if place == 0 else 0.5)
    return [first[k] for k in sorted(votes, key=lambda k: (-votes[k], len(k), k))]


def presence(examples, present, features, what, depth=5):
    """None if the thing is always there, else the condition under which it is."""
    if all(present):
        return None
    return as_condition(decide(examples, present, [E.const(True), E.const(False)], features, what, depth))
