#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks the real libraries about configs in which one thing is not as usual: sweep.py FOLDER [TYPE ...]

Of every model type, or of these: each switch turned, each number another, each list longer, shorter or with another item, each nested config there, or of other
types where it may be of any, each word that its blueprint knows for a field, each alone. --mixtures N: N configs of each type instead, which have two to four
of these at once, for any of its classes; another --seed, others. Writes FOLDER/sizes.jsonl.gz, which `tare_golden FOLDER core/blueprints` compares with the blueprints; `make sweep`
does both. Needs what core/blueprints/generate/requirements.txt lists. Configs that the library refuses are left out.
"""
import argparse
import contextlib
import functools
import gzip
import json
import multiprocessing
import os
import pathlib
import random
import re
import signal

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "critical")

import torch
import transformers
from accelerate import init_empty_weights
from accelerate.commands.estimate import estimate_training_usage
from accelerate.utils import calculate_maximum_sizes, convert_bytes
from accelerate.utils.modeling import dtype_byte_size
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from make_goldens import BLUEPRINTS, compact

SECONDS = 20  # for one model
DIVISORS = {"float32": 1, "float16": 2, "int8": 4, "int4": 8}
IS_WORD = re.compile(r"\b(\w+) == '(\w+)'")
HAS_WORD = re.compile(r"'(\w+)' in (\w+)\b")
COUNT = re.compile(r"layers?$|blocks?$|depth$|stages$")
OTHERS = {  # part of the key of a nested config: types that published models have there, or could
    "backbone": ("resnet", "swin", "convnext", "dinov2"), "vision": ("siglip_vision_model", "clip_vision_model", "dinov2", "pixtral"),
    "audio": ("whisper", "wav2vec2", "encodec"), "text": ("llama", "qwen2", "gemma2", "opt", "t5"), "decoder": ("gpt2", "roberta", "trocr", "mbart"),
    "encoder": ("vit", "roberta", "hubert"), "": ("llama", "clip_vision_model"),
}  # fmt: skip


def variations(blueprint):
    """[(name of the case, what is set)] for configs of this type, one field each."""
    config, text = blueprint["config"], json.dumps([blueprint["config"], blueprint["classes"]])
    words = {}
    for field, word in [*IS_WORD.findall(text), *((field, word) for word, field in HAS_WORD.findall(text))]:
        words.setdefault(field, set()).add(word)
    kinds_of = {field: rule.split("|") for rule, fields in config.get("types", {}).items() for field in fields}
    made = usual_values(blueprint)
    for field, usual in config["defaults"].items():
        if field == "model_type":
            continue
        kinds = kinds_of.get(field, [])
        if isinstance(usual, bool):
            yield f"{field}={not usual}", {field: not usual}
        elif isinstance(usual, int) and COUNT.search(field):
            yield f"{field}={usual + 1}", {field: usual + 1}
            yield f"{field}=1", {field: 1}
        elif isinstance(usual, int) and usual > 0:
            other = usual * 2 if usual >= 8 else usual + 1
            yield f"{field}={other}", {field: other}
        elif isinstance(made.get(field), list):
            for name, other in other_lists(made[field]):
                yield f"{field} {name}", {field: other}
        elif usual is None and field in config.get("sub_configs", {}):
            yield f"{field}={{}}", {field: {}}
        elif usual is None and "bool" in kinds:
            yield f"{field}=True", {field: True}
            yield f"{field}=False", {field: False}
        if usual is not None and "None" in kinds:
            yield f"{field}=null", {field: None}
        for word in sorted(words.get(field, ())):
            if isinstance(usual, list) and usual and isinstance(usual[0], str):
                yield f"{field}=all {word}", {field: [word] * len(usual)}
            elif word != usual and ("str" in kinds or isinstance(usual, str)):
                yield f"{field}={word}", {field: word}


def usual_values(blueprint):
    """What the library makes of the fields where a config says nothing, as its files say it."""
    try:
        return json.loads(CONFIG_MAPPING[blueprint["model_type"]]().to_json_string(use_diff=False))
    except Exception:  # there is no config without any setting
        return {}


def other_lists(usual):
    """[(what is other, such a list)]: of numbers, switches, or lists of these."""
    def other(item):
        return not item if isinstance(item, bool) else item * 2 if item >= 8 else item + 1

    for place in sorted({0, len(usual) // 2, len(usual) - 1}) if usual else ():
        item = usual[place]
        if isinstance(item, int):
            yield f"[{place}]={other(item)}", [*usual[:place], other(item), *usual[place + 1 :]]
        elif isinstance(item, list):
            for name, row in other_lists(item):
                yield f"[{place}]{name}", [*usual[:place], row, *usual[place + 1 :]]
    if len(usual) > 1 and not isinstance(usual[0], str):
        yield "shorter", usual[:-1]
        yield "longer", [*usual, usual[-1]]


def of_other_types(blueprint):
    """[(name of the case, what is set)]: each nested config that may be of any type, as another type has it by default."""
    for key, nested in blueprint["config"].get("sub_configs", {}).items():
        if "['model_type']" in nested["model_type"]:
            for other in next(types for part, types in OTHERS.items() if part in key):
                yield f"{key} of {other}", {key: {"model_type": other}}


@contextlib.contextmanager
def limited(seconds):
    """Raises TimeoutError in the block after so many seconds."""

    def stop(*_):
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def bytes_of(model):
    """As accelerate counts: a bool is an eighth of a byte."""
    total = sum(t.numel() * dtype_byte_size(t.dtype) for t in [*model.parameters(), *model.buffers()])
    return int(total) if float(total).is_integer() else total


def answer(model_class, config):
    """What accelerate says of a config.json, as make_goldens.py keeps it. Raises what the library raises."""

    def build():
        made = CONFIG_MAPPING[config["model_type"]].from_dict(json.loads(json.dumps(config)))
        return getattr(transformers, model_class).from_config(made, torch_dtype=torch.float32)

    with limited(SECONDS), init_empty_weights():
        model = build()
    total, (largest, names) = calculate_maximum_sizes(model)
    count = sum(p.numel() for p in model.parameters())
    with limited(SECONDS), torch.device("meta"):
        tied = bytes_of(build())
    text = []
    for dtype, divisor in DIVISORS.items():
        training = max(estimate_training_usage(total, dtype).values())
        sizes = (total, largest) if divisor == 1 else (total / divisor, largest / divisor)
        text += [convert_bytes(sizes[1]), convert_bytes(sizes[0]), "N/A" if training == -1 else convert_bytes(training)]
    return {"want": [total, largest, count, tied], "names": compact(names), "text": text}


def mixtures(singles, classes, rng, count):
    """[(model class, name of the case, what is set)]: two to four of the single changes at once."""
    for _ in range(count if len(singles) > 1 else 0):
        some = rng.sample(singles, min(len(singles), rng.choice((2, 2, 3, 4))))
        yield rng.choice(classes), " ".join(name for name, _ in some), {key: value for _, more in some for key, value in more.items()}


def cases(model_type, mixed=0, seed=0):
    """The golden cases of one type, and how many configs the library refused."""
    blueprint, out, refused = json.loads((BLUEPRINTS / "transformers" / f"{model_type}.json").read_text()), [], 0
    if model_type not in CONFIG_MAPPING or not blueprint.get("auto"):
        return [], 0
    usual = "AutoModel" if "AutoModel" in blueprint["auto"] else next(iter(blueprint["auto"]))
    singles = [*variations(blueprint), *of_other_types(blueprint)]
    tried = [(usual, *single) for single in singles]
    if mixed:
        tried = mixtures(singles, sorted(blueprint["auto"]), random.Random(f"{seed} {model_type}"), mixed)
    for model_class, name, more in tried:
        config = {"model_type": model_type, **more}
        try:
            said = answer(model_class, config)
        except Exception:  # whatever the library says of it
            refused += 1
            continue
        out.append({"id": f"{model_type}/{model_class}/{name}", "library": "transformers", "model_class": model_class, "config": config, "kind": model_type, **said})
    return out, refused


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("types", nargs="*")
    parser.add_argument("--mixtures", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    types = args.types or sorted(json.loads((BLUEPRINTS / "index.json").read_text())["transformers"])
    with multiprocessing.get_context("fork").Pool(args.jobs, maxtasksperchild=20) as pool:
        found = pool.map(functools.partial(cases, mixed=args.mixtures, seed=args.seed), types, chunksize=1)
    args.folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(case, separators=(",", ":")) + "\n" for some, _ in found for case in some]
    for name, text in (("sizes", "".join(lines)), ("lora", ""), ("trees", "")):
        (args.folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(text.encode(), 6, mtime=0))
    print(f"{len(lines)} configs; {sum(refused for _, refused in found)} more that the library refuses")


if __name__ == "__main__":
    main()
