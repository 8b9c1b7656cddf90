# SPDX-License-Identifier: Apache-2.0
"""What a field of a config may be set to, by its type, its name and what constructors were seen to ask of it."""
import itertools
import re

from . import expr as E
from .envs import dotted, get

LAYER_COUNTS = (3, 2, 4, 1, 5, 13)
FILLED = "never null"  # among the kinds of a field: the config class puts something in the place of null
LAYERS = ("num_hidden_layers", "encoder_layers")  # where a config says how many there are
TELLING = 5  # of small numbers, one of which most that is computed from it is another
UNSEEN_COUNTS = (7, 2, 6)  # for configs that check: what was learnt by heart for the others is wrong for these


class Hints:
    """What is known about the fields: their declared types, the loops they count, the words they are compared with."""

    def __init__(self, types):
        self.types = types  # dotted path -> set of type names
        self.counts = set()  # dotted paths that are numbers of rounds of a loop
        self.periods = set()  # of those that the number of a round is divided by: every other layer, every sixth
        self.powers = set()  # of those of whose logarithm is one
        self.places = set()  # those of loops in which no module is made, while others make some
        self.words = {}  # dotted path -> strings it is compared with
        self.numbers = {}  # dotted path -> numbers it is compared with
        self.objects = {}  # dotted path -> objects that may stand there
        self.checking = False  # whether the variations are for configs that check what was learnt
        self.shares = ()  # of a number that is no whole one, which are others
        self.usual = {}  # integers of the config that exploring starts from, by dotted path
        self.start_counts = {}  # integers of the default config, by name
        self.own = {}  # dotted path -> what the library itself writes into files there
        self.samples = {}  # dotted path -> what the library makes of it when it is not given

    def learn(self, conditions, runs):
        modules = any(run.made for run in runs)
        for run in runs:
            for part in E.walk(run.count) if run.count is not None else ():
                if part[:2] == ("call", "log2"):
                    self.powers |= E.names(part)
            if run.count is not None and modules and not run.made:  # it goes over the places of a table
                self.places |= E.names(run.count)
            elif run.count is not None:
                self.counts |= _counted(run.count)
        for e in {repr(condition.expr): condition.expr for condition in conditions}.values():
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
            out = [value / 2, value * 2, 0.0, 1.0, *(value * share for share in self.shares)]
        elif isinstance(value, str):
            out = [*sorted(self.words.get(name, set()) - {value}), *_other_numbers(value), *_unknown_words(path[-1], value)]
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
            out[:0] = [self.own[name], *_other_tables(self.own[name])]
        if "None" in kinds and value is not None:
            out.insert(1, None)  # what null stands for may be something else than what a missing key does
        out[1:1] = self._of_other_kinds(kinds, value, get(env, path[:-1]))
        return out

    def _of_other_kinds(self, kinds, value, near):
        """A number where a list may stand, and the like."""
        if isinstance(value, bool):
            return []
        if "list" in kinds and isinstance(value, int):
            layers = next((near[name] for name in LAYERS if type(near.get(name)) is int), 0)
            return [[value, value * 2], *([[value * (1 + k % 2) for k in range(layers)]] if layers > 0 else [])]
        if "list" in kinds and value is None and "int" not in kinds:  # an old key may be anything
            return [[]]
        if "int" in kinds and isinstance(value, list) and value and isinstance(value[0], int):
            return [value[0]]
        return [True, False] if "bool" in kinds and isinstance(value, str) else []

    def _integers(self, name, value):
        if name in self.counts and self.checking:
            return [n for n in UNSEEN_COUNTS if n != value]
        if name in self.counts:
            usual = self.usual.get(name, 0)  # several rounds beyond those of another number too: `range(levels - outputs)`
            more = min((usual if usual in LAYER_COUNTS[:-1] else value) + 2, LAYER_COUNTS[-1])
            return [n for n in dict.fromkeys((*LAYER_COUNTS[:2], more, *LAYER_COUNTS[2:])) if n != value]
        if name in self.periods:
            return [n for n in dict.fromkeys((2, 1, 3, 4, value + 1, *self._near(name))) if n != value]
        if name in self.powers:
            return [n for n in (2, 4, value * 2, 1, 32) if n != value]
        near = self._near(name)
        if value <= 0:
            return [1, 2, 4, 8, *near]
        out = [value * 2, value * 3, value + 1, *near, max(1, value // 2), 1]
        if name.endswith("layers"):  # a loop inside torch: none is seen, and the last layers tell as much as the first
            out[:0] = [LAYER_COUNTS[-1], 1]
        return [x for x in dict.fromkeys(out) if x != value]

    def _near(self, name):
        """The whole numbers that a field was compared with, and those beside them."""
        return [int(n) + d for n in sorted(self.numbers.get(name, ())) for d in (0, 1, -1) if int(n) + d >= 0 and n < 1e6]

    def _lists(self, name, value, rng):
        words = sorted(self.words.get(name, set()) | {x for x in value if isinstance(x, str)})
        if not any(isinstance(x, str) for x in value) and self._word_lists(name):
            return self._word_lists(name)
        if value and all(isinstance(x, str) for x in value):
            shuffled = [rng.choice(words) for _ in value]
            return [shuffled, *([w] * len(value) for w in words), value[::-1], [*value[:-1], "another"], [*value, "another"]]
        if value and all(isinstance(x, bool) for x in value):
            return [[not x for x in value], [True] * len(value), [False] * len(value)]
        if name.split(".")[-1] == "_out_indices":
            return [[0], [1, 2], [0, 1, 2], [1], [2, 3]]
        if value and all(isinstance(x, int) for x in value):
            grown = [_more(x) for x in value]
            uneven = [x * (2 + k % 2) for k, x in enumerate(value)]
            more = [value[:-1], value + value[:1], uneven, value[:1], value[:2], value[:1] * len(value), [1] * len(value)]
            return [grown, [x + k for k, x in enumerate(value)], uneven[::-1], *more]  # one that falls: widths usually grow, which is no rule
        if not value:
            return [[0], [1], [0, 1]]
        return [*_other_tables(value), value[:-1], value + value[-1:]]

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
            out += [8, width // 2 or 1, 64, 1, 2, *self._near(name), width * 2]
        if "bool" in kinds:
            out += [True, False]
        if "float" in kinds:
            out += [0.5, 1.0]
        if "str" in kinds:
            out += sorted(self.words.get(name, set())) or ["?"]
        if "list" in kinds:
            stages = self.samples.get("stage_names")
            if path[-1] == "out_features" and stages:
                out += [stages[-1:], stages[1::2], stages, stages[:1]]
            sample = self.samples.get(name)
            out += [sample, *_other_tables(sample)] if _is_table(sample) else self._per_layer(name, env, path) or self._word_lists(name) or [[0], [0, 1], [1, 2], *_switches(get(env, path[:-1]).get("num_hidden_layers"))]
        return out

    def _word_lists(self, name):
        """Lists of the words that a field is compared with: all of them, and each alone."""
        words = sorted(self.words.get(name, set()))
        return [words, *([word] for word in words)] if words else []

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
            words.insert(0, _more(words[0]) if words[0] else TELLING)  # else the list could not be told from the library's own
        mixed = [words[(k * 7 // 3) % len(words)] for k in range(n)]
        return [mixed, [words[0]] * n, [words[-1]] * n, mixed[::-1]]


def _more(number):
    """So much more that a quotient is another too."""
    return number * 2 if number >= 8 else number + 1


def _switches(layers):
    """Lists that say for each layer whether it has something."""
    return [[(k + odd) % 2 for k in range(layers)] for odd in (0, 1)] if type(layers) is int else []


def _counted(count):
    """The names in a number of rounds, but for those in calls: the items of a list whose length it is are no counts."""
    return E.names(E.substitute(count, lambda e: E.NONE if e[0] == "call" else None))


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


def _unknown_words(name, value):
    """Activations are looked up by name, and most do not weigh anything; of other words it is to be seen which ones are asked for."""
    return [word for word in ("relu", "gelu") if word != value] if re.search(r"(^|_)act(ivation)?(_|$)", name) else ["?"]


def _other_numbers(text):
    """Where a text is made of numbers alone, as 4/8, the same with another one in each place."""
    numbers = re.finditer(r"\d+", text) if re.fullmatch(r"\d+(\D\d+)+", text) else ()
    return [f"{text[: number.start()]}{2 * int(number[0])}{text[number.end() :]}" for number in numbers]


def _other_tables(value):
    """For a list of lists, others: with numbers that grow alike, and not alike, with the switches turned, with a longer row."""
    if not _is_table(value):
        return []
    places = itertools.count()
    others = [
        _everywhere(value, lambda x: 2 * x if type(x) is int else x),
        _everywhere(value, lambda x: x + next(places) % 5 if type(x) is int else x),
        _everywhere(value, lambda x: not x if isinstance(x, bool) else x),
        _longer(value),
    ]
    return [other for other in others if other != value]


def _is_table(value):
    return isinstance(value, list) and any(isinstance(row, list) for row in value)


def _everywhere(value, change):
    return [_everywhere(x, change) for x in value] if isinstance(value, list) else change(value)


def _longer(value):
    """The first of the innermost lists is longer."""
    place = next((k for k, row in enumerate(value) if isinstance(row, list)), None)
    if place is None:
        return value + value[-1:]
    return [*value[:place], _longer(value[place]), *value[place + 1 :]]


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
