# SPDX-License-Identifier: Apache-2.0
"""What timm knows of an architecture when it is asked for by its name alone, as transformers does.

`weights`: what its registry says of the weights under each tag, which takes the place of a config.json's `pretrained_cfg`.
`features`: which of the model's modules stand in what `features_only=True` makes of it.
"""
import torch

from . import timm_trace as T
import timm
from timm.models._registry import _model_with_tags, _module_to_deprecated_models, get_pretrained_cfg

from . import expr as E
from .reference import NotCovered, expected
from .share_check import PartBuilder
from .trace import Trace


def add_known(blueprint):
    """Puts both into the blueprint of a family, of all architectures where they can be verified."""
    old = {k: v for k, v in _module_to_deprecated_models.get(blueprint["model_type"], {}).items() if v}
    weights, features = {}, {}
    for name in blueprint["classes"]:
        groups = _weights(old.get(name, name))
        if _agrees(blueprint, name, groups):
            weights[name] = groups
        try:
            found = _features(name)
        except Exception:  # not every model has features, and the library fails in many ways
            continue
        if found:
            features.setdefault(repr(found), (found, []))[1].append(name)
    verified = blueprint.pop("verified")
    for key in ("weights", "features"):
        blueprint.pop(key, None)
    blueprint["weights"] = weights
    if features:
        blueprint["features"] = [{"of": names, **found} for found, names in features.values()]
    blueprint["verified"] = verified


def _weights(name):
    """[{"tags": [...], what differs from a plain description}]: of architectures without a tag the only tag is ""."""
    groups = {}
    architecture = name.split(".")[0]
    tags = {"": name} | {tagged.split(".", 1)[1]: tagged for tagged in _model_with_tags.get(architecture, ()) if "." in tagged}
    for tag, registered in tags.items():
        try:
            cfg = get_pretrained_cfg(registered)
        except RuntimeError:  # an old name of weights that are no more
            continue
        said = {} if cfg is None else {"num_classes": cfg.num_classes, "input_size": list(cfg.input_size), "fixed_input_size": cfg.fixed_input_size}
        if said.get("num_classes") in (None, 1000):
            said.pop("num_classes", None)
        if not said.get("fixed_input_size"):
            said.pop("fixed_input_size", None)
            if said.get("input_size", [3])[0] == 3:
                said.pop("input_size", None)
        groups.setdefault(repr(said), {"tags": [], **said})["tags"].append(tag)
    return list(groups.values())


def _agrees(blueprint, name, groups):
    """Whether the class under these descriptions is what the library makes of the name, with its own classes and without."""
    usual = next((g for g in groups if "" in g["tags"]), None)
    if usual is None:
        return False
    said = {k: v for k, v in usual.items() if k != "tags"}
    body = blueprint["classes"][name]
    body = blueprint["classes"][body["model"]] if "model" in body else body
    for arguments in ({}, {"num_classes": 0}):
        try:
            model = _make(name, **arguments)
        except Exception:
            continue
        scope = _attributes(blueprint["config"], {"architecture": name, "pretrained_cfg": said, "model_args": arguments})
        builder = PartBuilder(scope, blueprint["parts"])
        try:
            builder.node(body, "", {})
        except NotCovered:
            continue
        if builder.tensors != expected(Trace().tree(model))[0]:
            return False
    return True


def _attributes(config, given):
    inputs = E.Scope({**config["defaults"], **given, "config_json": given})
    return E.Scope({**inputs, **{name: E.evaluate(source, inputs) for name, source in config["derived"].items()}})


def _make(name, **arguments):
    T.prepare()
    with torch.device("meta"):
        return timm.create_model(name, **arguments)


def _features(name):
    """{"class", "children", "ends", "channels", "default"}, or None where the modules are not simply the model's first ones.

    children: paths in the model, in order; a module of a container stands under the name `container_module`. ends: of each
    feature, how many of them lead to it. channels: how many each has. default: the features that are taken where none are
    asked for.
    """
    usual = _make(name, features_only=True)
    plain = _make(name)
    if any(_place(plain, child) is None for child in usual._modules):
        return None
    count = len(usual.feature_info.info)
    singles = []
    for k in range(count):
        try:
            singles.append(_make(name, features_only=True, out_indices=[k]))
        except Exception:
            break  # the last ones may only be there for other arguments
    if not singles:
        return None
    count = len(singles)
    longest = max([usual, *singles], key=lambda model: len(model._modules))
    children = [_place(plain, child) for child in longest._modules]
    ends = [len(single._modules) for single in singles]
    default = list(usual.feature_info.out_indices)
    if None in children or max(default) >= count:
        return None
    channels = [usual.feature_info.info[k]["num_chs"] for k in range(count)]
    found = {"class": type(usual).__name__, "children": children, "ends": ends, "channels": channels, "default": default}
    if any(_shown(model) != _cut(plain, found, indices) for model, indices in [(usual, None), *((single, [k]) for k, single in enumerate(singles))]):
        return None
    for arguments, indices in (({"num_classes": 0}, [-1]), ({"in_chans": 5}, [0, count - 1])):
        try:
            plain = _make(name, **arguments)
        except Exception:
            continue  # nor is it described under these
        features = _make(name, features_only=True, out_indices=indices, **arguments)
        if _shown(features) != _cut(plain, found, indices) or features.feature_info.channels() != [channels[k] for k in indices]:
            return None
    return found


def _place(model, name):
    """The path of the module that stands under this name among the features."""
    if name in model._modules:
        return name
    return next((f"{a}.{b}" for a, child in model._modules.items() if isinstance(child, torch.nn.Sequential) for b in child._modules if f"{a}_{b}" == name), None)


def _cut(model, found, indices):
    last = max(found["ends"][k] for k in (found["default"] if indices is None else indices))
    return found["class"], {}, {path.replace(".", "_"): _shown(model.get_submodule(path)) for path in found["children"][:last]}


def _shown(module):
    """All that is in a module, to be compared."""
    tensors = {name: (kind, tuple(t.shape), t.dtype, name in module._non_persistent_buffers_set)
               for kind, group in (("parameter", module._parameters), ("buffer", module._buffers)) for name, t in group.items() if t is not None}  # fmt: skip
    return type(module).__name__, tensors, {name: _shown(child) for name, child in module._modules.items() if child is not None}
