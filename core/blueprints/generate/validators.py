# SPDX-License-Identifier: Apache-2.0
"""What the validators of a config class refuse, found by trying: they ask in loops and by calling each other, where tracing a refusal finds no single reason."""
import inspect
import re
import sys

from huggingface_hub.errors import StrictDataclassClassValidationError
from transformers import PreTrainedConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

from .fields import fields


def lists_of_layers(config_class, known, ruled):
    """[refusal] where a list with an item for each layer has another number of them. known: the fields in a blueprint; ruled: those of which the class makes something else."""
    names, usual, out = fields(config_class), _made(config_class), []
    layers = config_class.attribute_map.get("num_hidden_layers", "num_hidden_layers")
    count = names.get(layers)
    for name in (config_class.attribute_map.get(name, name) for name in ("layer_types", "mlp_layer_types")):
        if usual is None or name not in names or type(count) is not int or not {name, layers} <= known.keys() or layers in ruled:
            continue
        items = list(usual.__dict__.get(name) or ["full_attention"] * count)
        more, fewer = [*items, *items[-1:]], items[:-1]
        if len(items) != count or not count or _refuses(config_class, **{name: items}) or _refuses(config_class, **{name: more, layers: count + 1}):
            continue
        too_many, too_few = _refuses(config_class, **{name: more}), _refuses(config_class, **{name: fewer})
        if too_many or too_few:
            good, bad = ("==", "!=") if too_many and too_few else ("<=", ">") if too_many else (">=", "<")
            out.append({"when": f"{name} is not None and len({name}) {bad} {layers}", "text": f"{config_class.__name__} needs len({name}) {good} {layers}."})
        if names[name] is None and _refuses(config_class, **{layers: count + 1}) and _refuses(config_class, **{layers: count - 1}):  # whose list is one and the same
            out.append({"when": f"{name} is None and {layers} != {count}", "text": f"{config_class.__name__} needs {name} for other {layers} than {count}."})
    return out


def computed(config_class):
    """[refusal] where a file sets what the class computes."""
    usual, out = _made(config_class), []
    for name in sorted(set(dir(config_class)) - set(dir(PreTrainedConfig)) - set(fields(config_class))):
        if usual is None or not isinstance(inspect.getattr_static(config_class, name), property):
            continue
        try:
            config_class(**{name: getattr(usual, name, None)})
        except (AttributeError, NotImplementedError):  # it has no setter, or one that says so
            out.append({"when": f"'{name}' in config_json", "text": f"{config_class.__name__} computes {name}, which a file may not set."})
        except Exception:
            continue
    return out


KEYS = {"factor": 2.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64, "attention_factor": 1.0, "beta_fast": 32.0, "beta_slow": 1.0,
        "short_mscale": 1.0, "long_mscale": 1.0}  # fmt: skip
UNKNOWN = "no_such_type"


def rope_types(config_class):
    """{type of rotary embedding: the keys that a file must have beside it}, of a flat object. Types that neither class nor library know are not there."""
    usual = _made(config_class)
    if "rope_parameters" not in fields(config_class) or usual is None:
        return {}
    modules = {cls.__module__ for cls in config_class.__mro__ if cls is not PreTrainedConfig and issubclass(cls, PreTrainedConfig)}
    words = {word for module in modules for word in re.findall(r"[\"'](\w+)[\"']", inspect.getsource(sys.modules[module]))}
    for_each = [1.0] * (_rotated(usual) // 2)
    keys = {**KEYS, "short_factor": for_each, "long_factor": for_each}
    if _knows(config_class, UNKNOWN, keys):  # nothing is made of it
        return {}
    known = [word for word in sorted({"default", *ROPE_INIT_FUNCTIONS, *words}) if _knows(config_class, word, keys)]
    return {word: [key for key in keys if not _knows(config_class, word, {k: v for k, v in keys.items() if k != key})] for word in known}


def _rotated(config):
    """How many numbers of a head are rotated."""
    width, heads, size = (config.__dict__.get(config.attribute_map.get(name, name)) for name in ("hidden_size", "num_attention_heads", "head_dim"))
    share = (config.rope_parameters or {}).get("partial_rotary_factor") or 1
    return int((size or (width // heads if type(width) is type(heads) is int and heads else 0)) * share)


def _knows(config_class, word, keys):
    """Whether a class takes these keys, and the library has a function for the type that it makes of the word."""
    found = [_made(config_class, **{name: {"rope_type": word, **keys}}) for name in ("rope_scaling", "rope_parameters")]
    return all(config is not None and _words(config.rope_parameters) <= {"default", config_class.default_rope_type, *ROPE_INIT_FUNCTIONS} for config in found)


def _words(parameters):
    """The types in an object, or in those within, as where layers are of several kinds."""
    within = [value for value in parameters.values() if isinstance(value, dict)]
    return {one.get("rope_type") for one in within or [parameters]}


def _made(config_class, **arguments):
    try:
        return config_class(**arguments)
    except Exception:
        return None


def _refuses(config_class, **arguments):
    try:
        config_class(**arguments)
    except Exception as error:
        return isinstance(error, StrictDataclassClassValidationError)
    return False
