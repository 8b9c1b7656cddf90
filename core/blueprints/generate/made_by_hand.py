# SPDX-License-Identifier: Apache-2.0
"""Nested configs that a config class makes in its own code, where most only declare them."""
from transformers.configuration_utils import SubConfigSpec

from . import symbols as S

_declared = set()


def declare(config_class, trace_type):
    """Writes down what such a class makes of every config as if it had declared it, and lets a `trace_type` know when one is made."""
    by_hand = vars(config_class).get("sub_configs")
    if config_class in _declared or not isinstance(by_hand, dict) or len(set(by_hand.values())) < len(by_hand):
        return
    _declared.add(config_class)
    usual = config_class()
    if any(type(getattr(usual, key, None)) is not inner for key, inner in by_hand.items()):
        return
    config_class.sub_configs_defaults = {key: SubConfigSpec(config_class=inner) for key, inner in by_hand.items()}
    for key, spec in config_class.sub_configs_defaults.items():
        _tell(key, spec, config_class, trace_type)


def _tell(key, spec, config_class, trace_type):
    original = spec.config_class.__init__

    def __init__(self, *args, **kwargs):
        trace = S.Log.current
        if not isinstance(trace, trace_type) or trace.depth or trace.config_class is not config_class:
            return original(self, *args, **kwargs)
        S.Log.current = None  # it is resolved by its own blueprint
        try:
            original(self, *args, **{name: S.plain(value) for name, value in kwargs.items()})
        finally:
            S.Log.current = trace
        trace.note(key, spec, kwargs or None, self)

    spec.config_class.__init__ = __init__
