# SPDX-License-Identifier: Apache-2.0
"""What a config class declares: its fields, their types and defaults, and the keys that only old files have."""
import collections.abc
import dataclasses
import inspect
import re
import sys
import types
import typing

from transformers import PreTrainedConfig

# never part of a shape: leaving them out keeps blueprints short; the probabilities of masks in speech decide whether there is a vector for them
IRRELEVANT = re.compile(
    r"token_id$|token_ids$|(?<!mask)(?<!cls)_token$|dropout|initializer|init_std|layer_norm_eps|rms_norm_eps|^use_cache$|^output_(attentions|hidden_states|router_logits|scores)$|^return_dict|torchscript|"
    r"^dtype$|transformers_version|^architectures$|label2id|problem_type|chunk_size_feed_forward|token_index$|(?<!mask_time)(?<!mask_feature)_prob$|^scale_embedding$|"
    r"early_stopping|num_beams|length_penalty|logits_processor|aux_loss_coef|keys_to_ignore|begin_suppress|^suppress_"
)


def json_like(value):
    """The value as a file would hold it: lists for tuples, words for keys; None for what no file can hold."""
    if isinstance(value, (list, tuple)):
        return [json_like(v) for v in value]
    if isinstance(value, dict):
        return {str(k): json_like(v) for k, v in value.items()}
    return value if isinstance(value, (bool, int, float, str, type(None))) else None


def fields(config_class):
    """{name: default} of the declared fields."""
    out = {}
    for f in dataclasses.fields(config_class):
        if f.default is not dataclasses.MISSING:
            out[f.name] = f.default
        elif f.default_factory is not dataclasses.MISSING:
            out[f.name] = f.default_factory()
        else:
            out[f.name] = None
    return out


def types_of(config_class):
    """{name: {"int", "None", ...}}; a field whose type cannot be told is left out."""
    out = {}
    for f in dataclasses.fields(config_class):
        kinds = _kinds(f.type)
        if kinds:
            out[f.name] = kinds
    return out


def _kinds(annotation):
    if annotation is None or annotation is type(None):
        return {"None"}
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        found = [_kinds(a) for a in typing.get_args(annotation)]
        return set().union(*found) if all(found) else set()
    if origin is typing.Literal:
        return {type(a).__name__ for a in typing.get_args(annotation)}
    if origin is typing.Annotated:
        return _kinds(typing.get_args(annotation)[0])
    base = origin or annotation
    if base in (list, tuple):
        return {"list"}
    if base in (int, float, str, bool):
        return {base.__name__}
    if base is dict or typing.is_typeddict(base):
        return {"dict"}
    if isinstance(base, type) and issubclass(base, PreTrainedConfig):
        return {"dict"}
    return set()


def type_rules(config_class):
    """{what the library takes, as "None|int" or "list[float|int]": names of fields}. It checks all fields, whether a size reads them or not, but those whose type it has as a text."""
    out = {}
    for f in dataclasses.fields(config_class):
        rule = _rule(f.type)
        if rule is not None:
            out.setdefault(rule, []).append(f.name)
    return {rule: sorted(out[rule]) for rule in sorted(out)}


NEVER_IN_FILES = "tuple"


def _rule(annotation):
    """What a file may have where the library asks for such a value; None where it may have anything. There are no tuples and no objects of classes in files."""
    if annotation is None or annotation is type(None):
        return "None"
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is typing.Any or isinstance(annotation, (str, typing.ForwardRef)):
        return None
    if origin in (typing.Union, types.UnionType):
        found = [_rule(a) for a in arguments]
        return None if None in found else "|".join(sorted({r for rule in found for r in _alternatives(rule)} - {NEVER_IN_FILES})) or NEVER_IN_FILES
    if origin is typing.Literal:
        return "|".join(sorted(repr(a) for a in arguments))
    if origin is typing.Annotated:
        return _rule(arguments[0])
    base = origin or annotation
    if base in (list, collections.abc.Sequence):
        item = _rule(arguments[0]) if arguments else None
        return "list" if item is None else f"list[{item}]"
    if base is dict:
        key, value = (_rule(a) for a in arguments) if arguments else (None, None)
        return "dict" if key in (None, "str") and value is None else f"dict[{key or 'str'}, {value or 'any'}]"
    return base.__name__ if base in (int, float, str, bool) else NEVER_IN_FILES


def _alternatives(rule):
    """The parts of a rule that "|" joins, not those within brackets."""
    return re.findall(r"(?:[^|\[]|\[(?:[^\[\]]|\[[^\]]*\])*\])+", rule)


def settable(config_class):
    """The properties of the class through which a file sets something else, as an attribute of a nested config."""
    own = set(dir(config_class)) - set(dir(PreTrainedConfig))
    return {name for name in own if isinstance(getattr(config_class, name), property) and getattr(config_class, name).fset is not None}


_POPPED = re.compile(r"""kwargs\.(?:pop|get|setdefault)\(\s*["'](\w+)["']""")
_ASKED = re.compile(r"""["'](\w+)["'] (?:not )?in kwargs""")
_PASSED_ON = re.compile(r"(\w+)\((?:[^()]|\([^()]*\))*\*\*kwargs")


_COMPOSED = re.compile(r"""kwargs\.(?:pop|get)\(\s*f["'](\w*)\{\w+\}(\w*)["']""")


def _is_taken(config_class, key, value):
    """Whether the class makes something else of a key that has such a value: others become attributes as they are."""
    try:
        return key not in config_class(**{key: 3 if value is None else value}).__dict__
    except Exception:  # it is looked at
        return True


def legacy_keys(config_class):
    """Keys that the class takes from its file although they are no fields."""
    keys = set()
    for cls in config_class.__mro__:
        if cls in (PreTrainedConfig, object) or not issubclass(cls, PreTrainedConfig):
            continue
        source = inspect.getsource(cls)
        helpers = [getattr(sys.modules[cls.__module__], name, None) for name in _PASSED_ON.findall(source)]
        source += "".join(inspect.getsource(helper) for helper in helpers if inspect.isfunction(helper))
        keys |= set(_POPPED.findall(source)) | set(_ASKED.findall(source))
        for before, after in _COMPOSED.findall(source):
            keys |= {f"{before}{name}{after}" for name, value in fields(config_class).items() if _is_taken(config_class, f"{before}{name}{after}", value)}
    keys |= settable(config_class)
    if "rope_parameters" in fields(config_class):
        keys |= {"rope_scaling", "rope_theta", "partial_rotary_factor"}
    return sorted(k for k in keys - set(fields(config_class)) if not IRRELEVANT.search(k) and k not in ("torch_dtype", "attn_implementation"))


def legacy_kinds(key):
    """The kinds of values, as types_of() has them of fields, that such a key is tried with."""
    if key in ("rope_scaling", "per_layer_config") or key.endswith(("_dict", "_config")):
        return {"dict", "None"}
    if key in ("rope_theta", "partial_rotary_factor", "rotary_pct"):
        return {"float", "None"}
    if key in ("out_features", "out_indices"):
        return {"list", "None"}
    if key == "backbone":
        return {"str", "None"}
    if key.startswith(("use_", "is_", "has_")):
        return {"bool", "None"}
    return {"int", "list", "None"}
