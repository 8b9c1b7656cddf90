# SPDX-License-Identifier: Apache-2.0
"""One timm architecture, built on values that remember the few arguments a config.json can set."""
import random
import sys
import warnings

import timm
import torch
from timm.models import _builder
from timm.models._registry import get_pretrained_cfg, model_entrypoint

from . import expr as E
from . import shapes
from . import symbols as S
from .trace import MOST_MODULES, TooLarge, Trace

ATTRIBUTES = ("num_classes", "in_chans", "img_size", "global_pool")
POOLS = ("avg", "token", "map", "", "max", "avgmax", "catavgmax", "fast", "fastavg", "fastmax", "fastavgmax", "fastcatavgmax")
# arguments that may stand in model_args; kept as allowed where they change no size
HARMLESS = {"drop_rate": 0.1, "drop_path_rate": 0.1, "proj_drop_rate": 0.1, "attn_drop_rate": 0.1, "dynamic_img_size": True, "strict_img_size": False}
OF_FEW = {"output_stride": 8, "zero_init_last": False}  # such arguments too, tried apart: most architectures take all others and none of these
SWITCHES = ("inference_mode",)  # in model_args as well: these change the modules
UNFIXED = {"dynamic_img_size": "", "strict_img_size": "is False"}  # these make the size in pretrained_cfg count for nothing

OURS = "weights"  # what a config.json says of weights is taken to be said of this file

_prepared = False


def prepare():
    """No weights are initialised while tracing."""
    global _prepared
    if _prepared:
        return
    _prepared = True
    warnings.simplefilter("ignore")
    shapes.install()
    for name in dir(torch.nn.init):
        if name.endswith("_") and not name.startswith("_"):
            setattr(torch.nn.init, name, _keep)
    weights = dict(vars(timm.layers.weight_init))
    for module in [m for name, m in sys.modules.items() if name.startswith("timm.")]:
        for name, value in list(vars(module).items()):
            if name.endswith("_") and not name.startswith("_") and weights.get(name) is value:
                setattr(module, name, _keep)


def _keep(tensor, *_, **__):
    return tensor


class Refused(Exception):
    """The library does not build this."""


class NotLookedAt(Refused):
    """The library may build this, but it is too large to be looked at."""


def entry_arguments(architecture):
    """The arguments that the architecture's own function sets, which what a file says of its weights cannot change."""
    original, found = _builder._update_default_model_kwargs, {}

    class _Seen(Exception):
        pass

    def seen(weights, kwargs, kwargs_filter):
        if weights.get("file") != OURS:  # a model inside this one
            return original(weights, kwargs, kwargs_filter)
        found.update(kwargs)
        raise _Seen

    _builder._update_default_model_kwargs = seen
    try:
        model_entrypoint(architecture)(pretrained=False, pretrained_cfg=pretrained_cfg(architecture))
    except _Seen:
        pass
    finally:
        _builder._update_default_model_kwargs = original
    return found


def pretrained_cfg(architecture):
    """What a config.json says of the weights, less what the traces vary."""
    cfg = get_pretrained_cfg(architecture)
    found = {} if cfg is None else {k: v for k, v in cfg.to_dict(remove_source=True).items() if k not in ("input_size", "fixed_input_size", "num_classes")}
    return {**found, "file": OURS, "input_size": None, "num_classes": None}


class Word(S.SymStr):
    """timm takes its words in any case: they are told as its own files have them."""

    def lower(self):
        return self if str.lower(self) == S.plain(self) else str.lower(self)

    def upper(self):
        return str.upper(self)

    def endswith(self, suffix, *bounds):
        """Asked of pools: which those are is told, as rules have no other way to look at the end of a word."""
        outcome = str.endswith(self, suffix, *bounds)
        return outcome if bounds else S.ask(("cmp", "in", self.expr, E.const([pool for pool in POOLS if pool.endswith(suffix)])), outcome)


def _remembering(value, name):
    return Word(value, name) if type(value) is str else S.wrap(list(value) if isinstance(value, (list, tuple)) else value, name)


def run(architecture, env, size_name="img_size", more=(), most_modules=MOST_MODULES):
    """(trace, root node) of the architecture under `env`: the ATTRIBUTES and SWITCHES, None where the file does not say. Raises Refused."""
    prepare()
    given = {k: v for k, v in env.items() if v is not None}
    arguments = {k: _remembering(v, ("name", size_name if k == "img_size" else k)) for k, v in given.items()}
    with Trace(most_modules=most_modules) as trace, shapes.Shapes():
        try:
            model = model_entrypoint(architecture)(pretrained=False, pretrained_cfg=pretrained_cfg(architecture), **arguments, **dict(more))
        except TooLarge as e:
            raise NotLookedAt(str(e)) from e
        except Exception as e:
            raise Refused(f"{type(e).__name__}: {e}") from e
    return trace, trace.tree(model)


def scope(env, size_name="img_size"):
    """The attributes as the blueprint's expressions see them."""
    found = {size_name if k == "img_size" else k: v for k, v in env.items()}
    return E.Scope({**dict.fromkeys(("img_size", "own_img_size", *SWITCHES)), **found})


def own_size(architecture):
    cfg = get_pretrained_cfg(architecture)
    return list((cfg.input_size if cfg else (3, 224, 224))[-2:])


def sizes(architecture):
    """Image sizes to trace: the architecture's own, larger, oblong, one that no patch divides, a small one."""
    h, w = own_size(architecture)
    return [[h, w], [2 * h, 2 * w], [h, 2 * w], [h * 3 // 2, w], [h + 17, w + 5], [h // 4, w // 2]]


def fresh_sizes(architecture, turn):
    """Image sizes to verify with, others in every turn."""
    h, w = own_size(architecture)
    rng = random.Random(f"{architecture} {turn}")
    return [[2 * h, w], [h * 5 // 4, w * 3 // 2]] * (turn == 0) + [[rng.randrange(h // 2, 3 * h), rng.randrange(w // 2, 3 * w)] for _ in range(4)]


def many_sizes(least):
    steps = [least + d for d in (0, 1, 3, 7, 8, 16, 32, 100, 257)] + [2 * least, 3 * least, 4 * least, 4096]
    return [[h, w] for h in steps for w in steps]
