# SPDX-License-Identifier: Apache-2.0
"""python -m generate [MODEL_TYPE ...]: writes the blueprints of these transformers model types, or of all in types.txt.

Each type runs in a process of its own, so that one cannot disturb another; --jobs says how many at once.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
FOLDER = HERE.parent


def listed():
    return [line for line in (HERE / "types.txt").read_text().split("\n") if line and not line.startswith("#")]


def one(model_type):
    """Generate in this process; prints one JSON line of what happened."""
    from .files import write
    from .transformers_types import TypeBlueprint

    start = time.monotonic()
    maker = TypeBlueprint(model_type, report=lambda line: print(line, file=sys.stderr))
    blueprint = maker.make()
    write(FOLDER / "transformers" / f"{model_type}.json", blueprint)
    print(json.dumps({"type": model_type, "classes": len(blueprint["classes"]), "seconds": round(time.monotonic() - start, 1),
                      "failures": maker.failures}))  # fmt: skip


def many(types, jobs):
    """Run `one` for every type in processes; prints a line each and a summary."""
    running, waiting, failed = [], list(types), 0
    while running or waiting:
        while waiting and len(running) < jobs:
            name = waiting.pop(0)
            command = [sys.executable, "-W", "ignore", "-m", "generate", "--one", name]
            running.append((name, subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)))
        name, process = running.pop(0)
        out, err = process.communicate()
        if process.returncode:
            failed += 1
            print(f"{name}: failed: {err.strip().splitlines()[-1] if err.strip() else process.returncode}", flush=True)
            continue
        result = json.loads(out.strip().splitlines()[-1])
        print(f"{name}: {result['classes']} classes, {result['seconds']} s", *(f"\n    {k}: {v}" for k, v in result["failures"].items()), flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser(prog="generate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("types", nargs="*")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    if args.one:
        return one(args.one)
    failed = many(args.types or listed(), args.jobs)
    from .files import write_index

    write_index(FOLDER)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
