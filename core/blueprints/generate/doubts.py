# SPDX-License-Identifier: Apache-2.0
"""The questions of learnt rules that may stand there by chance: where few configs got that far, another question told them apart just as well.

A question that is asked of all configs is soon refuted. One that is asked after others is not: it has to be asked on purpose.
"""
import ast
import itertools


def doubts(node):
    """[(what must hold for it to be asked, the question)] of all rules in a class, each once, as texts."""
    return [(before, question) for before, question in dict.fromkeys(_of_node(node, ())) if before]


def crossed(rules):
    """doubts() of single rules, and every question of a rule wherever another one of it is asked: settings that stand in for each other go together in all ways."""
    for rule in rules:
        found = list(_of_node(rule, ()))
        paths, questions = dict.fromkeys(before for before, _ in found), dict.fromkeys(question for _, question in found)
        yield from ((before, question) for before in paths for question in questions if not {question, f"not ({question})"} & {*before})


def apart(groups, answers):
    """The same for questions that one constructor asks and whose answers were never seen together: what it makes of both may be another thing.

    groups: of each constructor the questions. answers: {question: its answer in each config}
    """
    out = {}
    for group in groups:
        for first, second in itertools.permutations(group, 2):
            for said, before in ((True, first), (False, f"not ({first})")):
                if len({b for a, b in zip(answers[first], answers[second]) if a is said and b is not None}) == 1:
                    out[(before,), second] = None
    return list(out)


def _of_node(node, before):
    if isinstance(node, list):
        for one in node:
            yield from _of_node(one, before)
    elif isinstance(node, str):
        yield from _of_rule(node, before)
    elif isinstance(node, dict):
        here = before
        if "when" in node:
            yield from _of_rule(node["when"], before)
            yield before, node["when"]
            here = (*before, node["when"])
        for key, value in node.items():
            if key in ("parameters", "buffers"):
                for inner in value.values():
                    yield from _of_node(inner, here)
            elif key in ("children", "each"):
                for inner in value.values():
                    yield from _of_node(inner, here) if not isinstance(inner, str) else ()  # a string is the class of a module
            elif key in ("shape", "repeat"):
                yield from _of_node(list(value.values()) if isinstance(value, dict) else value, here)


def _of_rule(source, before):
    yield from _of_tree(ast.parse(source, mode="eval").body, before)


def _of_tree(tree, before):
    if isinstance(tree, ast.IfExp):
        yield from _asked([tree.test], before)
        test = ast.unparse(tree.test)
        yield from _of_tree(tree.body, (*before, test))
        yield from _of_tree(tree.orelse, (*before, f"not ({test})"))
    elif isinstance(tree, ast.BoolOp):
        yield from _asked(tree.values, before, isinstance(tree.op, ast.And))
    elif not isinstance(tree, (ast.ListComp, ast.GeneratorExp)):
        for inner in ast.iter_child_nodes(tree):
            yield from _of_tree(inner, before)


def _asked(tests, before, going_on=True):
    """One question after the other, while the answer is `going_on`."""
    for test in tests:
        source = ast.unparse(test)
        yield from _of_tree(test, before)
        if not isinstance(test, ast.BoolOp):
            yield before, source
        before = (*before, source if going_on else f"not ({source})")
