# SPDX-License-Identifier: Apache-2.0
"""Expressions: what a traced value remembers, how it is written, how it is evaluated again.

An expression is a tuple whose first item is its kind:
    ("name", "hidden_size")           an attribute of the config, also dotted: "text_config.hidden_size"
    ("const", 3)                      a literal
    ("loop", uid, k)                  the index of iteration k of the loop execution `uid`
    ("var", "i")                      a loop index after generalisation
    ("op", "+", a, b)  ("neg", a)     arithmetic
    ("cmp", "==", a, b)  ("not", a)   comparisons; "is"/"is not" for None
    ("call", "len", a, ...)           one of FUNCTIONS
    ("item", a, b)  ("slice", a, start, stop, step)  ("list", a, ...)
    ("if", c, a, b)                   a if c else b
    ("and", a, b)  ("or", a, b)
    ("each", "x", body, count)        [body for x in range(count)]; a fifth item is a condition after `if`
    ("text", "raw source")            a ready expression
"""
import builtins
import functools
import math
import operator

NONE = ("const", None)
LEAVES = frozenset(("name", "var", "const", "loop", "text"))
INDICES = "ijklmn"  # of loops, the outermost first


def const(value):
    return ("const", value)


def const_list(values):
    return ("list", *map(const, values))


def _ceil(x):
    return math.ceil(x)


FUNCTIONS = {
    "len": len, "min": min, "max": max, "abs": abs, "int": int, "float": float, "bool": bool, "str": str,
    "round": round, "sum": sum, "ceil": _ceil, "floor": math.floor, "sqrt": math.sqrt, "log": math.log,
    "log2": math.log2, "prod": math.prod, "range": range, "sorted": sorted,
    "reversed": lambda x: list(builtins.reversed(x)), "list": list, "set": lambda x: list(dict.fromkeys(x)),
    "index": lambda values, value: values.index(value), "split": lambda text, separator: text.split(separator), "startswith": lambda text, prefix: text.startswith(prefix),
    "lower": lambda text: text.lower(), "upper": lambda text: text.upper(),
    "is_int": lambda x: isinstance(x, int) and not isinstance(x, bool), "is_float": lambda x: isinstance(x, float),
    "is_str": lambda x: isinstance(x, str), "is_bool": lambda x: isinstance(x, bool),
    "is_list": lambda x: isinstance(x, (list, tuple)), "is_dict": lambda x: isinstance(x, dict),
    "channels": lambda config: config.channels_of_backbone, "has_auto": lambda config, auto: auto in config.auto_classes,
}  # fmt: skip

OPERATORS = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "%": operator.mod,
    "**": operator.pow, "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

# how tightly an operator binds, as in Python's grammar
_LEVEL = {"if": 1, "or": 2, "and": 3, "not": 4, "cmp": 5, "+": 6, "-": 6, "*": 7, "/": 7, "//": 7, "%": 7, "neg": 8, "**": 9}


def text(e, level=0):
    """The expression as source text, with parentheses where the surrounding `level` binds tighter."""
    kind = e[0]  # the most frequent first
    if kind == "name" or kind == "var":
        return e[1]
    if kind == "const":
        return f"({e[1]!r})" if level > 8 and isinstance(e[1], (int, float)) and e[1] < 0 else repr(e[1])
    if kind == "op":
        own = _LEVEL[e[1]]
        left, right = (own + 1, own) if e[1] == "**" else (own, own + 1)
        out = f"{text(e[2], left)} {e[1]} {text(e[3], right)}"
        return f"({out})" if level > own else out
    if kind == "text":
        return f"({e[1]})" if level > 0 and not e[1].isidentifier() else e[1]
    if kind == "loop":
        return str(e[2])
    if kind == "item":
        return f"{text(e[1], 10)}[{text(e[2])}]"
    if kind == "slice":
        parts = ["" if x is None else text(x) for x in e[2:]]
        return f"{text(e[1], 10)}[{parts[0]}:{parts[1]}{':' + parts[2] if parts[2] else ''}]"
    if kind == "list":
        return f"[{', '.join([text(x) for x in e[1:]])}]"
    if kind == "each":
        return f"[{text(e[2])} for {e[1]} in range({text(e[3])}){' if ' + text(e[4], 2) if e[4:] else ''}]"
    if kind == "call":
        return f"{e[1]}({', '.join([text(x) for x in e[2:]])})"
    if kind == "neg":
        own, out = 8, f"-{text(e[1], 8)}"
    elif kind == "cmp":
        own, out = 5, f"{text(e[2], 6)} {e[1]} {text(e[3], 6)}"
    elif kind == "not":
        own, out = 4, f"not {text(e[1], 4)}"
    elif kind in ("and", "or"):
        own = _LEVEL[kind]
        out = f"{text(e[1], own)} {kind} {text(e[2], own + 1)}"
    elif kind == "if":
        own, out = 1, f"{text(e[2], 2)} if {text(e[1], 2)} else {text(e[3], 1)}"
    else:
        raise ValueError(f"unknown expression {e!r}")
    return f"({out})" if level > own else out


def say(e):
    """An expression as it stands in the file: a bare integer where it is one."""
    if e[0] == "const" and isinstance(e[1], int) and not isinstance(e[1], bool):
        return e[1]
    return text(e)


def place(path):
    """The expression of a dotted path into an object of the config: rope_parameters.factor is rope_parameters['factor']."""
    first, *rest = path.split(".")
    e = ("name", first)
    for key in rest:
        e = ("item", e, const(key))
    return e


def op(sign, a, b):
    """a `sign` b, with the trivial cases folded so that blueprints read as a person would write them."""
    if a[0] == "const" and b[0] == "const" and isinstance(a[1], (int, float)) and isinstance(b[1], (int, float)):
        try:
            return const(OPERATORS[sign](a[1], b[1]))
        except ArithmeticError:
            pass
    if sign in "+-" and b == ("const", 0) or sign in ("*", "//") and b == ("const", 1):
        return a
    if sign == "-" and b[:2] == ("op", "-") and b[2] == a and b[3][0] in ("loop", "var"):  # of floats it would not be the same
        return b[3]
    if sign == "+" and a == ("const", 0) or sign == "*" and a == ("const", 1):
        return b
    if sign == "+" and b[0] == "const" and isinstance(b[1], int) and b[1] < 0:
        return op("-", a, const(-b[1]))
    if sign in "+-" and b[0] == "const" and a[0] == "op" and a[1] in "+-" and a[3][0] == "const" and isinstance(b[1], int):
        left = a[3][1] if a[1] == "+" else -a[3][1]
        right = b[1] if sign == "+" else -b[1]
        return op("+", a[2], const(left + right)) if isinstance(left, int) else ("op", sign, a, b)
    if sign == "//" and b[0] == "const" and a[0] == "op" and a[1] == "*" and a[3] == b:
        return a[2]
    if sign == "//" and a[0] == "op" and a[1] == "//" and all(x[0] == "const" and type(x[1]) is int and x[1] > 0 for x in (a[3], b)):
        divisor = a[3][1] * b[1]  # beyond the numbers of a config nothing is left; a search for the factors of 0 would go on for ever
        return ("op", "//", a[2], const(divisor)) if divisor < 1 << 63 else const(0)
    return ("op", sign, a, b)


def item(values, place):
    """values[place]; of a list that is written out, at a known place, what stands there. At the places in which argsort() puts a list, that list is sorted."""
    if values[:2] == ("op", "*") and values[2][0] == "list" and len(values[2]) == 2:
        return values[2][1]
    if place[0] == "item" and place[1] == ("call", "argsort", values):
        return ("item", ("call", "sorted", values), place[2])
    if values[0] == "list" and place[0] == "const" and type(place[1]) is int and -len(values) < place[1] < len(values) - 1:
        return values[1:][place[1]]
    return ("item", values, place)


def negate(e):
    if e[0] == "not":
        return e[1]
    if e[0] == "cmp":
        opposite = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "is": "is not", "is not": "is",
                    "in": "not in", "not in": "in"}  # fmt: skip
        return ("cmp", opposite[e[1]], e[2], e[3])
    return ("not", e)


def substitute(e, replace):
    """The expression with replace(node) put where it answers something other than None."""
    new = replace(e)
    if new is not None:
        return new
    kind = e[0]
    if kind in LEAVES:
        return e
    if kind == "op":
        return op(e[1], substitute(e[2], replace), substitute(e[3], replace))
    if kind == "item":
        return item(substitute(e[1], replace), substitute(e[2], replace))
    return (kind, *(substitute(x, replace) if type(x) is tuple and x and type(x[0]) is str else x for x in e[1:]))


def walk(e):
    """The expression and all its parts, each before its own parts."""
    waiting = [e]
    while waiting:
        e = waiting.pop()
        yield e
        if e[0] == "op":
            waiting += e[3], e[2]
        elif e[0] not in LEAVES:
            waiting += [x for x in reversed(e) if type(x) is tuple and x and type(x[0]) is str]


def names(e):
    return {x[1] for x in walk(e) if x[0] == "name"}


def keyed(e):
    """What an expression takes from objects by their keys."""
    return [x for x in walk(e) if x[0] == "item" and x[2][0] == "const" and type(x[2][1]) is str]


def outcomes(e):
    """The names between which an expression decides."""
    if e[0] == "if":
        return outcomes(e[2]) | outcomes(e[3])
    return {e[1]} if e[0] == "name" else set()


def size(e):
    """How much there is to read."""
    return sum(1 for _ in walk(e))


def is_long(e, most=8):
    """Whether it is a list written out item by item, of many items: one that a loop has made without saying how."""
    return e[0] == "list" and len(e) - 1 > most


class Scope(dict):
    """A config in scope: attributes by name, nested configs as Scopes."""

    auto_classes = frozenset()  # for which of them its type has a class
    channels_of_backbone = None  # a list, where a backbone was made of it and asked for these

    def __getattr__(self, key):
        try:
            return self[key]
        except KeyError:
            raise AttributeError(key) from None

    def __copy__(self):
        new = type(self)(self)
        vars(new).update(vars(self))
        return new


@functools.lru_cache(maxsize=200_000)
def _code(source):
    return compile(source, "<expression>", "eval")


class Names(dict):
    """Look-up order: loop indices, attributes, functions. Passed as globals, which comprehensions see too."""

    def __init__(self, scope, variables):
        super().__init__(variables, __builtins__={})
        self.scope = scope

    def __missing__(self, key):
        if key in self.scope:
            return self.scope[key]
        return FUNCTIONS[key]


def evaluate_in(source, names):
    """evaluate() for one who asks often in the same place."""
    return eval(_code(source), names)


def evaluate(e, scope, variables=None):
    """The value of an expression; raises what Python raises."""
    source = e if isinstance(e, str) else text(e)
    return eval(_code(source), Names(scope, variables or {}))


def holds(question, scope, variables=None):
    """Whether the answer is yes; None where the question cannot be asked."""
    try:
        return bool(evaluate(question, scope, variables))
    except Exception:
        return None
