# SPDX-License-Identifier: Apache-2.0
"""Which configs to trace: the default, each field changed alone, many at once, and whatever flips a condition seen one-sided."""
import copy
import dataclasses
import itertools
import random
import re

from . import expr as E
from .asked import Asked
from .doubts import apart
from .envs import change, dotted, get, has, leaves, set_count
from .flips import envs_for, with_another_number, with_answer
from .hints import LAYER_COUNTS
from .lighter import MUCH, lighter, work
from .repair import working

FLIPS = 40  # attempts that a round of flipping conditions may always make
UNLIKELY = 13  # labels: there are two by default, which much else is by chance
PAIRS = 40  # answers of two questions that one constructor asks and that are sought together
TRIES = 2  # configs, for each answer, in which a question of a rule is given the other one, and ways to give it
REPAIRS = 4  # refused configs for which something else to change is sought


def shrink(env, hints, usable, most=3):
    """Few rounds in every loop that may be changed, each count another, and the per-layer lists cut to match."""
    env = copy.deepcopy(env)
    counts = [p for p, v in leaves(env) if dotted(p) in hints.counts and isinstance(v, int) and not isinstance(v, bool) and v > 3 and usable(p)]
    for k, path in enumerate(counts):
        set_count(env, path, min(LAYER_COUNTS[k % 3], most))
    return env


@dataclasses.dataclass
class Seen:
    """What a run noticed."""

    conditions: list
    runs: list
    reads: set  # dotted paths of the fields that were read
    result: object
    within: set = dataclasses.field(default_factory=set)  # of the fields, those that only models read which are described elsewhere
    own: list | None = None  # the conditions that were not asked in such models; None: all
    rounds: list = dataclasses.field(default_factory=list)  # as conditions: whether the loops that such models do not run go round more than once
    channels: dict = dataclasses.field(default_factory=dict)  # path of a nested config -> the numbers of channels that its backbone hands out


class Explorer:
    """run(env) -> Seen; raises where the library refuses.

    What only models within read changes nothing that is not described with them: such fields are left as they are, but in the
    configs that check what was learnt, and after widen().

    optional: the keys of nested configs that may be null. is_head(result): most of the result is a model that another class describes, so that less is to be found out.
    """

    def __init__(self, run, env, hints, budget=90, seed=0, usable=lambda path: True, small=True, is_head=lambda result: False, optional=()):
        self.run, self.hints, self.budget, self.rng, self.usable = run, hints, budget, random.Random(seed), usable
        self.results, self.tried, self.refusals, self.raised = [], set(), [], []
        self.accepted = []  # all configs that were, those too that are no longer in the results: much is known by their ids, which no other config may get
        self.revealing = []  # configs that asked what none before did
        self.start, self.small, self.is_head, self.reads = env, small, is_head, set()
        self.own_reads, self.wide = set(), False  # the fields that were not read by models within alone; whether the others are varied too
        self.reads_of = {}  # id of an accepted config -> the fields that were not read by models within alone
        self.hopeless, self.repairs = set(), REPAIRS
        self.optional = optional
        self.choices = 3  # of the variations of a field, those that are tried together with others; None: all
        self.unusual = set()  # ids of accepted configs with a number that was only taken to get the other answer to a question
        self.effort, self.heavy = {}, set()  # id of an accepted config -> how much work it was; of those that were too much
        self.asked = Asked(self.heavy)

    def attempt(self, env):
        key = repr(sorted(map(repr, leaves(env))))
        if key in self.tried or self.budget <= 0:
            return None
        self.tried.add(key)
        self.budget -= 1
        try:
            seen = self.run(copy.deepcopy(env))
        except Exception as e:  # the library refuses this config, or it is nonsense: nothing to learn for sizes
            self.refusals.append((env, e))
            trace = vars(e).pop("tare_trace", None)
            e.__traceback__ = e.__cause__ = e.__context__ = None  # nor is anything kept of what was made before: gigabytes, where that is why it refuses
            if trace is not None:
                self.raised.append(e.tare_reason)
                self.hints.learn(trace.all_asked(), [])
            return None
        for path, values in seen.channels.items():
            get(env, tuple(path.split("."))).channels_of_backbone = values
        self.accepted.append(env)
        self.hints.learn(seen.conditions, seen.runs)
        self.reads |= seen.reads
        self.reads_of[id(env)] = seen.reads - seen.within
        self.own_reads |= self.reads_of[id(env)]
        self.effort[id(env)] = work(seen.conditions, seen.runs)
        if self.small and self.effort[id(env)] > MUCH:
            self.heavy.add(id(env))
        self.asked.note(seen.rounds, env)
        if self.asked.note(seen.conditions if seen.own is None else seen.own, env) and id(env) not in self.heavy:
            self.revealing.append(env)
        self.results.append((env, seen.result))
        return seen.result

    def explore(self):
        self.hints.usual = {dotted(path): value for path, value in leaves(self.start) if type(value) is int}
        if self.attempt(self.start) is None:
            raise self.refusals[-1][1]
        if self.is_head(self.results[0][1]):
            self.budget //= 2
        self.base = self.start
        if self.small:
            self.base = shrink(self.start, self.hints, self.usable, 1 if self.is_head(self.results[0][1]) else 3)
        if self.attempt(self.base) is None and self.heavy:
            self.base = self.start
        if "num_labels" in self.own_reads:
            labelled = change(self.base, ("num_labels",), UNLIKELY, self.hints)
            if self.attempt(labelled) is not None:
                self.base = labelled
        if id(self.base) in self.heavy:
            self._lighten()
        self._vary()
        self._pad()
        return self.results

    def _pad(self):
        """Configs with a padding index, of which torch asks whether the table is long enough; nothing else hangs on it, so that it is not varied else."""
        for path, value in leaves(self.base):
            if path[-1] == "pad_token_id" and not value and dotted(path) in self.reads:  # of 0 it asks nothing
                self.attempt(change(self.base, path, 1, self.hints))

    def widen(self):
        """Varies what models within read as well; False if that was done already, or there is nothing more to vary."""
        if self.wide or self.own_reads == self.reads:
            return False
        self.wide = True
        self._vary()
        return True

    def settle_for_less(self):
        """Leaves out what was only taken to get the other answer to a question, so that the question is assumed to have one; False if there is nothing."""
        before = len(self.results)
        self.results = [result for result in self.results if id(result[0]) not in self.unusual]
        return len(self.results) < before

    def _without_optional(self):
        """Configs without some of the nested ones that may be null: each alone, and all."""
        for keys in [*([key] for key in self.optional), self.optional]:
            for env in (self.base, self.start):
                env = copy.copy(env)
                env.update(dict.fromkeys(keys))
                self.attempt(env)

    def _vary(self):
        self._without_optional()
        for _ in range(2):  # fields that only appear once another is set
            known = self._fields(), {name: set(words) for name, words in self.hints.words.items()}
            self._allow(4 * len(self._fields()))
            self._single()
            if known == (self._fields(), self.hints.words):
                break
        self._pairs()
        self.follow_up()
        self.pool = [env for env in [self.start, self.base, *(env for env, _ in self.results)] if id(env) not in self.heavy]
        self._allow(24)
        self._many(24, self._fields())
        self._words()
        self._modes()
        self._rare(40)
        self._allow(FLIPS)
        self._flip(self.asked.questions.values())
        self._allow(FLIPS)
        self._flip(self.asked.one_sided_places())
        self._seek(self._apart())

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

    def fresh(self, n):
        """n more random configs that the library accepts, for checking what was learnt from the others."""
        before = len(self.results)
        self.budget = max(self.budget, 0) + 3 * n
        self.hints.checking = True
        self._many(3 * n, self._fields(wide=True), most=n - n // 3)
        self._rare(n, most=n // 3)
        self.hints.checking = False
        return self.results[before:]

    def against(self, doubts, most):
        """Configs that the library accepts with the other answer to `most` questions of rules, and the same to those before. doubts: those of doubts.py."""
        known = len(self.results)
        self._allow(2 * TRIES * TRIES * most)
        for before, question in self.rng.sample(doubts, min(most, len(doubts))):
            asked = [(env, E.holds(question, env)) for env, _ in self.results if id(env) not in self.heavy and all(E.holds(one, env) for one in before)]
            for wanted in (True, False):
                envs = [env for env, answer in asked if answer is not wanted and answer is not None]
                for env in self.rng.sample(envs, min(TRIES, len(envs))):
                    ways = with_answer(wanted, question, before, env, self._fields(wide=True), self.hints, self.rng)
                    for other in itertools.islice(ways, TRIES):
                        if self.attempt(other) is not None:
                            break
        return self.results[known:]

    def _seek(self, doubts):
        """against() for all that ask whether a field is set, which another setting soon shows, and for some of the others."""
        switches = [doubt for doubt in doubts if doubt[1] in self.reads]
        self.against(switches, 2 * PAIRS)
        self.against([doubt for doubt in doubts if doubt not in switches], PAIRS)

    def _apart(self):
        groups = self.asked.of_one_constructor()
        envs = [env for env, _ in self.results if id(env) not in self.heavy]
        return apart(groups, {source: [E.holds(source, env) for env in envs] for group in groups for source in group})

    def _fields(self, wide=False):
        """What may be changed: switches first, and last what has many variations."""
        reads = self.reads if wide or self.wide else self.own_reads
        found = [(p, v) for p, v in leaves(self.base) if dotted(p) in reads and self.usable(p)]
        return [p for p, v in sorted(found, key=lambda x: ("rope" in x[0][-1], not isinstance(x[1], (bool, type(None), str))))]

    def _single(self):
        for path in self._fields():
            here = self._where_read(path)
            value = get(here, path)
            if isinstance(value, bool) and self._is_poorer():
                self.attempt(change(self.start, path, not value, self.hints))
            good, refused = 0, None
            for other in self.hints.variations(path, value, here, self.rng):
                env = change(here, path, other, self.hints)
                if self.attempt(env) is not None:
                    good += 1
                    many = isinstance(value, (str, list, dict)) or dotted(path) in self.hints.powers or "list" in self.hints.types.get(dotted(path), ())
                    if good >= (12 if "rope" in path[-1] else 5 if many else 3):
                        break
                elif self._is_refused(env):
                    refused = refused or env
            if not good and refused is not None and (value is None or isinstance(value, bool)):
                self._attempt_repaired(refused, {dotted(path)})

    def _where_read(self, path):
        """The base, or, for a field that is only read once another is set, a config where it is."""
        known = self.reads_of.get(id(self.base))
        if known is None or dotted(path) in known:
            return self.base
        others = [env for env, _ in self.results if dotted(path) in self.reads_of[id(env)] and id(env) not in self.heavy]
        return next((env for env in others if env is not self.start), others[0] if others else self.base)  # the default config is more work than others

    def set_where_read(self, paths):
        """Sets fields that are null in the configs that read them: there may have been none when they were varied. Whether the library accepts any."""
        known = len(self.results)
        for path in filter(self.usable, paths):
            here = self._where_read(path)
            others = self.hints.variations(path, get(here, path), here, self.rng)
            self._allow(len(others))
            for other in others:
                if self.attempt(change(here, path, other, self.hints)) is not None:
                    break
        return len(self.results) > known

    def _is_poorer(self):
        """Whether the base shows less than the default config, as where it has too few layers to have one of each kind."""
        return id(self.start) not in self.heavy and not self.asked.of(self.start) <= self.asked.of(self.base)

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

    def _modes(self, most=80):
        """What only matters once a switch is on: in each config that asked something new, what is not set is set, one field at a time."""
        self._allow(most)
        least = self.budget - most
        while self.revealing:  # the last first: more must be set for what it asked
            env = self.revealing.pop()
            if env is self.start or env is self.base:
                continue  # that is where each field alone was varied
            for path in [path for path in self._fields() if has(env, path) and get(env, path) in (None, [])]:
                kinds = {}
                for other in self.hints.variations(path, get(env, path), env, self.rng):
                    kinds.setdefault(type(other), other)
                for other in kinds.values():
                    if self.budget <= least:
                        return
                    self.attempt(change(env, path, other, self.hints))

    def _rare(self, n, most=10_000):
        """n random configs near those that got an answer as few others did: how the fields of such questions, and the numbers of rounds, go together then is not seen elsewhere."""
        rare = self.asked.rare([env for env, _ in self.results])
        names = self.asked.names(source for source, _ in rare)
        fields = [path for path in self._fields() if dotted(path) in names | self.hints.counts]
        for pool in self.rng.choices(list(rare.values()), k=n) if rare and fields else ():
            accepted = len(self.results)
            self._many(1, fields, pool, changes=(1, 2, 3))
            most -= len(self.results) - accepted
            if most <= 0:
                return

    def _many(self, n, fields, pool=None, most=10_000, changes=(2, 3, 5, 8)):
        limited = self.asked.limited()  # the first variations are larger: all on one side of the limit
        for _ in range(n):
            env = copy.deepcopy(self.rng.choice(pool or self.pool))
            for path in self.rng.sample(fields, min(len(fields), self.rng.choice(changes))):
                if not has(env, path):
                    continue
                options = self.hints.variations(path, get(env, path), env, self.rng)
                if options:
                    env = change(env, path, self.rng.choice(options if dotted(path) in limited else options[: self.choices]), self.hints)
            most -= self.attempt(env) is not None
            if most <= 0:
                return

    def follow_up(self):
        """Sets what matters in the configs that asked something new, and finds the other answer to all questions so far that only ever had one."""
        self._modes()
        self._allow(FLIPS)
        self._flip(self.asked.questions.values())

    def _flip(self, asked):
        """Finds the other answer to questions that only ever had one."""
        for flat, outcomes, asked_in in sorted(asked, key=lambda x: E.size(x[0])):  # the long ones are often many of a kind
            if len(outcomes) == 2:
                continue
            wanted, refused = not next(iter(outcomes)), None
            for env in self._envs_for(flat, wanted, asked_in):
                accepted = self.attempt(env) is not None
                if accepted and len(outcomes) == 2:
                    break
                refused = refused or (env if self._is_refused(env) else None)
            for env in with_another_number(flat, wanted, asked_in, self._fields(), self.hints) if len(outcomes) == 1 else ():
                if self.attempt(env) is not None:
                    self.unusual.add(id(env))
            if len(outcomes) == 1 and refused is not None:
                self._attempt_repaired(refused, E.names(flat))

    def _words(self):
        """Each word alone, and all of them, in lists of which it is asked whether a word is in them: words that always come together are not told apart."""
        fields = {dotted(path): path for path in self._fields()}
        for question, _, env in list(self.asked.questions.values()):
            if question[:2] != ("cmp", "in") or question[2][0] != "const" or type(question[2][1]) is not str or question[3][0] != "name" or question[3][1] not in fields:
                continue
            path = fields[question[3][1]]
            value = get(env, path)
            if value is None or isinstance(value, list) or "list" in self.hints.types.get(question[3][1], ()):
                count = len(value) if isinstance(value, list) and all(isinstance(x, str) for x in value) else 0
                for words in ([question[2][1]], sorted(self.hints.words[question[3][1]])):
                    new = change(env, path, [words[k % len(words)] for k in range(max(count, len(words)))], self.hints)
                    if self.attempt(new) is not None:
                        self.revealing.append(new)

    def _is_refused(self, env):
        """Whether the config that was attempted last is refused, and not one that was tried before."""
        return bool(self.refusals) and self.refusals[-1][0] is env

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

    def _envs_for(self, question, wanted, asked_in):
        def others():
            return [self.base, *(env for env, _ in self.rng.sample(self.results, min(2, len(self.results))))]

        return envs_for(question, wanted, asked_in, others, self._fields(), self.hints, self.rng)
