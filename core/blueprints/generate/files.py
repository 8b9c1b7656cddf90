# SPDX-License-Identifier: Apache-2.0
"""Writes blueprint files: small enough to ship, laid out so that a person can read them beside the library's source."""
import json
import pathlib

WIDTH = 150


def layout(value, indent=0):
    """JSON with one line per module: whatever fits a line stands on one line."""
    flat = json.dumps(value, separators=(", ", ": "), ensure_ascii=False, allow_nan=False)
    if len(flat) + indent <= WIDTH and not _is_branch(value):
        return flat
    pad = " " * (indent + 1)
    if isinstance(value, dict):
        items = [f"{pad}{json.dumps(k, ensure_ascii=False)}: {layout(v, indent + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(items) + "\n" + " " * indent + "}"
    if isinstance(value, list) and any(isinstance(v, (dict, list)) for v in value):
        return "[\n" + ",\n".join(pad + layout(v, indent + 1) for v in value) + "\n" + " " * indent + "]"
    return flat


def _is_branch(value):
    return isinstance(value, dict) and any(key in value for key in ("children", "each", "classes"))


def write(path: pathlib.Path, blueprint):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(layout(blueprint) + "\n", encoding="utf-8")


def write_activations(path: pathlib.Path):
    """core/activations.inc: the library's table of activation functions as initialisers of C++."""
    from transformers.activations import ACT2FN

    lines = []
    for name in sorted(ACT2FN):
        module = ACT2FN[name]
        tensors = any(True for _ in module.parameters()) or any(True for _ in module.buffers())
        lines.append(f'{{"{name}", "{type(module).__name__}", {str(tensors).lower()}}},\n')
    path.write_text("// Generated from transformers.activations.ACT2FN.\n" + "".join(lines))


def write_index(folder: pathlib.Path):
    """What there is, read off the files themselves: index.json and timm/index.json to find a file, coverage.json to tell people."""
    versions, types, families, architectures = {}, {}, {}, {}
    for path in sorted(folder.glob("transformers/*.json")):
        blueprint = json.loads(path.read_text())
        versions["transformers"] = blueprint["version"]
        types[path.stem] = {"classes": len(blueprint["classes"]), "cases": blueprint["verified"]["cases"], "lacks": blueprint.get("lacks", {})}
    for path in sorted(folder.glob("timm/*.json")):
        if path.stem == "index":
            continue
        blueprint = json.loads(path.read_text())
        versions["timm"] = blueprint["version"]
        families[path.stem] = {"architectures": len(blueprint["classes"]), "cases": blueprint["verified"]["cases"], "lacks": blueprint.get("lacks", {})}
        architectures.update(dict.fromkeys([*blueprint["classes"], *blueprint.get("lacks", ())], path.stem))
    _write_lines(folder / "index.json", {"versions": versions, "transformers": list(types), "timm": list(families)})
    _write_lines(folder / "timm" / "index.json", dict(sorted(architectures.items())))
    _write_lines(folder / "coverage.json", {"versions": versions, "transformers": types, "timm": families})


def _write_lines(path, value):
    """JSON with a line for each entry of the first two levels: a change of one is a change of one line."""
    def entries(items, indent):
        return (",\n" + " " * indent).join(f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in items.items())

    parts = [f'{json.dumps(k)}: {{\n  {entries(v, 2)}\n }}' if isinstance(v, dict) and len(v) > 4 else f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in value.items()]
    text = "{\n " + ",\n ".join(parts) + "\n}\n"
    assert json.loads(text) == value
    path.write_text(text, encoding="utf-8")
