# SPDX-License-Identifier: Apache-2.0
"""The model types of transformers, their auto classes and all their model classes."""
import inspect
import pathlib
import sys

import transformers
from transformers import PreTrainedModel
from transformers.models.auto import modeling_auto
from transformers.models.auto.configuration_auto import CONFIG_MAPPING, CONFIG_MAPPING_NAMES

# Those that AutoModel builds, then those that only stand inside them or have other auto classes.
TYPES = sorted(CONFIG_MAPPING_NAMES, key=lambda name: (name not in modeling_auto.MODEL_MAPPING_NAMES, name))


def auto_classes(model_type):
    """{"AutoModelForCausalLM": "LlamaForCausalLM", ...} as the library finds them; a list where the config's `architectures` chooses.

    Some are listed and yet not found: by the config's class the library comes to another type, or the model's class is not public.
    """
    out, config_class = {}, CONFIG_MAPPING[model_type] if model_type in CONFIG_MAPPING else None
    for name in dir(transformers):
        auto = getattr(transformers, name) if name.startswith(("AutoModel", "AutoBackbone")) else None
        mapping = getattr(auto, "_model_mapping", None)
        if mapping is None or config_class not in mapping:
            continue
        found = mapping._model_mapping.get(model_type)
        try:
            mapping[config_class]
        except ValueError:
            continue
        if found:
            out[name] = list(found) if isinstance(found, (list, tuple)) else found
    return out


def model_classes(model_type, config_class, auto):
    """Every model class whose config is this one: those of the auto mappings and all others of the same modules."""
    classes, files = {}, set()
    for name in each(auto.values()):
        cls = getattr(transformers, name, None)
        if cls is not None:
            classes[name] = cls
            files.add(cls.__module__)
    package = config_class.__module__.rpartition(".")[0]
    files |= {f"{package}.{file.stem}" for file in pathlib.Path(inspect.getfile(config_class)).parent.glob("modeling_*.py")}
    for file in sorted(files):
        try:
            __import__(file)
        except ImportError:
            continue
        for name, cls in vars(sys.modules[file]).items():
            if inspect.isclass(cls) and issubclass(cls, PreTrainedModel) and cls.__module__ == file and cls.config_class is config_class \
                    and "__init__" in _own_inits(cls):
                classes.setdefault(name, cls)
    return classes


def switches(cls):
    """The other value of the switches with which models of other types build a class of this one."""
    parameters = inspect.signature(cls.__init__).parameters.values()
    return [(p.name, not p.default) for p in parameters if isinstance(p.default, bool) and p.name in ("add_pooling_layer", "remove_vision_encoder")]


def each(names):
    for name in names:
        yield from name if isinstance(name, list) else [name]


def _own_inits(cls):
    return {"__init__"} if cls.__init__ is not PreTrainedModel.__init__ else set()


def type_name(config_class):
    """The name of a config class's blueprint: its model type, or its own name where it has none."""
    return config_class.model_type or config_class.__name__


def unregistered(config_class):
    """The classes of nested configs, however deep, that AutoConfig does not know and that so have no name to ask for them by."""
    for spec in (getattr(config_class, "sub_configs_defaults", None) or {}).values():
        inner = spec.config_class
        if not issubclass(inner, transformers.PreTrainedConfig) or inner is transformers.PreTrainedConfig:
            continue
        if inner.model_type not in CONFIG_MAPPING_NAMES:
            yield inner
            yield from unregistered(inner)
