# SPDX-License-Identifier: Apache-2.0
"""Why the library refuses a config: the question of the `if` around a `raise`, or of an `assert`, where one answer to it is enough; or the last few."""
import ast
import functools

from . import expr as E

EVEN = (2, 4, 8)  # what a quotient may have to be a multiple of
ENOUGH = 2  # refused configs that show such a condition


def reason(error, last):
    """`last`, the last condition before an error, if its answer alone is why the library's code raised it; else None."""
    step = _raised_at(error)
    if last is None or step is None or step.tb_frame.f_code is not last.asker:
        return None
    return last if any(first <= last.line <= end and step.tb_lineno in lines for first, end, lines in _refusals(last.asker)) else None


def never_accepted(reasons, accepted):
    """Of what reason() said, [(question, answer, the fields that must be set for it to be asked)] where no accepted config gives that answer, asked or not."""
    out = []
    for source, last in {E.text(last.expr): last for last in reasons if last is not None}.items():
        names = E.names(last.expr)
        if not names or any(x[0] == "loop" for x in E.walk(last.expr)) or _is_by_heart(last.expr):
            continue
        answers = [(E.holds(source, env), {name for name in names if env.get(name.split(".")[0], 0) is None}) for env in accepted]
        if E.keyed(last.expr) and all(answer is None for answer, _ in answers):  # by which of its keys an object is refused is not known where none is accepted
            continue
        unsettled = [(answer, unset) for answer, unset in answers if answer is None or answer == last.outcome]
        about_null = E.NONE in E.walk(last.expr)
        if all(unset and (answer is None or not about_null) for answer, unset in unsettled):  # where a field is null, the library asks about what it puts there
            out.append((last.expr, last.outcome, sorted(set().union(*(unset for _, unset in unsettled)))))
    return out


def _is_by_heart(question):
    """Whether something is to be like one large number: that has come from something else, and nobody noticed."""
    return question[:2] in (("cmp", "=="), ("cmp", "!=")) and any(side[0] == "const" and type(side[1]) is int and abs(side[1]) > 2 for side in question[2:])


def last_asked(error, trace, most=4):
    """[(question, answer)] of what a constructor asked last before it gave up, the last first; none about the rounds of a loop, none where something that it called gave up."""
    last, step, found = trace.last, _raised_at(error), {}
    if last is None or step is None or step.tb_frame.f_code is not last.asker:
        return []
    for condition in reversed(next((group for group in trace.asked.values() if any(c is last for c in group)), [])):
        if condition.asker is last.asker and not any(e[0] == "loop" for e in E.walk(condition.expr)):
            found.setdefault(E.text(condition.expr), (condition.expr, condition.outcome))
        if len(found) == most:
            break
    return list(found.values())


def conditions_for(refused, accepted, is_answered, divided=()):
    """What holds for all accepted configs and keeps a class from answering for refused ones, as texts.

    refused: [(config, its last_asked())]. is_answered(config): whether the class as it is would answer. divided: the pairs of names that its rules divide.
    """
    out, left = [], []
    always = functools.cache(lambda condition: all(E.holds(condition, env) for env in accepted))
    for env, questions in refused:
        condition = next((c for c in _other_answers(questions) if not E.holds(c, env) and always(c)), None)
        if condition is None and not divided or not all(E.holds(known, env) for known in out) or not is_answered(env):
            continue
        (left if condition is None else out).append(env if condition is None else condition)
    possible = [c for c in _divisions(divided, accepted[0]) if all(E.holds(c, other) for other in accepted)] if left else []
    while possible:
        best = max(possible, key=lambda c: sum(not E.holds(c, env) for env in left))  # of equals, the first
        after = [env for env in left if E.holds(best, env)]
        if len(left) - len(after) < ENOUGH:
            break
        out, left = [*out, best], after
    return [E.text(condition) for condition in out]


def _raised_at(error):
    """The innermost step of the traceback of an error, or of what caused it."""
    while error.__cause__ is not None:
        error = error.__cause__
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return step


def _other_answers(questions):
    """That one of the last answers is another: as few of them as may be."""
    others = [E.negate(question) if answer else question for question, answer in questions]
    yield from (functools.reduce(lambda a, b: ("or", a, b), reversed(others[:k])) for k in range(1, len(others) + 1))


def _divisions(divided, env):
    """What an operation on tensors may need, which asks nobody: that a division of a class has no rest, or is even; always, or where a switch is set or is not."""
    divided = [(("name", a), ("name", b)) for a, b in divided]
    rests = [("op", "%", a, b) for a, b in divided] + [("op", "%", ("op", "//", a, b), E.const(by)) for by in EVEN for a, b in divided]
    always = [("cmp", "==", rest, E.const(0)) for rest in rests]
    yield from always
    for key, value in env.items():
        if type(value) is bool:
            yield from (("or", condition, other) for condition in (E.negate(("name", key)), ("name", key)) for other in always)


@functools.cache
def _refusals(code):
    """[(first and last line of a test, the lines of what it leads to)] where one answer in the test leads a function to refuse, whatever else was asked in it."""
    try:
        with open(code.co_filename, encoding="utf-8") as file:
            tree = _parsed(file.read())
    except (OSError, SyntaxError):
        return []
    out = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or function.name != code.co_name or not function.lineno - len(function.decorator_list) <= code.co_firstlineno <= function.end_lineno:
            continue
        for statement in function.body:
            if isinstance(statement, ast.If) and _is_enough(statement.test, ast.Or):
                raised = [x for x in statement.body if isinstance(x, ast.Raise)]
            elif isinstance(statement, ast.Assert) and _is_enough(statement.test, ast.And):
                raised = [statement]
            else:
                continue
            out += [(statement.test.lineno, statement.test.end_lineno, range(x.lineno, x.end_lineno + 1)) for x in raised]
    return out


_parsed = functools.lru_cache(maxsize=8)(ast.parse)


def _is_enough(test, joined):
    """Whether the last answer decides a test: one question, or some that are joined so that each of them can decide alone."""
    parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, joined) else [test]
    return not any(isinstance(x, (ast.BoolOp, ast.IfExp)) for part in parts for x in ast.walk(part)) and not any(
        isinstance(x, ast.Compare) and len(x.ops) > 1 for part in parts for x in ast.walk(part))
