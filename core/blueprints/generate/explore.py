# SPDX-License-Identifier: Apache-2.0
"""Which configs to trace: the default, each field changed alone, many at once, and whatever flips a condition seen one-sided."""
import copy
import random
import re

from . import expr as E
from .lighter import MUCH, lighter, work

FLIPS = 40  # attempts that a round of flipping conditions may always make
REPAIRS = 4  # refused configs for which something else to change is sought
LAYER_COUNTS = (3, 2, 4, 1, 5, 13)


def rope_variations(given, dimension):
    """Rotary settings of every kind, over what is given; `dimension` is the width that long factors must fit."""
    kinds = {
        "linear": {"factor": 2.0}, "dynamic": {"factor": 2.0, "original_max_position_embeddings": 512},
        "yarn": {"factor": 4.0, "original_max_position_embeddings": 512},
        "llama3": {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 512},
        "longrope": {"short_factor": [1.0] * (dimension // 2), "long_factor": [1.0] * (dimension // 2), "factor": 4.0,
                     "original_max_position_embeddings": 512},
    }  # fmt: skip
    theta = {"rope_theta": given.get("rope_theta", 500000.0)}
    yield {**theta, "rope_type": "linear", "type": "dynamic", "factor": 2.0}
    for spelling in ("rope_type", "type"):
        for kind, more in kinds.items():
            yield {**theta, spelling: kind, **more}
            yield {**theta, spelling: kind, **more, "partial_rotary_factor": 0.5}
    yield {**theta, "rope_type": "default", "partial_rotary_factor": 0.5}
    yield {**theta, "rope_type": "default"}
    yield {"rope_type": "default"}
    yield {**theta, "rope_type": "default", "partial_rotary_factor": 0.25}


def changed(sample):
    """Objects like the sample, each with another value in one place."""
    others = {str: lambda x: f"{x}?", bool: lambda x: not x, int: lambda x: x * 2 or 1, float: lambda x: x * 2 or 0.5}
    return [{**sample, key: others[type(value)](value)} for key, value in sample.items() if type(value) in others]


def paths_into(name, value):
    """The paths to what is in an object, or, of rotary settings, may be."""
    if any(isinstance(x, dict) for x in value.values()):  # one object for each kind of layer
        return [path for key, x in value.items() if isinstance(x, dict) for path in paths_into(f"{name}.{key}", x)]
    keys = {key for option in rope_variations(value, 2) for key in option if key != "type"} if "rope" in name else set(value)
    return [f"{name}.{key}" for key in sorted(keys)]


def leaves(env, prefix=()):
    """(path, value) of every attribute, nested configs included; a path is a tuple of keys."""
    for key, value in env.items():
        if isinstance(value, E.Scope):
            yield from leaves(value, prefix + (key,))
        else:
            yield prefix + (key,), value


def get(env, path):
    for key in path:
        env = env[key]
    return env


def put(env, path, value):
    for key in path[:-1]:
        env = env[key]
    env[path[-1]] = value


def dotted(path):
    return ".".join(path)


class Hints:
    """What is known about the fields: their declared types, the loops they count, the words they are compared with."""

    def __init__(self, types):
        self.types = types  # dotted path -> set of type names
        self.counts = set()  # dotted paths that are numbers of rounds of a loop
        self.periods = set()  # of those that the number of a round is divided by: every other layer, every sixth
        self.places = set()  # those of loops in which no module is made, while others make some
        self.words = {}  # dotted path -> strings it is compared with
        self.numbers = {}  # dotted path -> numbers it is compared with
        self.objects = {}  # dotted path -> objects that may stand there
        self.start_counts = {}  # integers of the default config, by name
        self.own = {}  # dotted path -> what the library itself writes into files there
        self.samples = {}  # dotted path -> what the library makes of it when it is not given

    def learn(self, conditions, runs):
        modules = any(run.made for run in runs)
        for run in runs:
            if run.count is not None and modules and not run.made:  # it goes over the places of a table
                self.places |= E.names(run.count)
            elif run.count is not None:
                self.counts |= E.names(run.count) if run.count[0] != "call" else set()
        for condition in conditions:
            e = condition.expr
            for part in E.walk(e):
                if part[:2] == ("op", "%") and any(x[0] == "loop" for x in E.walk(part[2])):
                    self.periods |= E.names(part[3])
            if e[0] != "cmp":
                continue
            for side, other in ((e[2], e[3]), (e[3], e[2])):
                if other[0] != "const":
                    continue
                constants = other[1] if isinstance(other[1], list) else [other[1]]
                for name in E.names(side):
                    for c in constants:
                        if isinstance(c, str):
                            self.words.setdefault(name, set()).add(c)
                        elif isinstance(c, (int, float)) and not isinstance(c, bool):
                            self.numbers.setdefault(name, set()).add(c)

    def variations(self, path, value, env, rng):
        """Other values this field might take, the most telling first."""
        name = dotted(path)
        kinds = self.types.get(name, set())
        out = []
        if isinstance(value, bool):
            out = [not value]
        elif isinstance(value, int):
            out = self._integers(name, value)
        elif isinstance(value, float):
            out = [value / 2, value * 2, 0.0, 1.0]
        elif isinstance(value, str):
            out = [*sorted(self.words.get(name, set()) - {value}), "?"]  # "?": which words are asked for?
        elif isinstance(value, list):
            out = self._lists(name, value, rng)
        elif name in self.objects:
            out = [other for other in self.objects[name] if other != value]
        elif isinstance(value, dict) or value is None and "dict" in kinds and "rope" in path[-1]:
            out = self._objects(path, value or {}, env, rng)
        elif value is None and "dict" in kinds and name.endswith("_config"):
            out = self._written_out(self.samples.get(name, {}))
        elif value is None:
            out = self._from_nothing(name, kinds, env, path)
        if value is None and self.own.get(name) is not None:
            out.insert(0, self.own[name])
        if "None" in kinds and value is not None:
            out.insert(1, None)  # what null stands for may be something else than what a missing key does
        if "list" in kinds and isinstance(value, int) and not isinstance(value, bool):
            layers = get(env, path[:-1]).get("num_hidden_layers")
            if isinstance(layers, int) and layers > 0:  # one for each layer
                out.append([value * (1 + k % 2) for k in range(layers)])
            out.append([value, value * 2])
        if "int" in kinds and isinstance(value, list) and value and isinstance(value[0], int):
            out.append(value[0])
        return out

    def _integers(self, name, value):
        if name in self.counts:
            more = min(value + 2, LAYER_COUNTS[-1])  # several rounds beyond those of another number too: `range(levels - outputs)`
            return [n for n in dict.fromkeys((*LAYER_COUNTS[:2], more, *LAYER_COUNTS[2:])) if n != value]
        if name in self.periods:
            return [n for n in (2, 1, 3, 4, value + 1) if n != value]
        near = [int(n) + d for n in sorted(self.numbers.get(name, ())) for d in (0, 1, -1) if int(n) + d >= 0 and n < 1e6]
        if value <= 0:
            return [1, 2, 4, 8, *near]
        out = [value * 2, value * 3, value + 1, *near, max(1, value // 2), 1]
        if name.endswith("layers"):  # a loop inside torch
            out.insert(0, LAYER_COUNTS[-1])
        return [x for x in dict.fromkeys(out) if x != value]

    def _lists(self, name, value, rng):
        words = sorted(self.words.get(name, set()) | {x for x in value if isinstance(x, str)})
        if value and all(isinstance(x, str) for x in value):
            shuffled = [rng.choice(words) for _ in value]
            return [shuffled, *([w] * len(value) for w in words), value[::-1], [*value, "another"]]
        if value and all(isinstance(x, bool) for x in value):
            return [[not x for x in value], [True] * len(value), [False] * len(value)]
        if name.split(".")[-1] == "_out_indices":
            return [[0], [1, 2], [0, 1, 2], [1], [2, 3]]
        if value and all(isinstance(x, int) for x in value):
            grown = [x * 2 if x >= 8 else x + 1 for x in value]
            return [grown, [x + k for k, x in enumerate(value)], value[:-1], value + value[-1:], [x * (2 + k % 2) for k, x in enumerate(value)], value[:1], value[:2], value[:1] * len(value), [1] * len(value)]
        if not value:
            return [[0], [1], [0, 1]]
        return [value[:-1], value + value[-1:]]

    def _written_out(self, sample):
        """An object as the library itself writes it into files, and with other numbers in it."""
        if not sample or not all(isinstance(v, (int, float, str)) for v in sample.values()):
            return []
        return [dict(sample), *({**sample, key: v * 2} for key, v in sample.items() if type(v) is int)]

    def _objects(self, path, value, env, rng):
        if "rope" not in path[-1]:
            return []
        near = get(env, path[:-1])
        value = value or self.samples.get(dotted(path), {})
        heads = next((near[k] for k in ("num_attention_heads", "n_head") if near.get(k)), 1)
        widths = [near.get("qk_rope_head_dim"), near.get("head_dim"), (near.get("hidden_size") or 64) // heads]
        dimension = next(w for w in widths if type(w) is int)
        share = near.get("partial_rotary_factor")
        dimension = int(dimension * share) if isinstance(share, (int, float)) and share else dimension
        kinds = [k for k in value if isinstance(value[k], dict)]
        if kinds:  # one setting per kind of layer, which old files, and their spelling, do not have
            options = [option for option in rope_variations(next(iter(value.values())), dimension) if "type" not in option]
            rng.shuffle(options)
            return [{**value, kind: option} for option in options for kind in kinds]
        options = list(rope_variations(value, dimension))
        rng.shuffle(options)
        return options

    def _from_nothing(self, name, kinds, env, path):
        out = []
        if "int" in kinds:
            siblings = [v for v in get(env, path[:-1]).values() if isinstance(v, int) and not isinstance(v, bool)]
            width = max([v for v in siblings if v <= 8192] or [64])
            out += [8, width // 2 or 1, 64, 1, 2, width * 2]
        if "bool" in kinds:
            out += [True, False]
        if "float" in kinds:
            out += [0.5, 1.0]
        if "str" in kinds:
            out += sorted(self.words.get(name, set()))
        if "list" in kinds:
            stages = self.samples.get("stage_names")
            if path[-1] == "out_features" and stages:
                out += [stages[-1:], stages[1::2], stages, stages[:1]]
            out += self._per_layer(name, env, path) or [[0], [0, 1], [1, 2]]
        return out

    def _per_layer(self, name, env, path):
        """Lists like the one that the library makes by itself, as long as there are layers now."""
        sample = self.samples.get(name)
        if not sample or not isinstance(sample, list) or any(isinstance(x, (list, dict)) for x in sample):
            return []
        if all(x == -1 for x in sample):  # indices, and no entry for each layer
            return []
        near = get(env, path[:-1])
        lengths = [near[k] for k, default in self.start_counts.items() if default == len(sample) and isinstance(near.get(k), int)]
        n = lengths[0] if lengths else len(sample)
        words = sorted(set(sample) | self.words.get(name, set()), key=str)
        if len(words) == 1 and type(words[0]) is int:
            words.insert(0, words[0] + 1)  # else the list could not be told from the library's own
        mixed = [words[(k * 7 // 3) % len(words)] for k in range(n)]
        return [mixed, [words[0]] * n, [words[-1]] * n, mixed[::-1]]


def shrink(env, hints, most=3):
    """Few rounds in every loop, each count another, and the per-layer lists cut to match."""
    env = copy.deepcopy(env)
    counts = [p for p, v in leaves(env) if dotted(p) in hints.counts and isinstance(v, int) and not isinstance(v, bool) and v > 3]
    for k, path in enumerate(counts):
        set_count(env, path, min(LAYER_COUNTS[k % 3], most))
    return env


def set_count(env, path, n):
    """A layer count and the lists that have one entry per layer."""
    old = get(env, path)
    put(env, path, n)
    for other, value in list(leaves(env)):
        if other[:-1] == path[:-1] and isinstance(value, list) and len(value) == old and old != n:
            put(env, other, (value * (n // len(value) + 1))[:n] if value else value)


def _copied(env):
    new = copy.copy(env)
    for key, value in env.items():
        if isinstance(value, E.Scope):
            new[key] = _copied(value)
    return new


def change(env, path, value, hints):
    """The env with one field changed, and what must follow it. The values of the other fields are shared: nobody changes them."""
    new = _copied(env)
    if dotted(path) in hints.counts and isinstance(value, int) and isinstance(get(env, path), int):
        set_count(new, path, value)
    else:
        put(new, path, value)
    near = get(new, path[:-1])
    if path[-1] == "_out_indices" and value and isinstance(near.get("stage_names"), list):  # a backbone says the same thing twice
        near["_out_features"] = [near["stage_names"][i % len(near["stage_names"])] for i in value]
    return new


def working(run, env, hints, usable, hopeless, most=250):
    """env, or something near it that the library accepts: not every default can be built. Raises the library's refusal of env.

    What the constructor read last before it gave up is changed first; of the changes that get further, the furthest is built on.
    hopeless: the refusals of the classes before that were searched in vain; of these, little more is tried.
    """
    rng, queue, tried, refusal = random.Random(0), [(0, 0, env)], 0, None
    while queue and tried < most:
        queue.sort(key=lambda x: x[:2])
        _, depth, here = queue.pop(0)
        try:
            run(copy.deepcopy(here))
            return here
        except Exception as e:
            refusal = refusal or e
            trace = getattr(e, "tare_trace", None)
            if here is env:
                reason = f"{e} {list(trace.reads)[-2:] if trace is not None else ''}"
                most = most // 5 if reason in hopeless else most
            reached = len(trace.births) if trace is not None else 0
        known = {dotted(path): path for path, _ in leaves(here) if usable(path)}
        last = [known[name] for name in reversed(list(trace.reads)) if name in known][:8] if trace is not None and depth < 3 else []
        last.sort(key=lambda path: get(here, path) is not None)  # what is not set is more often to blame
        for path in last:
            for other in hints.variations(path, get(here, path), here, rng)[:6]:
                tried += 1
                new = change(here, path, other, hints)
                try:
                    run(copy.deepcopy(new))
                    return new
                except Exception as e:
                    trace = getattr(e, "tare_trace", None)
                    further = len(trace.births) if trace is not None else 0
                    if further > reached or str(e) != str(refusal):
                        queue.append((-further, depth + 1, new))
    hopeless.add(reason)
    raise refusal


class Explorer:
    """run(env) -> (conditions, runs, reads, result); raises where the library refuses.

    is_head(result): most of the result is a model that another class describes, so that less is to be found out.
    """

    def __init__(self, run, env, hints, budget=90, seed=0, usable=lambda path: True, small=True, is_head=lambda result: False):
        self.run, self.hints, self.budget, self.rng, self.usable = run, hints, budget, random.Random(seed), usable
        self.results, self.tried, self.conditions, self.refusals, self.raised = [], set(), {}, [], []
        self.answers = {}  # id of an accepted config -> {(question, answer)}
        self.start, self.small, self.is_head, self.reads = env, small, is_head, set()
        self.hopeless, self.repairs = set(), REPAIRS
        self.effort, self.heavy = {}, set()  # id of an accepted config -> how much work it was; of those that were too much

    def attempt(self, env):
        key = repr(sorted(map(repr, leaves(env))))
        if key in self.tried or self.budget <= 0:
            return None
        self.tried.add(key)
        self.budget -= 1
        try:
            conditions, runs, reads, result = self.run(copy.deepcopy(env))
        except Exception as e:  # the library refuses this config, or it is nonsense: nothing to learn for sizes
            self.refusals.append((env, e))
            trace = getattr(e, "tare_trace", None)
            if trace is not None:
                self.raised.append(e.tare_reason)
                self.hints.learn([c for group in trace.asked.values() for c in group], [])
            return None
        self.hints.learn(conditions, runs)
        self.reads = self.reads | reads
        self.effort[id(env)] = work(conditions, runs)
        if self.small and self.effort[id(env)] > MUCH:
            self.heavy.add(id(env))
        self._note(conditions, env)
        self.results.append((env, result))
        return result

    def _note(self, conditions, env):
        for c in conditions:
            flat = E.substitute(c.expr, lambda x: ("var", "i") if x[0] == "loop" else None)
            source = E.text(flat)
            flat, outcomes, asked_in = self.conditions.setdefault(source, (flat, set(), env))
            outcomes.add(c.outcome)
            self.answers.setdefault(id(env), set()).add((source, c.outcome))
            if id(asked_in) in self.heavy and id(env) not in self.heavy:  # rather ask again where that is little work
                self.conditions[source] = flat, outcomes, env

    def explore(self):
        if self.attempt(self.start) is None:
            raise self.refusals[-1][1]
        if self.is_head(self.results[0][1]):
            self.budget //= 2
        self.base = self.start
        if self.small:
            self.base = shrink(self.start, self.hints, 1 if self.is_head(self.results[0][1]) else 3)
        if self.attempt(self.base) is None and self.heavy:
            self.base = self.start
        if id(self.base) in self.heavy:
            self._lighten()
        for _ in range(2):  # fields that only appear once another is set
            known = self.reads, {name: set(words) for name, words in self.hints.words.items()}
            self._allow(4 * len(self._fields()))
            self._single()
            if known == (self.reads, self.hints.words):
                break
        self._pairs()
        self._allow(FLIPS)
        self._flip()
        self.pool = [env for env in [self.start, self.base, *(env for env, _ in self.results)] if id(env) not in self.heavy]
        self._allow(24)
        self._many(24)
        self._allow(FLIPS)
        self._flip()
        return self.results

    def _allow(self, attempts):
        """Configs of many fields have used up the budget early; what follows is needed for these as well."""
        self.budget = max(self.budget, attempts)

    def _lighten(self):
        """Makes the base little work, where it is much; two rounds of a loop remain, which tell more than one."""
        def numbers(env):
            return {p: (dotted(p) in self.hints.places, v) for p, v in leaves(env) if type(v) is int and v > 3 and dotted(p) in self.reads and self.usable(p)}

        def attempt(env):
            return self.effort[id(env)] if self.attempt(env) is not None else None

        self.base = lighter(self.base, self.effort[id(self.base)], numbers, lambda env, path: change(env, path, get(env, path) // 2, self.hints), attempt)

    def refused(self):
        """Answers after which the library always gave up, and that no accepted config ever gave: (question, answer)."""
        out = {}
        for last in self.raised:
            if last is None or any(x[0] == "loop" for x in E.walk(last.expr)) or not E.names(last.expr):
                continue
            seen = self.conditions.get(E.text(last.expr))
            if seen is not None and last.outcome not in seen[1]:
                out[E.text(last.expr)] = (last.expr, last.outcome)
        return list(out.values())

    def fresh(self, n):
        """n more random configs that the library accepts, for checking what was learnt from the others."""
        before = len(self.results)
        self.budget = max(self.budget, 0) + 3 * n
        self._many(3 * n, most=n)
        return self.results[before:]

    def _fields(self):
        """What may be changed: switches first, and last what has many variations."""
        found = [(p, v) for p, v in leaves(self.base) if dotted(p) in self.reads and self.usable(p)]
        return [p for p, v in sorted(found, key=lambda x: ("rope" in x[0][-1], not isinstance(x[1], (bool, type(None), str))))]

    def _single(self):
        for path in self._fields():
            value = get(self.base, path)
            if isinstance(value, bool) and self._is_poorer():
                self.attempt(change(self.start, path, not value, self.hints))
            good, refused = 0, None
            for other in self.hints.variations(path, value, self.base, self.rng):
                env = change(self.base, path, other, self.hints)
                if self.attempt(env) is not None:
                    good += 1
                    if good >= (12 if "rope" in path[-1] else 5 if isinstance(value, (str, list, dict)) else 3):
                        break
                else:
                    refused = refused or env
            if not good and refused is not None and (value is None or isinstance(value, bool)):
                self._attempt_repaired(refused, {dotted(path)})

    def _is_poorer(self):
        """Whether the base shows less than the default config, as where it has too few layers to have one of each kind."""
        return id(self.start) not in self.heavy and not self.answers.get(id(self.start), set()) <= self.answers.get(id(self.base), set())

    def _pairs(self, most=30):
        """Two switches at once: how constructors combine them is what single changes do not show."""
        switches = [p for p in self._fields() if isinstance(get(self.base, p), bool)]
        pairs = [(a, b) for k, a in enumerate(switches) for b in switches[k + 1 :]]
        for a, b in self.rng.sample(pairs, min(most, len(pairs))):
            env = change(self.base, a, not get(self.base, a), self.hints)
            self.attempt(change(env, b, not get(env, b), self.hints))
        rotary = [p for p in self._fields() if re.search("rope|rotary|^layer_types$", p[-1])]  # several spellings of one thing, that may be set for each kind of layer
        for a, b in [(a, b) for a in rotary for b in rotary if a != b] * 8:
            env = self.base
            for path in (a, b):
                options = self.hints.variations(path, get(env, path), env, self.rng)
                env = change(env, path, self.rng.choice(options), self.hints) if options else env
            self.attempt(env)

    def _many(self, n, most=10_000):
        fields = self._fields()
        for _ in range(n):
            env = copy.deepcopy(self.rng.choice(self.pool))
            for path in self.rng.sample(fields, min(len(fields), self.rng.choice([2, 3, 5, 8]))):
                options = self.hints.variations(path, get(env, path), env, self.rng)
                if options:
                    env = change(env, path, self.rng.choice(options[:3]), self.hints)
            most -= self.attempt(env) is not None
            if most <= 0:
                return

    def _flip(self):
        for flat, outcomes, asked_in in sorted(self.conditions.values(), key=lambda x: E.size(x[0])):  # the long ones are often many of a kind
            if len(outcomes) == 2:
                continue
            wanted, refused = not next(iter(outcomes)), None
            for env in self._envs_for(flat, wanted, asked_in):
                accepted = self.attempt(env) is not None
                if accepted and len(outcomes) == 2:
                    break
                refused = refused if accepted else refused or env
            if len(outcomes) == 1 and refused is not None:
                self._attempt_repaired(refused, E.names(flat))

    def _attempt_repaired(self, env, names):
        """Tries a refused config with something else than `names` changed as well: a switch may need what it switches on."""
        if self.repairs <= 0:
            return
        self.repairs -= 1
        try:
            repaired = working(self.run, env, self.hints, lambda path: self.usable(path) and not {dotted(path), path[0]} & names, self.hopeless, most=12)
        except Exception:
            return
        self.attempt(repaired)

    def _envs_for(self, question, wanted, asked_in, most=4):
        made = 0
        yield from _with_key(question, wanted, asked_in)
        names, source = E.names(question), E.text(question)
        places = range(3) if any(x == ("var", "i") for x in E.walk(question)) else range(1)
        for path in [p for p in self._fields() if dotted(p) in names or p[0] in names]:
            for env in [asked_in, self.base] + [e for e, _ in self.rng.sample(self.results, min(2, len(self.results)))]:
                for other in self.hints.variations(path, get(env, path), env, self.rng):
                    new = change(env, path, other, self.hints)
                    if any(_answer(source, new, i) == wanted for i in places):
                        yield new
                        made += 1
                        if made >= most:
                            return


def _with_key(question, wanted, env):
    """For the question whether a key is in an object: the env with it, or without."""
    if question[0] != "cmp" or question[1] != "in" or question[2][0] != "const" or question[3][0] not in ("name", "item"):
        return
    new = copy.deepcopy(env)
    try:
        target = E.evaluate(question[3], new)
    except Exception:
        return
    if isinstance(target, dict):
        key = question[2][1]
        for value in (0.5, 1) if wanted else (None,):
            if wanted:
                target[key] = value
            else:
                target.pop(key, None)
            yield copy.deepcopy(new)


def _answer(question, env, i):
    try:
        return bool(E.evaluate(question, env, {"i": i}))
    except Exception:
        return None
