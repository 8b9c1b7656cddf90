# SPDX-License-Identifier: Apache-2.0
"""Stage two: a resolved config's attributes -> the modules of one model class."""
import copy
import functools
import inspect
import re

from . import loops, shapes

import huggingface_hub.dataclasses
import numpy
import scipy.linalg
import torch
import transformers
from transformers import PreTrainedConfig, PreTrainedModel, activations, backbone_utils
from transformers.models.auto import auto_factory, modeling_auto
from transformers.models.videomae import modeling_videomae

from . import expr as E
from . import kinds_of_type
from . import per_layer
from . import symbols as S
from . import timm_calls
from . import within
from .fields import IRRELEVANT, legacy_keys
from .trace import PASSED_OVER, Trace
from .whole_models import Reference

HIDDEN = {"dtype", "torch_dtype", "transformers_version", "architectures", "id2label", "label2id", "problem_type", "name_or_path",
          "return_dict", "output_hidden_states", "output_attentions"}  # fmt: skip

# asked of every config by the library itself, not by models
NEVER_GIVEN = {"quantization_config", "gradient_checkpointing", "use_return_dict", "transformers_weights", "distributed_config", "auto_map", "layer_types", "mtp_layer_types",
               "text_config", "text_encoder", "decoder", "generator"}  # fmt: skip


def prepare():
    """Make the library quiet and lazy: no weights are initialised, no field is type-checked while values remember."""
    shapes.install()
    PreTrainedModel.init_weights = lambda self: None
    for name in dir(torch.nn.init):
        if name.endswith("_") and not name.startswith("_"):
            setattr(torch.nn.init, name, lambda tensor, *args, **kwargs: tensor)
    numpy.argsort = _argsort
    # tables whose values say nothing, and take long
    scipy.linalg.dft = lambda n, *scale: numpy.empty((S.plain(n), S.plain(n)), dtype=complex)
    modeling_videomae.get_sinusoid_encoding_table = lambda places, width: torch.empty(1, places, width)
    # Values that remember are of types that no field declares.
    check_type = huggingface_hub.dataclasses.type_validator
    huggingface_hub.dataclasses.type_validator = lambda *args: None if S.Log.current is not None else check_type(*args)
    transformers.GenerationConfig.from_model_config = classmethod(lambda cls, config: cls())  # reads every field, decides nothing
    to_dict = PreTrainedConfig.to_dict.__code__
    PASSED_OVER.update({PreTrainedConfig.validate_token_ids.__code__, per_layer.BY_KIND, to_dict, *filter(inspect.iscode, to_dict.co_consts)})
    PreTrainedConfig.num_labels = property(_num_labels, _set_num_labels)
    _silence_activations()
    timm_calls.install()
    finish = PreTrainedModel.post_init

    def post_init(self):
        finish(self)
        if isinstance(S.Log.current, ModelTrace):
            S.Log.current.note_made(self)

    PreTrainedModel.post_init = post_init
    original = PreTrainedConfig.__getattribute__

    def read(self, key):
        trace = S.Log.current
        if isinstance(trace, ModelTrace):
            trace.note_read(self, key)
            if key == "model_type":
                return trace.type_of(self)
        return original(self, key)

    PreTrainedConfig.__getattribute__ = read
    backbone_utils.BackboneMixin.channels = property(_channels)
    for auto in vars(modeling_auto).values():  # each has a copy of its own
        if inspect.isclass(auto) and issubclass(auto, auto_factory._BaseAutoModelClass) and "from_config" in vars(auto):
            auto.from_config = classmethod(_from_config(vars(auto)["from_config"].__func__))


_order = numpy.argsort


def _argsort(values, **options):
    places = _order(S.plain(values), **options)
    return S.Order(places, values.whole()) if isinstance(values, S.SymList) and values.whole() is not None else places


def _channels(backbone):
    """BackboneMixin.channels. The library looks them up by name; the names and the indices of a backbone always say the same."""
    trace = S.Log.current
    if isinstance(trace, ModelTrace):
        return trace.channels_of(backbone)
    return [backbone.num_features[i] for i in backbone.out_indices]


def is_timm(scope):
    """Whether these are the attributes of a nested config that names a timm model."""
    return scope.get("model_type") in ("timm_backbone", "timm_wrapper")


def unchecked(config_class):
    """Turn off the field validators of a config class; the types go into the blueprint instead."""
    for cls in config_class.__mro__:
        if "__validators__" in cls.__dict__:
            cls.__validators__ = {}


def _num_labels(self):
    known = self.__dict__.get("_tare_num_labels")
    if known is not None:
        return known
    return len(self.id2label) if self.id2label is not None else None


_plain_set_num_labels = PreTrainedConfig.num_labels.fset


def _set_num_labels(self, value):
    self.__dict__.pop("_tare_num_labels", None)  # a class that insists on a number of its own
    _plain_set_num_labels(self, S.plain(value))


def _silence_activations():
    """Looking an activation up by name is no decision about shapes: the module remembers the name, unless it has weights."""
    original, contains = activations.ClassInstantier.__getitem__, activations.ClassInstantier.__contains__
    activations.ClassInstantier.__getitem__ = lambda self, key: _remembers_name(original(self, S.plain(key)), key)
    activations.ClassInstantier.__contains__ = lambda self, key: contains(self, S.plain(key))
    activations.ACT2CLS = _Activations(activations.ACT2CLS)


def _remembers_name(module, name):
    trace = S.Log.current
    if isinstance(trace, ModelTrace) and isinstance(name, S.SymStr):
        if any(True for _ in module.parameters()) or any(True for _ in module.buffers()):
            name == S.plain(name)  # noqa: B015  (asked, so that it becomes a condition)
        else:
            trace.activations[id(module)] = name
    return module


class _Activations(dict):
    """The library's table of the classes of activations."""

    def __getitem__(self, name):
        cls = super().__getitem__(S.plain(name))
        return (lambda *args, **kwargs: _remembers_name(cls(*args, **kwargs), name)) if isinstance(name, S.SymStr) and isinstance(cls, type) else cls


def _from_config(original):
    def from_config(cls, config, **kwargs):
        trace = S.Log.current
        path = trace.path_of(config) if isinstance(trace, ModelTrace) else None  # as it is now: a constructor may note something in it
        if path is not None and path in trace.open and type(config) not in cls._model_mapping:
            config = kinds_of_type.stand_in(cls) or config  # there is no such class for the type that was seen; others have one
        model = original(cls, config, **kwargs)
        if isinstance(trace, ModelTrace):
            named = _shaping(kwargs).keys() <= inspect.signature(type(model).__init__).parameters.keys()  # others go on to another library
            if named and path is not None and id(model) in trace.births and (path in trace.open or trace.births[id(model)][4] is None):  # one class for configs of several types
                trace.mark_reference(model, Reference(with_arguments(cls.__name__, _shaping(kwargs)), path))
        return model

    return from_config


def _shaping(kwargs):
    return {k: v for k, v in kwargs.items() if k not in ("attn_implementation", "dtype", "torch_dtype", "trust_remote_code", "experts_implementation")}


def with_arguments(name, kwargs):
    """How a class with constructor arguments beside its config is called in a blueprint: BertModel(add_pooling_layer=False)."""
    return f"{name}({', '.join(f'{k}={v!r}' for k, v in sorted(kwargs.items()))})" if kwargs else name


class ModelTrace(Trace):
    def __init__(self, config):
        super().__init__(self._reference)
        self.paths = {id(c): path for path, c in config_objects(config)}
        self.states = {path: _state(c) for path, c in config_objects(config)}
        self.open = {f"{path}.{key}" if path else key for path, c in config_objects(config) for key in open_types(type(c))}  # paths of configs of any type
        self.reads = {}  # dotted path -> {ids of the models within whose constructors ran when it was read}; the one read last at the end
        self.channels = {}  # path of a config of any type -> the numbers of channels that its backbone hands out
        self.own_channels = None  # those of the model itself, if it is a backbone
        for path, c in list(config_objects(config)):
            c.__dict__["_tare_path"] = path

    def channels_of(self, backbone):
        """What a backbone hands out. Of one of any type it is known to the model around it as channels(backbone_config): each has a rule of its own."""
        self.within.append(backbone)  # it is the backbone that reads its config for them
        found = loops.listed([backbone.num_features[i] for i in loops.loop(backbone.out_indices, "channels")], "channels")
        self.within.pop()
        reference = self.births[id(backbone)][4]
        if reference is None or reference.config not in self.open or backbone in self.within:
            return found
        self.channels[reference.config] = found
        return S.wrap(S.plain(found), ("call", "channels", ("name", reference.config)))

    def note_read(self, config, key):
        path = object.__getattribute__(config, "__dict__").get("_tare_path")  # copies of a config carry it along
        if path is not None and not is_private(config, key):
            mapped = type(config).attribute_map.get(key, key) if key != "attribute_map" else key
            name = f"{path}.{mapped}" if path else mapped
            readers = self.reads.pop(name, set())
            readers.add(frozenset(map(id, self.within)))
            self.reads[name] = readers

    def type_of(self, config):
        """The model type of a config, as it is asked for by the model itself."""
        path = object.__getattribute__(config, "__dict__").get("_tare_path")
        return kinds_of_type.TypeName(type(config).model_type, ("name", f"{path}.model_type")) if path in self.open and not self.within else type(config).model_type

    def path_of(self, config):
        """Where a config object sits under the root's, if nobody has changed it since the start; "" is the root."""
        path = self.paths.get(id(config))
        if path is None or _state(config) != self.states[path]:
            return None
        return path

    def _reference(self, cls, args, kwargs):
        if not issubclass(cls, PreTrainedModel):
            return None
        try:
            bound = inspect.signature(cls.__init__).bind(None, *args, **kwargs).arguments
        except TypeError:
            return None
        names = list(bound)
        config = bound.get("config", args[0] if args else None)
        if not isinstance(config, PreTrainedConfig) or cls.config_class is not type(config) or self.path_of(config) is None:
            return None
        rest = {}
        for name in names[1:]:
            value = bound[name]
            if name == "config" or value is config:
                continue
            parameter = inspect.signature(cls.__init__).parameters[name]
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                if value:
                    return None
                continue
            if value == parameter.default and not isinstance(value, S.Sym):
                continue
            if isinstance(value, S.Sym) or not isinstance(value, (int, float, str, bool, type(None))):
                return None
            rest[name] = value
        return Reference(with_arguments(cls.__name__, _shaping(rest)), self.path_of(config))


def config_objects(config, path=""):
    """(dotted path, config) of a config and all nested in it; "" is its own path."""
    yield path, config
    for key, value in config.__dict__.items():
        if isinstance(value, PreTrainedConfig):
            yield from config_objects(value, f"{path}.{key}" if path else key)


def open_types(config_class):
    """The keys of the nested configs that may be of any type."""
    specs = getattr(config_class, "sub_configs_defaults", None) or {}
    return [key for key, spec in specs.items() if not issubclass(spec.config_class, PreTrainedConfig)]


def is_private(config, key):
    """The library's own bookkeeping; a field of the class, or what it notes about one, may begin with an underscore too."""
    if not key.startswith("_") or key in type(config).__dataclass_fields__:
        return False
    return key not in object.__getattribute__(config, "__dict__") or bool(_BOOKKEEPING.match(key))


_BOOKKEEPING = re.compile("_(name_or_path|output_attentions|attn_|experts_|post_init_done|commit_hash|auto_class|heterogen|pad_token_id|tare_)|__")


def _state(config):
    return {k: id(v) for k, v in config.__dict__.items() if not is_private(config, k) and k not in HIDDEN}


def scope_of(config):
    """The plain attributes of a config object."""
    scope = E.Scope()
    scope.auto_classes = kinds_of_type.autos_of(type(config).model_type)
    for key, value in config.__dict__.items():
        if is_private(config, key) or key in HIDDEN:
            continue
        if isinstance(value, PreTrainedConfig):
            scope[key] = scope_of(value)
        elif isinstance(value, (bool, int, float, str, list, tuple, dict, type(None))):
            scope[key] = _listed(value)
    scope.update({key: _listed(value) for key, value in per_layer.lists(config).items()})
    scope["model_type"] = type(config).model_type
    scope.setdefault("num_labels", config.num_labels if config.id2label is not None else 2)  # one class has it as a plain field
    return scope


def _declares(config, name):
    return config._hasattr_without_heterogeneous_validation(name)


def unknown_reads(reads, config):
    """Names that the model asks of a config which does not declare them: `getattr(config, "head_dim", None)`."""
    undeclared = (name for name in reads if "." not in name and not _declares(config, name) and _may_matter(name))
    return {name for name in undeclared if _keeps(type(config), name)}


def unknown_within(reads, config, paths):
    """Dotted names that the model asks of the nested configs at these paths, which may be of any type, and that the type which was seen does not know."""
    objects, out = dict(config_objects(config)), set()
    for read in reads:
        path, _, name = read.rpartition(".")
        if path in paths and path in objects and not knows(objects[path], name) and _may_matter(name) and name != "tie_word_embeddings":
            out.add(read)
    return out


def _may_matter(name):
    """Whether a name that is asked of a config may be about sizes, and something that a file says."""
    return name not in HIDDEN | NEVER_GIVEN and not IRRELEVANT.search(name)


def knows(config, name):
    """Whether a file of a config of this type may say something under the name."""
    return _declares(config, name) or name in legacy_keys(type(config))


@functools.cache
def _keeps(config_class, name):
    """Whether a config has an attribute of this name where its file says one; some names the class takes and puts into another place."""
    accepted = []
    for value in (8, 0.5, True, "word"):
        try:
            accepted.append(config_class(**{name: value}))
        except Exception:  # the library refuses it
            continue
    return not accepted or any(name in config.__dict__ for config in accepted)


def _listed(value):
    if isinstance(value, (list, tuple)):
        return [_listed(x) for x in value]
    if isinstance(value, dict):
        return {k: _listed(v) for k, v in value.items()}
    return copy.copy(value)


def remember(config, scope, prefix=""):
    """Write the scope's values into a config object as values that remember their names."""
    per_layer.remember(config, scope, prefix)
    for key, value in scope.items():
        if key == "model_type" or key.startswith(per_layer.PREFIX) and key not in config.__dict__:
            continue
        name = ("name", prefix + key)
        if key == "num_labels" and key not in config.__dict__:
            config.__dict__["_tare_num_labels"] = S.wrap(value, name)
        elif isinstance(value, E.Scope):
            remember(config.__dict__[key], value, prefix + key + ".")
        elif value is None and key not in config.__dict__:
            continue  # a field that only the model knows; not given
        else:
            config.__dict__[key] = S.wrap(copy.deepcopy(value), name)
    return config


def build(cls, config, **arguments):
    """The model under the recording of shapes."""
    with shapes.Shapes():
        if hasattr(cls, "_model_mapping"):
            return cls.from_config(config, **arguments)
        return cls._from_config(config, **arguments)


def runner(cls, default_config, arguments=None):
    """run(env) for the explorer: traces `cls` on the attributes in env. The last answer is kept, because the first config is asked for several times."""
    last = []

    def run(env):
        if not last or last[0] != repr(env):
            last[:] = repr(env), trace_of(env)
        return last[1]

    def trace_of(env):
        config = remember(copy.deepcopy(default_config), env)
        config.dtype = torch.float32
        with ModelTrace(config) as trace:
            model = build(cls, config, **(arguments or {}))
            if isinstance(model, backbone_utils.BackboneMixin) and not trace.calls:  # timm's own blueprints tell what its models hand out
                trace.own_channels = trace.channels_of(model)
        root = trace.tree(model)
        root.reference = None if root.cls == cls.__name__ else root.reference
        return within.seen(trace, root, model)

    return run
