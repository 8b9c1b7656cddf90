# SPDX-License-Identifier: Apache-2.0
"""Attributes that may differ from layer to layer (`per_layer_config`), as one list per attribute.

The library keeps {layer: {attribute: value}} for the layers that differ. In blueprints `per_layer_head_dim[i]` is the head_dim of layer i.
"""
import copy

from transformers.integrations.heterogeneity import configuration_utils

from . import expr as E
from . import symbols as S

PREFIX = "per_layer_"
BY_KIND = configuration_utils._PerLayerConfigView.__getitem__.__code__  # looks up the values of a kind of layers, and refuses where they differ within it


_names = {}  # config class -> attributes that were seen to differ


def discover(config_class, defaults, keys):
    """Notes the attributes that configs of this class may set per layer: `keys` are tried alone and beside each switch of `defaults`."""
    found = set()
    for switch in [None, *(k for k, v in defaults.items() if isinstance(v, bool))]:
        for key in [None, *keys]:
            try:
                config = config_class(**({switch: not defaults[switch]} if switch else {}), **({key: 3} if key else {}))
            except Exception:
                continue
            if "_heterogeneity_spec" not in config.__dict__ and not found:
                return
            for values in config.__dict__["_heterogeneity_spec"].per_layer_overrides.values():
                found |= set(values)
    _names[config_class] = sorted(found - {"skip"})


def without_weight(config_class, wanted):
    """The attributes that differ from layer to layer though no class reads them for a shape: none of `wanted` is a list of theirs."""
    return [name for name in _names.get(config_class, ()) if PREFIX + name not in wanted]


def lists(config):
    """{"per_layer_head_dim": [a value per layer]} of a resolved config."""
    names = _names.get(type(config), ())
    if not names:
        return {}
    spec = config.__dict__.get("_heterogeneity_spec")
    overrides = spec.per_layer_overrides if spec is not None else {}
    layers = range(S.plain(config.__dict__["num_hidden_layers"]))
    return {PREFIX + name: [overrides.get(i, {}).get(name, config.__dict__.get(name)) for i in layers] for name in names}


def questions(name, results, derived):
    """Of what kind layer i is, as the class settles it: what its list of such an attribute depends on, though it compares plain words. None for other attributes."""
    if not name.startswith(PREFIX):
        return []
    kinds = sorted({word for _, (_, _, config) in results for word in S.plain(config.__dict__.get("layer_types")) or ()})
    settled = derived.get("layer_types", ("name", "layer_types"))
    return [("cmp", "==", ("item", settled, ("var", "i")), E.const(kind)) for kind in kinds]


def kinds_on_the_way(path, derived):
    """Whether there are layers of the kinds that a path into an object names, as the class settles it: it goes over a set of its layers' kinds."""
    settled = derived.get("layer_types", ("name", "layer_types"))
    return [("cmp", "in", E.const(key), settled) for key in path.split(".")[1:-1]]


def alike_within_kinds(examples):
    """That layers of one kind have one value, of each attribute of which the library compares the values of layers of a kind.

    Not where it accepted others: it then compares them for some settings only, and what it refuses needs no answer.
    """
    compared = set().union(*(_compared(example.trace) for example in examples))
    different = "len([x for x in range(len({1})) if {0}[x] != {0}[index({1}, {1}[x])]]) == 0"
    alike = [different.format(name, name[: name.index(PREFIX)] + "layer_types") for name in sorted(compared)]
    return [condition for condition in alike if all(example.value(condition) is not False for example in examples)]


def _compared(trace):
    """The lists with a value for each layer of which the library compared the values of layers of a kind."""
    asked = {repr(expression): expression for code, expression in trace.passed_over if code is BY_KIND}
    return {name for expression in asked.values() if expression[:2] in (("cmp", "=="), ("cmp", "!=")) for name in E.names(expression) if name.rpartition(".")[2].startswith(PREFIX)}


class _Overrides:
    """What the library reads: the values of one layer."""

    def __init__(self, values):
        self.values_of = values  # attribute -> SymList

    def get(self, layer, default=None):
        return {name: values[layer] for name, values in self.values_of.items() if S.plain(layer) < len(values)}


def remember(config, scope, prefix=""):
    """Gives a config, which sits at `prefix`, the lists of `scope` as its per-layer values; it may then be asked for its global ones too."""
    found = {key.removeprefix(PREFIX): S.wrap(list(value), ("name", prefix + key)) for key, value in scope.items() if key.startswith(PREFIX)}
    if found:
        spec = copy.copy(config.__dict__["_heterogeneity_spec"])
        spec.per_layer_overrides, spec.per_layer_attributes = _Overrides(found), set()
        config.__dict__["_heterogeneity_spec"] = spec


def given(name, otherwise):
    """The list over the inputs: as the file says it, or the expression for files that do not."""
    own = f"[per_layer_config[k]['{name}'] for k in list(per_layer_config) if int(k) == x and '{name}' in per_layer_config[k]]"
    return f"[({own} + [{name}])[0] for x in range(num_hidden_layers)] if per_layer_config else {otherwise}"
