# SPDX-License-Identifier: Apache-2.0
"""Classes that are made otherwise with a nested config of a certain type, as MaskFormer is with Swin: such a class is described once for each."""
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from . import expr as E
from .kinds_of_type import ANY_TYPES

_ATTRIBUTE = ".model_type"


def questions(asked):
    """[(key of a nested config, type, whether it was of that)] of what a class asked about the types that were seen."""
    found = set()
    for question, outcomes, _ in asked.questions.values():
        if question[:2] == ("cmp", "==") and question[2][0] == "name" and question[2][1].endswith(_ATTRIBUTE) and len(outcomes) == 1:
            found.add((question[2][1].removesuffix(_ATTRIBUTE), question[3][1], next(iter(outcomes))))
    return sorted(found)


def others(word, is_one):
    """Nested configs of types for which the answer to a question is the other one: first backbones that hand out all of their stages, those with few first."""
    types = [other for other in ANY_TYPES if other != word] if is_one else [word]
    stages = {other: len(getattr(CONFIG_MAPPING[other](), "stage_names", ())) for other in types}
    for other in sorted((other for other in types if stages[other]), key=stages.get):
        yield {"model_type": other, "out_indices": list(range(1, stages[other]))}
    for other in types:
        yield {"model_type": other}


def together(body, other, key, word, is_one, may_be_null):
    """The alternatives of a class: the first is for the type that is asked for."""
    question = ("cmp", "==", ("name", key + _ATTRIBUTE), E.const(word))
    if may_be_null:
        question = ("and", ("cmp", "is not", ("name", key), E.NONE), question)
    first, second = (body, other) if is_one else (other, body)
    return [{"when": E.text(question), **first}, second]
