# SPDX-License-Identifier: Apache-2.0
"""A number that another module has worked out: which of its formulas holds is told by the questions that were asked there.

A head that takes its width from the finished model around it has asked none of them itself.
"""
from . import expr as E
from .decide import decide, ranked
from .features import Features, as_question


def described(examples, wanted, pools, what):
    """(the expression, the conditions under which it was seen). Raises Unsolved."""
    questions, formulas = _asked(examples), ranked(pools)
    found = decide(examples, wanted, formulas, Features(examples, questions.values()), what, 3)
    sources = {E.text(formula) for formula in formulas if E.names(formula)}
    conditions = []
    for source, question in questions.items():
        answers = {example.value(source) for example in examples}
        if answers in ({True}, {False}) and any(E.text(part) in sources for part in E.walk(question)):  # what follows the other answer was not seen
            conditions.append(source if True in answers else E.text(E.negate(question)))
    return found, conditions


def _asked(examples):
    """{source: question}: what any constructor asked about the config outside of loops."""
    found = {}
    for trace in {id(example.trace): example.trace for example in examples}.values():
        for condition in trace.all_asked():
            if not condition.loops and E.names(condition.expr):
                question = as_question(condition.expr)
                found.setdefault(E.text(question), question)
    return found
