# SPDX-License-Identifier: Apache-2.0
"""Words in lists that only old files have, such as layers that are called `mamba`: the library looks the new ones up in a table, which no value can notice."""
from transformers.configuration_utils import _LEGACY_LAYER_TYPE_REMAP as OLD

from . import configs as C
from . import expr as E


def renamed(stage, name, rule):
    """(the expression of a list of words with the old ones written anew, what is assumed of the list). rule: its source for new words; None if it is the input itself."""
    sample = C.made(stage, name, {})
    if not isinstance(sample, list) or not sample or not all(isinstance(word, str) for word in sample):
        return rule, []
    made = {old: C.made(stage, name, {name: [old] * len(sample)}) for old in OLD}
    new = {old: words[0] for old, words in made.items() if words and words[0] != old}
    if not set(new.values()) & set(OLD.values()):  # it keeps them, or has other words in such a list
        return rule, []
    word = "x"
    for wanted in sorted(set(new.values())):
        old = [o for o in new if new[o] == wanted]
        word = f"{wanted!r} if x {f'== {old[0]!r}' if len(old) == 1 else f'in {old}'} else {word}"
    text = f"[{word} for x in {name}] if {name} else {name}" if rule is None else f"[{word} for x in ({rule})]"
    if all(_is_so(stage, name, text, sample, words) for words in (list(new), [*new, *sorted(set(sample))], [*reversed(new)])):
        return text, []
    return rule, [f"{name} is None or {old!r} not in {name}" for old in new]


def _is_so(stage, name, text, sample, words):
    """Whether the expression is right for a list of these words, if the class takes it."""
    given = [words[k % len(words)] for k in range(len(sample))]
    made = C.made(stage, name, {name: given})
    return made is None or E.evaluate(text, {**stage.start, name: given}) == made
