# SPDX-License-Identifier: Apache-2.0
"""Lists of words that older files write in codes, a text with a letter for each layer or a list of numbers: the class looks them up in a table, which no value can notice.

`hybrid_override_pattern: "M-M*"` is `layers_block_type: ["linear_attention", "mlp", "linear_attention", "full_attention"]`.
"""
import ast
import inspect
import itertools
import sys

from . import configs as C
from . import symbols as S


def settled(stage, keys, names, derived):
    """[(key of old files, the list it stands for, the expression of that list with it, what is assumed of the key)], of those for which everything else comes out as with the list itself.

    keys: those to look at, which are assumed not to be there. names: the lists to look at. derived: {attribute: source of its rule}.
    """
    out = []
    for key, name, table in itertools.product(keys, names, _tables(stage.config_class)):
        text = _expression(stage, name, key, table, derived.get(name, name))
        if text is not None and _is_right(stage, name, key, table, {**derived, name: text}):
            out.append((key, name, text, f"{key} is None or len([x for x in {_items(key, table)} if x not in {list(table)!r}]) == 0"))
    return out


def _tables(config_class):
    """The dicts from codes to words in the source of a config class, as dicts."""
    for node in ast.walk(ast.parse(inspect.getsource(sys.modules[config_class.__module__]))):
        if isinstance(node, ast.Dict) and node.keys and all(isinstance(x, ast.Constant) for x in (*node.keys, *node.values)):
            table = {key.value: word.value for key, word in zip(node.keys, node.values)}
            if all(isinstance(word, str) for word in table.values()) and (all(type(code) is int for code in table) or all(type(code) is str and len(code) == 1 for code in table)):
                yield table


def _items(key, table):
    """The source for the codes in a file, one by one."""
    return f"list({key})" if isinstance(next(iter(table)), str) else key


def _written(codes):
    """Codes as a file has them."""
    return "".join(codes) if isinstance(codes[0], str) else list(codes)


def _one_per_layer(stage, codes):
    """The codes again and again, for as many layers as there are by default: the class may refuse another number."""
    return list(itertools.islice(itertools.cycle(codes), max(stage.start.get("num_hidden_layers") or 0, len(codes))))


def _expression(stage, name, key, table, otherwise):
    """The source for a list with codes in mind; None if the class makes something else of them."""
    codes = list(table)
    layers = _one_per_layer(stage, codes)
    if C.made(stage, name, {key: _written(layers)}) != [table[code] for code in layers]:
        return None
    words = repr(table[codes[-1]])
    for code in codes[-2::-1]:
        words = f"{table[code]!r} if x == {code!r} else {words}"
    items = _items(key, table)
    many = [code for code in codes for _ in range(40)]
    length = len(C.made(stage, name, {key: _written(many)}) or ())
    if length == stage.start.get("num_hidden_layers") and length < len(many):
        items += "[:num_hidden_layers]"
    elif length != len(many):
        return None
    own = [table[codes[0]]] * len(layers)
    own_first = C.made(stage, name, {key: _written(layers), name: own}) == own
    return f"[{words} for x in {items}] if {key} is not None{f' and {name} is None' if own_first else ''} else {otherwise}"


def _is_right(stage, name, key, table, derived):
    """Whether a file with codes has all the attributes that one with the words has, by the rules of `derived`."""
    codes = list(table)
    for some in (codes, codes[::-1], codes * 2, [codes[0]] * 3, codes[:1], _one_per_layer(stage, codes), [*_one_per_layer(stage, codes[::-1]), codes[0]]):
        coded, plain = C.changed(stage, {key: _written(some)}), C.changed(stage, {name: [table[code] for code in some]})
        if coded is None and plain is None:
            continue
        if coded is None or plain is None:
            return False
        if any(_value(coded, other) != _value(plain, other) or not C.holds(("text", rule), [coded], other) for other, rule in derived.items()):
            return False
    return True


def _value(run, name):
    return S.plain(C.attribute_or_none(run[1][2], name))
