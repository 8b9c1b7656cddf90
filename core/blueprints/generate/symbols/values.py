# SPDX-License-Identifier: Apache-2.0
"""What remembers: the parts that numbers, strings, lists and dicts share."""
from .. import expr as E


class Log:
    """Receives what the values notice. A trace puts itself here while it runs."""

    current = None


def ask(expression, outcome):
    """Tells the current trace of a question and its answer; answers the answer."""
    if Log.current is not None:
        Log.current.condition(expression, outcome)
    return outcome


class Sym:
    """Mixed into the types below: has `.expr`."""

    def __deepcopy__(self, memo):
        return self

    def __copy__(self):
        return self


KINDS = {}  # type of a plain value -> the class of those that remember


def remembers(*kinds):
    """Of a class: it stands for plain values of these types."""
    def note(made):
        KINDS.update(dict.fromkeys(kinds, made))
        return made

    return note


def wrap(value, expression):
    """A value that remembers `expression`; as it is where it remembers already, or cannot."""
    if isinstance(value, Sym):
        return value
    made = KINDS.get(type(value)) or next((KINDS[kind] for kind in (int, float, str, list, tuple) if isinstance(value, kind)), None)
    return value if made is None else made(value, expression)


def plain(x):
    """The value without memory, lists and dicts throughout."""
    if isinstance(x, Sym):
        return x.plain()
    kind = type(x)
    if kind is list or kind is tuple:
        return kind([plain(y) for y in x])
    if kind is dict:
        return {plain(k): plain(v) for k, v in x.items()}
    return x


def expr_of(x):
    """The expression of any value: its own, or a literal."""
    if isinstance(x, Sym):
        return x.expr
    if isinstance(x, (list, tuple)) and any(isinstance(y, Sym) for y in x):
        return ("list", *(expr_of(y) for y in x))
    return E.const(list(x) if isinstance(x, tuple) else x)
