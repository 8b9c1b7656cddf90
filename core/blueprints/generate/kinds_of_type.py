# SPDX-License-Identifier: Apache-2.0
"""What a class asks about the model type of a nested config that may be of any: which one it is, and which auto classes the library knows for it."""
import functools
import sys
from collections import OrderedDict

from transformers.models.auto import auto_factory, modeling_auto
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from . import expr as E
from . import symbols as S

ANY_TYPES = ("bert", "vit", "resnet", "wav2vec2", "t5")  # of several kinds, and quick to make


class _Names(OrderedDict):
    """The library's names of the classes behind an auto class, by model type: whether a type is among them is a question about the nested config that has it."""

    auto = ""

    def __contains__(self, model_type):
        found = super().__contains__(model_type)
        nested = getattr(S.Log.current, "sub_configs", {})
        keys = [key for key, (_, _, made, _) in nested.items() if made.model_type == model_type]
        if len(keys) == 1:
            S.ask(has_auto(keys[0], self.auto), found)
        return found


class TypeName(S.SymStr):
    """The type of a nested config that may be of any. Whether it is a certain one is a question where a model asks it (MaskFormer makes another backbone of
    Swin); whether a word is in it is none (DETR's family chooses so what is trained)."""

    def __eq__(self, other):
        outcome = str.__eq__(self, other)
        return S.ask(("cmp", "==", self.expr, E.const(S.plain(other))), outcome) if "__tare__" in sys._getframe(1).f_globals else outcome

    def __ne__(self, other):
        outcome = str.__ne__(self, other)
        return S.ask(("cmp", "!=", self.expr, E.const(S.plain(other))), outcome) if "__tare__" in sys._getframe(1).f_globals else outcome

    def __contains__(self, other):
        return str.__contains__(self, other)

    def __hash__(self):
        return str.__hash__(self)


def has_auto(key, auto):
    return ("call", "has_auto", ("name", key), E.const(auto))


def install():
    """Before config classes are imported, which take the names as they are."""
    for auto, names in _mappings():
        marked = _Names(names)
        marked.auto = auto
        for name in [name for name, value in vars(modeling_auto).items() if value is names]:
            setattr(modeling_auto, name, marked)


def _mappings():
    """[(name of an auto class, {model type: its class})]; of auto classes with the same ones the first."""
    seen = {}
    for auto, cls in vars(modeling_auto).items():
        mapping = getattr(cls, "_model_mapping", None) if isinstance(cls, type) and issubclass(cls, auto_factory._BaseAutoModelClass) else None
        if mapping is not None:
            seen.setdefault(id(mapping), (auto, mapping._model_mapping))
    return list(seen.values())


@functools.cache
def autos_of(model_type):
    """The auto classes that there are for a model type."""
    return frozenset(auto for auto, names in _mappings() if model_type in names)


def stand_in(auto_class):
    """A config from which the auto class builds a model, or None."""
    return next((CONFIG_MAPPING[model_type]() for model_type in ANY_TYPES if model_type in auto_class._model_mapping._model_mapping), None)


install()
