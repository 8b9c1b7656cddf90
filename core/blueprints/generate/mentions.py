# SPDX-License-Identifier: Apache-2.0
"""What written blueprints mention: their expressions, and the attributes, paths and classes in them."""
import ast
import re

from . import expr as E


def expressions(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("class", "model", "child", "replace", "same_as", "tensor", "to", "no_split", "dtype"):
                continue
            if key in ("children", "each"):
                for name, child in value.items():
                    yield from re.findall(r"\{([^#}]+)\}", name)
                    yield from expressions(child) if not isinstance(child, str) else ()  # a string is the class of a module
            else:
                yield from expressions(value)
    elif isinstance(node, list):
        for value in node:
            yield from expressions(value)
    elif isinstance(node, str):
        yield node


def divided(node):
    """The pairs of names of which a node's rules say `a // b`."""
    sums = (e for source in expressions(node) for e in ast.walk(ast.parse(source, mode="eval")) if isinstance(e, ast.BinOp))
    return sorted({(e.left.id, e.right.id) for e in sums if isinstance(e.op, ast.FloorDiv) and isinstance(e.left, ast.Name) and isinstance(e.right, ast.Name)})


def _unquoted(source):
    return re.sub(r"'[^']*'|\"[^\"]*\"", "''", source)


def words(source):
    return {w for w in re.findall(r"(?<![.\w])[A-Za-z_]\w*", _unquoted(source))}


def fields(source):
    """The attributes in an expression, with those of nested configs as dotted paths."""
    return set(re.findall(r"(?<![.\w])[A-Za-z_][\w.]*", _unquoted(source))) - NOT_NAMES


def paths(source):
    """rope_parameters['rope_type'] and "'factor' in rope_parameters" as dotted paths."""
    for chain in re.findall(r"(?<![.\w])([A-Za-z_]\w*(?:\['\w+'\])+)", source):
        yield ".".join(re.findall(r"\w+", chain))
    for key, chain in re.findall(r"'(\w+)' (?:not )?in ([A-Za-z_]\w*(?:\['\w+'\])*)", source):
        yield ".".join([*re.findall(r"\w+", chain), key])


NOT_NAMES = {"if", "else", "and", "or", "not", "is", "in", "for", "None", "True", "False", *E.FUNCTIONS, *"ijklmnxyzuvw"}


def names_in(classes):
    """The attributes of the root config that the module stage reads."""
    found = set()
    for source in expressions(classes):
        found |= words(source) - NOT_NAMES
    return found


def references(body):
    if isinstance(body, dict):
        if "model" in body and isinstance(body["model"], str) and not body.get("config"):
            yield body["model"]
        for value in body.values():
            yield from references(value)
    elif isinstance(body, list):
        for value in body:
            yield from references(value)
