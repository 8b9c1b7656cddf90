#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes sizes.jsonl.gz, lora.jsonl.gz, trees.jsonl.gz and refused.jsonl.gz from the answers of the real libraries: make_goldens.py ORACLE

ORACLE is a folder with cases/sizes and cases/adapters (gzipped JSON lines, each a request and its `answer`). Kept are the
requests for the model types and timm families that have a blueprint, and of the answers what cannot be derived from the rest.
Cases that once went wrong and are not in that folder are in own.jsonl, as they are kept.
"""
import gzip
import json
import pathlib
import sys

BLUEPRINTS = pathlib.Path(__file__).parents[2] / "core" / "blueprints"
TYPES = set(json.loads((BLUEPRINTS / "index.json").read_text())["transformers"])
FAMILY = json.loads((BLUEPRINTS / "timm" / "index.json").read_text())  # architecture -> family
PLAIN_LORA = {"r", "target_modules", "lora_alpha", "lora_dropout"}


def read(path):
    with gzip.open(path, "rt") as lines:
        return [json.loads(line) for line in lines]


def write(name, cases):
    path = pathlib.Path(__file__).with_name(name)
    text = "".join(json.dumps(case, separators=(",", ":")) + "\n" for case in cases)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{name}: {len(cases)} cases, {path.stat().st_size >> 10} KB")


def kind(case):
    """The model type or timm family under which a case is counted, None if it is not one of ours."""
    if case["library"] == "timm":
        family = FAMILY.get(case["config"]["architecture"].split(".")[0])
        return family and f"timm/{family}"
    model_type = case["config"].get("model_type")
    return model_type if model_type in TYPES else None


def sizes(folder):
    for name in ("defaults", "perturbed", "hub_configs", "timm"):
        for case in read(folder / f"{name}.jsonl.gz"):
            answer, of = case["answer"], kind(case)
            if of is None or "total_bytes" not in answer:
                continue
            want = [answer[key] for key in ("total_bytes", "largest_layer_bytes", "parameter_count", "tied_total_bytes")]
            request = {key: case[key] for key in ("id", "library", "model_class", "config")}
            yield {**request, "kind": of, "want": want, "names": compact(answer["largest_layer_names"]),
                   "text": [text for row in answer["rows"].values() for text in row["text"]]}


def refused(folder):
    """Configs that the library does not build, each with its reason: no number is right for them."""
    for case in read(folder / "refused_by_the_library.jsonl.gz"):
        yield {**{key: case[key] for key in ("id", "library", "model_class", "config")}, "kind": kind(case) or "others", "refused": case["answer"]["error"][:160]}


def own(refused=False):
    """The cases of ours, those that the library builds or those that it refuses."""
    with pathlib.Path(__file__).with_name("own.jsonl").open() as lines:
        return [case for case in map(json.loads, lines) if ("refused" in case) == refused]


def compact(names):
    """["layers.0", "layers.1", "layers.2", "head"] -> [["layers.", 0, 2, ""], "head"]: runs as prefix, first, last, suffix."""
    out = []
    for name in names:
        parts = name.split(".")
        if out and isinstance(out[-1], list):
            prefix, first, last, suffix = out[-1]
            if name == f"{prefix}{last + 1}{suffix}":
                out[-1][2] += 1
                continue
        where = next((i for i, part in enumerate(parts) if part.isdigit()), None)
        if where is None:
            out.append(name)
        else:
            prefix = "".join(part + "." for part in parts[:where])
            out.append([prefix, int(parts[where]), int(parts[where]), "".join("." + part for part in parts[where + 1:])])
    return out


def lora(folder):
    for case in read(folder / "cases.jsonl.gz"):
        answer, peft = case["answer"], case["peft"]
        if case["method"] != "lora" or not set(peft) <= PLAIN_LORA or "trainable" not in answer:
            continue
        model_type = case.get("config", {}).get("model_type")
        if model_type not in TYPES or set(answer["wrapped"]) != {"lora.Linear"}:
            continue
        targets = peft.get("target_modules") or answer["target_modules"]
        yield {"id": case["id"], "library": "transformers", "model_class": answer["cls"], "config": case["config"], "kind": model_type,
               "lora": {"rank": peft.get("r", 8), "target_modules": targets}, "trainable": answer["trainable"]}


def trees(folder):
    """The default model of every type, its whole tree as one hash: see tree.h."""
    requests = {case["id"]: case for case in read(folder / "defaults.jsonl.gz")}
    for answer in read(folder / "tensors_and_trees.jsonl.gz"):
        request = requests.get(answer["id"])
        if request is None or kind(request) is None:
            continue
        lines = [f"{path} {name}" for path, name in answer["tree"].items()]
        kinds = {"param": "parameter", "buffer": "buffer"}
        lines += [f"{name} {kinds[what]} {dtype} {json.dumps(shape, separators=(',', ':'))} {json.dumps(persistent)}"
                  for name, what, dtype, shape, persistent in answer["tensors"]]
        keys = ("id", "library", "model_class", "config")
        yield {**{key: request[key] for key in keys}, "kind": kind(request), "tree": digest(sorted(lines))}


def digest(lines):
    value = 14695981039346656037
    for byte in "".join(line + "\n" for line in lines).encode():
        value = (value ^ byte) * 1099511628211 % 2**64
    return f"{value:016x}"


def main():
    cases = pathlib.Path(sys.argv[1]) / "cases"
    write("sizes.jsonl.gz", sorted([*sizes(cases / "sizes"), *own()], key=lambda case: case["kind"]))
    write("lora.jsonl.gz", list(lora(cases / "adapters")))
    write("trees.jsonl.gz", list(trees(cases / "sizes")))
    write("refused.jsonl.gz", [*refused(cases / "sizes"), *own(refused=True)])


if __name__ == "__main__":
    main()
