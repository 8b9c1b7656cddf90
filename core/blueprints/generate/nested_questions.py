# SPDX-License-Identifier: Apache-2.0
"""What a config class asks about the configs nested in it, which are resolved by their own blueprints."""
from . import configs as C
from . import expr as E
from .assumptions import worth_assuming
from .decide import presence
from .examples import Unsolved
from .fields import IRRELEVANT
from .kinds_of_type import ANY_TYPES

TYPES_ASKED = (("call", "is_list"), ("call", "is_str"), ("call", "is_dict"))  # the types of fields are settled where the nested config is read

OF_ITS_TYPE = ("call", "has_auto")


def settled(stage, explorer):
    """Finds the other answer to questions about nested configs; the conditions that those have the answer they always had which only ever had one."""
    for _ in range(2):  # then what is asked once a nested config is given
        before = len(explorer.results)
        for asked in list(explorer.asked.questions.values()):
            _attempt(stage, explorer, *asked)
        if len(explorer.results) == before:
            break
        explorer.follow_up()
    assumes = set()
    for source, (question, outcomes, _) in explorer.asked.questions.items():
        about = _about(stage, question)
        if len(outcomes) == 1 and (question[:2] == OF_ITS_TYPE or about and not _of_objects(explorer, about)) and worth_assuming(question):
            said = question if next(iter(outcomes)) else E.negate(question)
            when = _when_asked(source, explorer)
            assumes.add(E.text(("or", E.negate(when), said) if when is not None else said))
    return assumes


def _about(stage, question):
    """[(key of a nested config, attribute)] that a question is about."""
    about = [name.split(".") for name in sorted(E.names(question)) if name.count(".") == 1 and name.split(".")[0] in stage.nested]
    if any(IRRELEVANT.search(attribute) for _, attribute in about) or any(part[0] == "var" for part in E.walk(question)):  # of one round of a loop
        return []
    return [] if question[:2] in TYPES_ASKED else about


def _values(explorer, about):
    return [explorer.results[0][1][1].get(key, {}).get(attribute) for key, attribute in about]


def _of_objects(explorer, about):
    """Objects are described by the paths into them."""
    return any(isinstance(value, dict) for value in _values(explorer, about))


def _attempt(stage, explorer, question, outcomes, asked_in):
    """Tries configs that say otherwise of what a question is about."""
    if question[:2] == OF_ITS_TYPE:
        for other in ANY_TYPES:
            explorer.attempt({**asked_in, question[2][1]: {"model_type": other}})
    about = _about(stage, question)
    if question[:2] == ("cmp", "in") and question[2][0] == "const" and question[3][0] == "name" and question[3][1] in stage.nested:  # whether the file says it
        about = [(question[3][1], question[2][1])]
    if len(outcomes) == 2 or _of_objects(explorer, about):
        return
    for (key, attribute), value in zip(about, _values(explorer, about)):
        spec = stage.config_class.sub_configs_defaults[key]
        given = asked_in[key] or ({"model_type": spec.model_type} if spec.model_type else {})
        for other in [not value] if isinstance(value, bool) else [value * 2, value + 1] if isinstance(value, int) else [None]:
            explorer.attempt({**asked_in, key: {**given, attribute: other}})


def _when_asked(source, explorer):
    """The condition under which the config class asks a question; None if it always does, or if no rule is found."""
    examples = [C.example_of(trace, scope) for _, (trace, scope, _) in explorer.results]
    asked = [any(source == other for other, _ in explorer.asked.of(env)) for env, _ in explorer.results]
    try:
        return presence(examples, asked, C.features_of(examples), f"config: is {source} asked?")
    except Unsolved:
        return None
