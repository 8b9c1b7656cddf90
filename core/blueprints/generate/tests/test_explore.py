# SPDX-License-Identifier: Apache-2.0
"""Which configs are tried."""
import dataclasses
import gc
import random
import unittest
import weakref

from torch import nn

from generate import expr as E
from generate import symbols as S
from generate.explore import Explorer, Seen
from generate.envs import change
from generate.flips import envs_for, with_another_number
from generate.hints import FILLED, Hints
from generate.loops import loop
from generate.trace import MOST_ROUNDS, TooLarge, Trace
from generate.transformers_types import may_change


class Inner(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.wide = bool(config["wide"])


class Outer(nn.Module):
    """Two places of one class, of which the second is there in few configs."""

    def __init__(self, config):
        super().__init__()
        self.first, self.second = Inner(config), Around(config) if config["deep"] and config["layers"] > 40 else None


class Around(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.inner, self.parts = Inner(config), [word in config["parts"] for word in ("key", "value")]


def run(env):
    with Trace() as trace:
        Outer({key: S.wrap(value, ("name", key)) for key, value in env.items()})
    return Seen(trace.all_asked(), list(trace.runs.values()), set(env), trace)


def run_narrow(env):
    with Trace() as trace:
        bool(S.wrap(env["width"], ("name", "width")) % 50 * 2 == 34)
    return Seen(trace.all_asked(), [], set(env), trace)


def run_strided(env):
    with Trace() as trace:
        bool(S.wrap(env["stride"], ("name", "stride")) > 4)
    return Seen(trace.all_asked(), [], set(env), trace)


def run_deep(env):
    """Reads `inner` where there are many layers alone."""
    with Trace() as trace:
        bool(S.wrap(env["layers"], ("name", "layers")) > 20)
    return Seen(trace.all_asked(), [], {"layers", *(["inner"] if env["layers"] > 20 else [])}, trace)


def run_gated(env):
    """Reads `inner` once both switches are set."""
    with Trace() as trace:
        deep = bool(S.wrap(env["first"], ("name", "first"))) and bool(S.wrap(env["second"], ("name", "second")))
    return Seen(trace.all_asked(), [], {"first", "second", *(["inner"] if deep else [])}, trace)


def run_padded(env):
    return dataclasses.replace(run_narrow(env), reads={"width", "pad_token_id"})


class Exploring(unittest.TestCase):
    def explored(self):
        more = {f"field{k}": k for k in range(20)}  # of which nothing depends
        explorer = Explorer(run, E.Scope({"wide": False, "deep": False, "layers": 3, "parts": ["other"], **more}), Hints({}), budget=100)
        explorer.explore()
        return explorer

    def test_a_limit_is_tried_from_both_sides_together_with_other_changes(self):
        more = {f"field{k}": k for k in range(4)}
        explorer = Explorer(run_strided, E.Scope({"stride": 32, **more}), Hints({}), budget=60)
        explorer.explore()
        known = len(explorer.results)
        explorer._many(30, explorer._fields(), [explorer.base])
        self.assertTrue(any(env["stride"] <= 4 for env, _ in explorer.results[known:]))

    def test_a_question_gets_both_answers_in_every_place(self):
        asked = {place: outcomes for (source, place, _), (_, outcomes, _) in self.explored().asked.places.items() if source == "wide"}
        self.assertEqual({("Inner", "Outer"): {False, True}, ("Inner", "Around", "Outer"): {False, True}}, asked)

    def test_what_only_the_default_config_reads_is_varied_there(self):
        explorer = Explorer(run_deep, E.Scope({"layers": 27, "inner": None}), Hints({"inner": {"int", "None"}, "layers": {"int"}}), budget=30)
        explorer.hints.counts.add("layers")
        explorer.explore()
        self.assertEqual(3, explorer.base["layers"])
        self.assertIn((27, 8), [(env["layers"], env["inner"]) for env, _ in explorer.results])

    def test_what_is_read_once_others_are_set_is_set_there(self):
        explorer = Explorer(run_gated, E.Scope({"first": False, "second": False, "inner": None}), Hints({"inner": {"int", "None"}}), budget=30)
        explorer.explore()
        self.assertTrue(explorer.set_where_read([("inner",)]))
        self.assertIn((True, True, 8), [(env["first"], env["second"], env["inner"]) for env, _ in explorer.results])

    def test_whether_a_switch_is_set_is_sought_with_every_rare_answer(self):
        explorer = self.explored()
        base = E.Scope({**explorer.base, "layers": 41})
        explorer.results = [(base, None)]
        explorer._seek([(("layers > 40",), f"field{k} > 50") for k in range(20)] * 20 + [(("layers > 40",), "wide")])
        self.assertIn((41, not base["wide"]), [(env["layers"], env["wide"]) for env, _ in explorer.results[1:]])

    def test_a_number_that_no_usual_variation_hits(self):
        question = ("cmp", "<", ("op", "%", ("name", "width"), E.const(16)), E.const(1))
        found = list(with_another_number(question, False, E.Scope({"width": 64, "other": 2}), [("width",), ("other",)], Hints({})))
        self.assertEqual([{"width": 65, "other": 2}], found)
        question = ("cmp", ">=", ("op", "-", ("name", "layers"), ("name", "shared")), E.const(0))
        found = list(with_another_number(question, False, E.Scope({"layers": 35, "shared": 5}), [("layers",), ("shared",)], Hints({})))
        self.assertEqual([{"layers": 3, "shared": 5}, {"layers": 35, "shared": 37}], found)

    def test_nested_configs_that_may_be_null(self):
        def run_nested(env):
            with Trace() as trace:
                for key in ("sound", "sight"):
                    bool(env[key] and S.wrap(env[key]["wide"], ("name", f"{key}.wide")))
            return Seen(trace.all_asked(), [], {"sound.wide", "sight.wide"}, trace)

        start = E.Scope({key: E.Scope({"wide": False}) for key in ("sound", "sight")})
        explorer = Explorer(run_nested, start, Hints({}), budget=40, optional=("sound", "sight"))
        explorer.explore()
        there = {tuple(env[key] is not None for key in ("sound", "sight")) for env, _ in explorer.results}
        self.assertEqual({(True, True), (True, False), (False, True), (False, False)}, there)
        self.assertIsNotNone(explorer.start["sound"])

    def test_a_padding_index_is_tried_where_there_is_none_and_not_varied_else(self):
        for usual, tried in ((None, [None, 1]), (0, [0, 1]), (7, [7])):
            explorer = Explorer(run_padded, E.Scope({"width": 64, "pad_token_id": usual}), Hints({}), budget=40, usable=may_change)
            explorer.explore()
            self.assertEqual(tried, list(dict.fromkeys(env["pad_token_id"] for env, _ in explorer.results)))

    def test_a_switch_in_an_object(self):
        question = ("not", ("item", ("name", "parts"), E.const("wide")))
        found = list(envs_for(question, False, E.Scope({"parts": {"wide": False, "deep": 1}}), list, [("parts",)], Hints({}), None))
        self.assertEqual([{"parts": {"wide": True, "deep": 1}}], found)
        self.assertEqual([], list(envs_for(question, False, E.Scope({"parts": {"wide": False}}), list, [], Hints({}), None)))

    def test_what_comes_from_other_fields_is_put_into_a_list_and_taken_out(self):
        question = ("cmp", "in", E.op("//", ("name", "size"), E.const(4)), ("name", "sizes"))
        for wanted, sizes, other in ((True, [1], [1, 16]), (False, [16, 1], [1])):
            found = next(envs_for(question, wanted, E.Scope({"size": 64, "sizes": sizes}), list, [("sizes",)], Hints({}), None))
            self.assertEqual(other, found["sizes"])
        self.assertEqual([], list(envs_for(question, True, E.Scope({"size": 64, "sizes": None}), list, [("sizes",)], Hints({}), None)))

    def test_a_size_that_cannot_be_null_is_switched_off_by_0(self):
        env, hints = E.Scope({"types": 2}), Hints({"types": {"int"}})
        self.assertEqual([{"types": 0}], list(envs_for(("name", "types"), False, env, list, [("types",)], hints, None))[:1])
        hints.types["types"].add(FILLED)
        self.assertEqual([], list(envs_for(("name", "types"), False, env, list, [("types",)], hints, random.Random(0)))[:1])
        hints.types["types"] = {"int", "None"}
        self.assertEqual([{"types": None}], list(envs_for(("name", "types"), False, env, list, [("types",)], hints, None)))

    def test_only_what_was_just_refused_is_repaired(self):
        def run(env):
            if env["wide"]:
                raise ValueError("too wide")
            return Seen([], [], set(env), None)

        explorer = Explorer(run, E.Scope({"wide": False}), Hints({}))
        for wide, refused in ((True, True), (False, False), (True, False)):
            env = E.Scope({"wide": wide})
            explorer.attempt(env)
            self.assertEqual(refused, explorer._is_refused(env))

    def test_a_word_in_the_other_case(self):
        question = ("cmp", "==", ("call", "upper", ("name", "kind")), ("name", "kind"))
        for word, other in (("SAME", "same"), ("?", "Aa")):
            self.assertEqual([{"kind": other}], list(envs_for(question, False, E.Scope({"kind": word}), list, [("kind",)], Hints({}), None)))

    def test_configs_with_such_a_number_can_be_left_out_again(self):
        explorer = Explorer(run_narrow, E.Scope({"width": 64, "kind": "a"}), Hints({}), budget=40)
        explorer.explore()
        odd = [env for env, _ in explorer.results if env["width"] % 50 == 17]
        self.assertTrue(odd)
        self.assertTrue(explorer.settle_for_less())
        self.assertFalse([env for env, _ in explorer.results if env["width"] % 50 == 17])
        self.assertFalse(explorer.settle_for_less())

    def test_no_config_gets_the_id_of_one_that_was_left_out(self):
        explorer = self.explored()
        env = E.Scope({**explorer.base, "layers": 17})
        explorer.attempt(env)
        explorer.unusual.add(id(env))
        kept = weakref.ref(env)
        del env
        self.assertTrue(explorer.settle_for_less())
        self.assertIsNotNone(kept())

    def test_a_backbone_says_twice_which_stages_it_hands_out(self):
        stages = E.Scope({"stage_names": ["stem", "a", "b"], "_out_features": ["b"], "_out_indices": [2]})
        for key, value in (("_out_indices", [0, 2]), ("_out_features", ["b", "stem", "another"])):
            changed = change(stages, (key,), value, Hints({}))
            self.assertEqual((["stem", "b"], [0, 2]), (changed["_out_features"], changed["_out_indices"]))

    def test_what_was_made_before_a_refusal_is_let_go(self):
        made = []

        def refuse(env):
            with Trace():
                made.append(weakref.ref(Outer({key: S.wrap(value, ("name", key)) for key, value in env.items()})))
                raise ValueError("not that wide") if env["wide"] else KeyError("deep")

        explorer = Explorer(refuse, E.Scope({"wide": True, "deep": False, "layers": 3, "parts": []}), Hints({}))
        self.assertIsNone(explorer.attempt(explorer.start))
        self.assertEqual("not that wide", str(explorer.refusals[0][1]))
        gc.collect()
        self.assertIsNone(made[0]())

    def test_a_table_over_all_pairs_of_pixels_is_too_much(self):
        with self.assertRaises(TooLarge), Trace() as trace:
            trace.all_rounds = MOST_ROUNDS - 10
            for _ in loop(range(3), 1):
                for _ in loop(range(9), 2):
                    pass

    def test_words_of_a_list_are_told_apart(self):
        answers = {tuple(word in env["parts"] for word in ("key", "value")) for env, _ in self.explored().results if env["deep"] and env["layers"] > 40}
        self.assertEqual({(True, False), (False, True), (True, True), (False, False)}, answers)


if __name__ == "__main__":
    unittest.main()
