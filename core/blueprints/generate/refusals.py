# SPDX-License-Identifier: Apache-2.0
"""Why the library refuses a config: the question of the `if` around a `raise`, or of an `assert`, where one answer to it is enough."""
import ast
import functools


def reason(error, last):
    """`last`, the last condition before an error, if its answer alone is why the library's code raised it; else None."""
    while error.__cause__ is not None:
        error = error.__cause__
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    if last is None or step is None or step.tb_frame.f_code is not last.asker:
        return None
    return last if any(first <= last.line <= end and step.tb_lineno in lines for first, end, lines in _refusals(last.asker)) else None


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
