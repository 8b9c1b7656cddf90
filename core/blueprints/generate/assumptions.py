# SPDX-License-Identifier: Apache-2.0
"""What a blueprint assumes: the answers that every traced config gave alike, so that what others would bring was never seen."""
import functools

from . import expr as E
from . import mentions
from .decide import presence
from .examples import Unsolved, generalise
from .features import Features
from .envs import dotted
from .fields import IRRELEVANT
from .shapes import Shapes


def asked_in_constructor(examples):
    """Conditions asked in this module's own constructor that had the same answer in every trace.

    Questions of torch's own layers are about values, not shapes, but for switches such as `bias`, and for how sizes go together, on
    which torch insists; those about fields that no shape reads are about values too.
    """
    of_torch = type(examples[0].node.module).__module__.startswith("torch.")
    asked, in_all_rounds = {}, {}
    for row, example in enumerate(examples):
        for condition in example.node.conditions + (example.trace.asked.get(None, []) if example.node.owner is None and not example.variables else []):
            way = generalise(condition.expr, example)[-1]  # what a round of an inner loop asked: for this round alone
            every = E.text(E.substitute(condition.expr, lambda x: ("var", "i") if x[0] == "loop" else None))
            in_all_rounds.setdefault(every, set()).add(condition.outcome)
            _, outcomes, _, rows, _ = asked.setdefault(E.text(way), (way, set(), every, set(), condition.asker))
            outcomes.add(condition.outcome)
            rows.add(row)
    out, words = [], {}
    for way, outcomes, every, rows, asker in asked.values():
        if len(in_all_rounds[every]) == 2 or not worth_assuming(way) or of_torch and not (_is_switch(way, examples) or _is_of_sizes(way)):
            continue
        answers = [example.holds(way) for example in examples]
        if _is_word(way) and outcomes == {True} and {*answers} != outcomes:  # the others have other words, but did not ask
            found, asked_by = words.setdefault(tuple(sorted(E.names(way))), ([], set()))
            found.append(way)
            asked_by |= rows
            continue
        if asker is Shapes.ASKER:  # torch would stretch a size that is 1, where it came to that
            out += _where_asked([way], [row in rows for row in range(len(examples))], examples, most=2)
            continue
        if {None, *answers} != {None, *outcomes}:
            continue
        said = _where_numbers(_as_sentence(way, outcomes.pop(), examples))
        if None not in answers or all(example.holds(said) for example in examples):
            out.append(E.text(said))
            continue
        for reason in (_too_short(way), *_absent(way)):  # why there is no answer
            if reason is not None and all(example.holds(reason) for example, answer in zip(examples, answers) if answer is None):
                out.append(E.text(("or", reason, said)))
                break
    for found, asked_by in words.values():
        out += _where_asked(found, [row in asked_by for row in range(len(examples))], examples)
    return out + _empty_loops(examples)


def _is_word(e):
    """Whether it is the question if a field is a word: others may be looked up in a table, unnoticed."""
    return e[:2] == ("cmp", "==") and any(side[0] == "const" and isinstance(side[1], str) for side in e[2:]) and any(side[0] == "name" for side in e[2:])


def _where_asked(questions, asked, examples, most=4):
    """That one of the questions has the answer yes, wherever they were asked; nothing where `most` questions do not tell where that is."""
    said = functools.reduce(lambda a, b: ("or", a, b), questions)
    try:
        when = presence(examples, asked, Features(examples), E.text(said), most + 1)
    except Unsolved:
        return []
    if when == said:
        return []
    known = E.names(when) if when is not None else set()
    unset = [("cmp", "is", ("name", name), E.NONE) for name in sorted(E.names(said) - known) if any(example.value(name) is None for example in examples)]  # where it is, something else was asked
    return [E.text(functools.reduce(lambda a, b: ("or", a, b), [*([E.negate(when)] if when is not None else []), *unset, said]))]


def _too_short(e):
    """That a list does not reach as far as a question looks, or None."""
    found = dict.fromkeys(("cmp", "<=", ("call", "len", x[1]), x[2]) for x in E.walk(e) if x[0] == "item" and x[2][0] == "const" and type(x[2][1]) is int and x[2][1] >= 0)
    return ("or", *found) if len(found) > 1 else next(iter(found), None)


def _absent(e):
    """That a nested config is null into which a question looks, for each such config."""
    return [("cmp", "is", ("name", key), E.NONE) for key in sorted({name.split(".")[0] for name in E.names(e) if "." in name})]


def _is_switch(e, examples):
    return e[0] in ("name", "item") and all(isinstance(example.value(E.text(e)), bool) for example in examples)


def _is_of_sizes(e):
    """How sizes go together: the channels of a convolution and its groups, an index and the table that it is for."""
    if e[0] != "cmp" or e[1] in ("<=", ">") and e[3] == E.const(0):  # a size is positive
        return False
    divided = [x for x in E.walk(e) if x[:2] == ("op", "%")]
    return (len(E.names(e)) > 1 or len(divided) > 0) and all(x[3] not in (x[2], E.const(1)) for x in divided)


def _where_numbers(e):
    """The condition where its fields that are never varied are numbers: where they are null, nobody asks."""
    unvaried = sorted(name for name in E.names(e) if IRRELEVANT.search(name.split(".")[-1]))
    return functools.reduce(lambda said, name: ("or", E.negate(("call", "is_int", ("name", name))), said), unvaried, e)


def _empty_loops(examples):
    """That loops which never went round go on not to: what they make was never seen."""
    empty = [{run.site: run.count for run in example.trace.never_ran_in(example.node.module)} for example in examples]
    out = []
    for site, count in empty[0].items():
        way = generalise(count, examples[0])[0]
        if all(site in sites for sites in empty) and E.names(way) and not any(e[0] == "loop" for e in E.walk(way)):
            out.append(E.text(("cmp", "<=", way, E.const(0))))
    return out


def assumed_within(node):
    """What a node and those below it assume."""
    found = set(node.get("assumes", ()))
    for child in [*node.get("children", {}).values(), *node.get("each", {}).values()]:
        for choice in child if isinstance(child, list) else [child]:
            found |= assumed_within(choice) if isinstance(choice, dict) else set()
    return found


def asked_in_rounds(examples, index, assumed):
    """Questions about the config that the rounds of a loop asked and that all of them answered alike, though others who asked did not."""
    asked = {}
    for example in examples:
        uid = next(u for u, name in example.loops.items() if name == index)
        for condition in example.trace.asked_in(uid):
            if not any(e[0] == "loop" for e in E.walk(condition.expr)):
                asked.setdefault(E.text(condition.expr), (condition.expr, set()))[1].add(condition.outcome)
    for question, outcomes in asked.values():
        if len(outcomes) == 1 and worth_assuming(question) and {example.holds(question) for example in examples} == outcomes:
            sentence = E.text(_as_sentence(question, outcomes.pop(), examples))
            if sentence not in assumed:
                yield sentence


LONGEST = 30  # parts of a question; longer ones are about rates that grow from layer to layer


def worth_assuming(e):
    names = E.names(e)
    if e[0] == "cmp" and e[2] == e[3]:
        return False
    if not names or all(IRRELEVANT.search(n.split(".")[-1]) for n in names) or E.size(e) > LONGEST:
        return False
    if e[0] == "cmp" and (e[1] == ">" and e[3] == E.const(0) or e[1] == "in" and e[2][0] == "const"):
        return False  # a size is positive; a key that is missed is missed by the evaluator too
    return e[:2] != ("call", "is_dict")


def _as_sentence(e, outcome, examples):
    """`head_dim != 0` for a number that was tested for its truth, so that the sentence can be read."""
    if e[0] == "name" and not isinstance(examples[0].evaluate(e), (bool, str, list, dict, type(None))):
        e = ("cmp", "!=", e, E.const(0))
    return e if outcome else E.negate(e)


def has_value(path, value):
    """That a field has this value, as an expression. Raises Unsolved for an object, which no expression says."""
    if isinstance(value, dict):
        raise Unsolved(f"a condition on {dotted(path)}, which is an object")
    return ("cmp", "is" if value is None else "==", ("name", dotted(path)), E.const(value))


def hold(body, held):
    """The class body where these fields have these values: {path: value}; what else it assumes of them alone goes without saying. Raises Unsolved for an object."""
    names = {dotted(path) for path in held}
    body = with_assumptions(body, lambda assumptions: [a for a in assumptions if not mentions.fields(a) <= names])
    return {**body, "assumes": [*body.get("assumes", ()), *(E.text(has_value(path, value)) for path, value in held.items())]} if held else body


def dicts(node):
    """All objects in a written node, itself first."""
    if isinstance(node, dict):
        yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from dicts(value)


def with_assumptions(node, left):
    """A written node with left(assumptions) in place of the assumptions of each node in it."""
    if isinstance(node, list):
        return [with_assumptions(value, left) for value in node]
    if not isinstance(node, dict):
        return node
    out = {key: left(value) if key == "assumes" else with_assumptions(value, left) for key, value in node.items()}
    return {key: value for key, value in out.items() if key != "assumes" or value}
