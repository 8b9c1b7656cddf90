# SPDX-License-Identifier: Apache-2.0
"""Writes blueprint files: small enough to ship, laid out so that a person can read them beside the library's source."""
import json
import pathlib

WIDTH = 150


def layout(value, indent=0):
    """JSON with one line per module: whatever fits a line stands on one line."""
    flat = json.dumps(value, separators=(", ", ": "), ensure_ascii=False)
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
    return isinstance(value, dict) and ("children" in value or "classes" in value)


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
    """index.json: which files there are, read off the files themselves."""
    versions, types, architectures = {}, {}, {}
    for path in sorted(folder.glob("transformers/*.json")):
        blueprint = json.loads(path.read_text())
        versions["transformers"] = blueprint["version"]
        types[path.stem] = {"classes": len(blueprint["classes"]), **blueprint.get("verified", {})}
    for path in sorted(folder.glob("timm/*.json")):
        blueprint = json.loads(path.read_text())
        versions["timm"] = blueprint["version"]
        for name in blueprint["classes"]:
            architectures[name] = path.stem
    index = {"versions": versions, "transformers": types, "timm": architectures}
    lines = [f' "versions": {json.dumps(versions)}', ' "transformers": {\n' + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in types.items()) + "\n }",
             f' "timm": {json.dumps(architectures)}']  # fmt: skip
    assert json.loads("{" + ",".join(lines) + "}") == index
    (folder / "index.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
