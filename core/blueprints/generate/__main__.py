# SPDX-License-Identifier: Apache-2.0
"""python -m generate [NAME ...]: writes the blueprints of these model types and timm families, or of all.

NAME is a transformers model type, or timm/FAMILY. All: every type that AutoConfig knows and the families of timm_families.py.
"""
import argparse
import gc
import json
import multiprocessing
import multiprocessing.connection
import os
import pathlib
import resource
import signal
import sys
import time

from .files import write, write_activations, write_index
from .patience import spent

MOST_MEMORY = 11 << 30  # bytes of address space: a config that asks for more is refused
FOLDER = pathlib.Path(__file__).parent.parent


def listed():
    from .timm_families import FAMILIES
    from .catalogue import TYPES

    return TYPES + [f"timm/{family}" for family in FAMILIES]


def one(name, say):
    """Writes one file; what happened, for the report."""
    start = time.process_time()
    if name.startswith("timm/"):
        from .timm_families import make_family

        blueprint = make_family(name.removeprefix("timm/"), say)
        failures = blueprint.get("lacks", {})
    else:
        from .catalogue import type_name, unregistered
        from .transformers_types import TypeBlueprint

        maker = TypeBlueprint(name, report=say)
        blueprint, failures = maker.make(), maker.failures
        for config_class in dict.fromkeys(unregistered(maker.config_class)):
            inner = TypeBlueprint(type_name(config_class), config_class, report=say)
            write(FOLDER / "transformers" / f"{inner.model_type}.json", inner.make())
            failures.update({f"{inner.model_type}.{key}": value for key, value in inner.failures.items()})
        name = f"transformers/{name}"
    write(FOLDER / f"{name}.json", blueprint)
    told = {key: f"{type(e).__name__}: {e}" if isinstance(e, BaseException) else e for key, e in failures.items()}
    return {"classes": len(blueprint["classes"]), "seconds": round(time.process_time() - start, 1), "steps": round(spent() / 1e6, 1), "failures": told}


class OutOfTime(BaseException):
    """No Exception: those mean that the library refuses a config, and are passed over."""


def _child(name, seconds, answer):
    gc.freeze()  # the libraries are no garbage, and
    gc.set_threshold(200_000, 50, 100)  # looking for it as often as usual takes a quarter of the time
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    signal.signal(signal.SIGPROF, _out_of_time)
    signal.setitimer(signal.ITIMER_PROF, seconds)  # of the processor: what else the machine does must not decide what is described
    try:
        answer.send(one(name, lambda line: None))
    except (Exception, OutOfTime) as e:
        reason = f"{type(e).__name__}: {e}"
        if not name.startswith("timm/"):
            from .transformers_types import in_words, undescribed

            why = in_words(e) if isinstance(e, Exception) else "describing it took longer than the generator waits"
            write(FOLDER / "transformers" / f"{name}.json", undescribed(name, why))
        answer.send({"error": reason})


def _out_of_time(*_):
    raise OutOfTime("it took too long")


def _is_known_to_fail(name):
    """Whether the file that is there says that the library cannot build this type."""
    path = FOLDER / "transformers" / f"{name}.json"
    return path.exists() and not json.loads(path.read_text())["classes"]


def many(names, jobs, seconds):
    """Runs `one` for every name in processes of their own, so that one cannot disturb another; prints a line each.

    How many failed that were described before, or are new.
    """
    from . import timm_families, transformers_types  # noqa: F401  (imported once, here: that takes as long as a small type)

    context, waiting, running, failed = multiprocessing.get_context("fork"), list(names), {}, 0
    hopeless = {name for name in names if _is_known_to_fail(name)}
    while waiting or running:
        while waiting and len(running) < jobs:
            name = waiting.pop(0)
            ours, theirs = context.Pipe(duplex=False)
            context.Process(target=_child, args=(name, seconds, theirs)).start()
            theirs.close()
            running[ours] = name
        for ready in multiprocessing.connection.wait(list(running)):
            name = running.pop(ready)
            try:
                result = ready.recv()
            except EOFError:
                result = {"error": "the process died"}
            if "error" in result:
                failed += name not in hopeless
                print(f"{name}: failed{', as before' if name in hopeless else ''}: {result['error']}", flush=True)
            else:
                print(f"{name}: {result['classes']} classes, {result['seconds']} s, {result['steps']} M steps", *(f"\n    {k}: {v}" for k, v in result["failures"].items()), flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser(prog="generate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--one", help="this one alone, in this process, with what happens meanwhile")
    parser.add_argument("--jobs", type=int, default=2, help="processes at once")
    parser.add_argument("--seconds", type=int, default=1800, help="of the processor that one name may take")
    args = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":  # sets of strings have one order then, so that every run writes the same files
        os.execve(sys.executable, [sys.executable, "-m", "generate", *sys.argv[1:]], {**os.environ, "PYTHONHASHSEED": "0"})
    if args.one:
        print(json.dumps(one(args.one, print), indent=1))
        return 0
    failed = many(args.names or listed(), args.jobs, args.seconds)
    write_index(FOLDER)
    write_activations(FOLDER.parent / "activations.inc")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
