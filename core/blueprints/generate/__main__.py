# SPDX-License-Identifier: Apache-2.0
"""python -m generate [NAME ...]: writes the blueprints of these model types and timm families, or of all.

NAME is a transformers model type, or timm/FAMILY. All: the types in types.txt and the families of timm_families.py. Each runs in a process of its own, so that one cannot disturb another; --jobs says how many at once.
"""
import argparse
import functools
import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
FOLDER = HERE.parent


def listed():
    from .timm_families import FAMILIES

    types = [line for line in (HERE / "types.txt").read_text().split("\n") if line and not line.startswith("#")]
    return types + [f"timm/{family}" for family in FAMILIES]


def one(name):
    """Generate in this process; prints one JSON line of what happened."""
    from .files import write

    start = time.monotonic()
    say = functools.partial(print, file=sys.stderr)
    if name.startswith("timm/"):
        from .timm_families import make_family

        blueprint, failures = make_family(name.removeprefix("timm/"), say), {}
    else:
        from .transformers_types import TypeBlueprint

        maker = TypeBlueprint(name, report=say)
        blueprint, failures = maker.make(), maker.failures
        name = f"transformers/{name}"
    write(FOLDER / f"{name}.json", blueprint)
    print(json.dumps({"classes": len(blueprint["classes"]), "seconds": round(time.monotonic() - start, 1), "failures": failures}))


def many(types, jobs):
    """Run `one` for every type in processes; prints a line each and a summary."""
    running, waiting, failed = [], list(types), 0
    while running or waiting:
        while waiting and len(running) < jobs:
            name = waiting.pop(0)
            command = [sys.executable, "-W", "ignore", "-m", "generate", "--one", name]
            running.append((name, subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)))
        done = next((entry for entry in running if entry[1].poll() is not None), None)
        if done is None:
            time.sleep(0.05)
            continue
        running.remove(done)
        name, process = done
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
    parser.add_argument("names", nargs="*")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    if args.one:
        return one(args.one)
    failed = many(args.names or listed(), args.jobs)
    from .files import write_index

    write_index(FOLDER)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
