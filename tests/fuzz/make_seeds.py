#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes seeds/ and tare.dict: small inputs that reach every word of the blueprint format, and those words."""
import json
import pathlib
import re

HERE = pathlib.Path(__file__).parent
LINEAR = {"class": "Linear", "parameters": {"weight": ["h", "h"], "bias": {"shape": ["h"], "when": "b", "dtype": "bool", "persistent": False}}}
MODEL = {
    "class": "M", "no_split": ["L"], "assumes": ["h > 0"],
    "ties": [{"when": "b", "tensor": "head.weight", "to": "layers.{i}.a.weight", "repeat": {"i": 1}}],
    "buffers": {"ids": [{"when": "b", "shape": [1, "h"], "dtype": "int64"}, {"shape": []}]},
    "children": {
        "layers": {"class": "ModuleList", "children": {"{i}": [
            {"repeat": {"i": "n"}, "when": "kinds[i] == 'x'", "class": "L", "children": {"a": LINEAR, "{#}": {"use": "P", "with": {"w": "i"}}}},
            {"repeat": {"i": "n"}, "class": "K"}]}},
        "inner": {"model": "AutoModel", "config": "sub", "child": "c", "replace": {"Linear": {"class": "F", "buffers": {"w": ["num_features"]}}, "K": None}},
        "neck": {"class": "N", "parameters": {"w": ["channels(sub)[0] if has_auto(sub, 'AutoModel') else 1"]}}, "head": LINEAR, "again": {"same_as": "head", "class": "Linear"}}}
CONFIG = {
    "class": "C", "defaults": {"h": 8, "n": 2, "b": True, "sub": None}, "types": {"int": ["h"], "None|float|list[int]": ["f"], "dict['a'|'b', str]": ["d"]},
    "aliases": {"hidden": "h"}, "assumes": ["n < 9"], "refuses": [{"when": "n == 7", "text": "No."}], "per_layer": ["w"],
    "derived": {"kinds": "['x' for k in range(n)]", "rope.kind": "'r' if given('n') else config_json"},
    "sub_configs": {"sub": {"when": "b", "model_type": "'inner'", "from": "sub", "default": {"h": 3}, "then": {"g": "h"}}}}
OUTER = {"library": "transformers", "version": "1", "model_type": "outer", "config": CONFIG, "auto": {"AutoModel": "M"},
         "classes": {"M": MODEL}, "parts": {"P": {"class": "P", "parameters": {"w": ["w"]}}}, "verified": {}}
INNER = {"library": "transformers", "version": "1", "model_type": "inner", "config": {"defaults": {"h": 2}}, "auto": {"AutoModel": "I", "AutoBackbone": "I"},
         "classes": {"I": LINEAR | {"parameters": {"weight": ["h"]}, "channels": "[h]"}}}
OPTIONS = {"tree": True, "tied": True, "lora": {"rank": 4, "target_modules": ["a"]},
           "fit": {"gpus": [{"name": "g", "bytes": 100}], "count": 1, "reserve_bytes": 1, "overhead": 0.2, "trainable_share": 0.1}}
EXPRESSIONS = [
    "h // 3 + h % 5 - -h ** 2 * 1.5 / 2", "1 if a.b[0]['c'] is not None else [x for x in l[::-1] if x not in 'abc']",
    "not a and b or 1 < 2 <= 3 != 4", "round(sqrt(log2(h)), 2) + max(1, abs(-2)) + len(str(h)) + sum(sorted(set(l[1:-1])))"]


def write(name, *texts):
    (HERE / "seeds" / name).write_bytes(b"\0".join(text.encode() for text in texts))


def main():
    (HERE / "seeds").mkdir(exist_ok=True)
    files = json.dumps([OUTER, INNER])
    write("whole", json.dumps({"model_type": "outer", "hidden": 4, "per_layer_config": {"0": {"w": 1}}}), files, json.dumps(OPTIONS))
    write("all-linear", '{"model_type":"outer","architectures":["M"]}', files, '{"model_class":"published","lora":{"rank":2,"target_modules":"all-linear"}}')
    write("timm", '{"architecture":"I.tag"}', json.dumps([INNER | {"library": "timm"}]), "{}")
    write("json", '[1e5,-0.5,"\\u00e4\\ud83d\\ude00",NaN,-Infinity,{"a":[],"a":{}}]', "[]", "{}")
    for i, expression in enumerate(EXPRESSIONS):
        file = INNER | {"config": {"defaults": {"h": 8, "l": [3, 1, 2], "a": {"b": [{"c": 1}]}, "b": 0}}, "classes": {"I": {"class": "I", "parameters": {"w": [expression]}}}}
        write(f"expression-{i}", '{"model_type":"inner"}', json.dumps([file]), "{}")
    words = sorted(set(re.findall(r'"([A-Za-z_]+)"', files + json.dumps(OPTIONS))) | set(re.findall(r"[a-z0-9]{2,}|[^\sa-z]{1,2}", " ".join(EXPRESSIONS))))
    lines = ["# Words of the blueprint format."] + ['"' + w.replace("\\", "\\\\").replace('"', '\\"') + '"' for w in words]
    (HERE / "tare.dict").write_text("\n".join(lines) + "\n")


main()
