# SPDX-License-Identifier: Apache-2.0
"""Attributes of configs that are lists or objects: rules, and nothing learnt by heart."""
import copy
import types
import unittest

from generate import configs as C
from generate import expr as E
from generate import symbols as S
from generate import per_layer
from generate.config_part import ConfigPart
from generate.examples import Example
from generate.fields import legacy_keys
from generate.modules import unknown_reads
from generate.replacements import Replacements as tare
from generate.transformers_types import may_change, prepare

from transformers import Dots3NoteTextConfig, EfficientLoFTRConfig, LlamaConfig, OpenAIPrivacyFilterConfig, PreTrainedConfig

KINDS = [None, ["a", "b", "a"], ["b", "b", "b", "a"], ["a"], ["b"], ["b", "a", "a"]]


def results(values_of):
    """Traces of a config class whose attribute `places` is values_of(kinds, places as the file gives them)."""
    out = []
    for kinds in KINDS:
        for given in (None, [7, 8, 9]):
            scope = C.Inputs({"kinds": kinds, "places": given})
            with C.ConfigTrace(PreTrainedConfig) as trace:
                value = values_of(kinds, None if given is None else S.wrap(list(given), ("name", "places")))
            config = PreTrainedConfig.__new__(PreTrainedConfig)
            config.__dict__["places"] = value
            out.append(({}, (trace, scope, config)))
    return out


class Lists(unittest.TestCase):
    def test_the_places_of_a_word(self):
        def places(kinds, given):
            return given if given is not None else [2, 5, 7, 8] if kinds is None else [k for k, kind in enumerate(kinds) if kind == "a"]

        rule = E.text(C.derive(results(places), "places"))
        self.assertEqual(rule, "([2, 5, 7, 8] if kinds is None else [x for x in range(len(kinds)) if kinds[x] == 'a']) if places is None else places")

    def test_a_list_that_stands_in_for_null_has_the_rules_of_one_that_is_given(self):
        stage = C.ConfigStage(EfficientLoFTRConfig)
        made = [C.changed(stage, {"out_features": given}) for given in (None, [32, 48, 96, 256], [256] * 4)]
        self.assertEqual("[1] + ([64, 64, 128, 256] if out_features is None else out_features)[:-1]", E.text(C.derive(made, "stage_in_channels")))
        self.assertEqual("[64, 64, 128, 256] if out_features is None else out_features", E.text(C.derive(made, "out_features")))

    def test_lists_without_a_rule_are_not_learnt_by_heart(self):
        def places(kinds, given):
            return [len(kinds or "") * 31 % 7 + k for k in range(4)]

        with self.assertRaises(C.Unsolved):
            C.derive(results(places), "places")

    def test_what_old_files_list_in_an_object_is_counted_from_one(self):
        out = []
        for layers in (4, 6, 7):
            for old in (None, {"full": [2, 3]}, {"full": [1, layers]}, {"full": [4]}):
                with C.ConfigTrace(PreTrainedConfig) as trace:
                    given = S.wrap(copy.deepcopy(old), ("name", "old")) if old else None
                    made = ["slow" if i % 3 else "full" for i in tare.loop(tare.range(S.wrap(layers, ("name", "layers"))), "made")]
                    if given and "full" in given:
                        made = ["full" if i + 1 in old["full"] else "slow" for i in range(layers)]
                config = PreTrainedConfig.__new__(PreTrainedConfig)
                config.__dict__["kinds"] = made
                out.append(({}, (trace, C.Inputs({"layers": layers, "old": old, "kinds": None}), config)))
        rule = C.derive(out, "kinds")
        self.assertEqual(["slow", "full", "slow", "slow", "full"], E.evaluate(rule, E.Scope({"layers": 5, "old": {"full": [2, 5]}, "kinds": None})))
        self.assertEqual(["full", "slow", "slow", "full", "slow"], E.evaluate(rule, E.Scope({"layers": 5, "old": None, "kinds": None})))

    def test_what_an_object_in_an_object_lacks_is_not_taken_for_its_default(self):
        out = []
        for given in (None, {"full": {"theta": 7.0}}, {"full": {}}, {"full": {"theta": 9.0}}):
            scope = C.Inputs({"rope": given})
            with C.ConfigTrace(PreTrainedConfig) as trace:
                rope = None if given is None else S.wrap({key: dict(inner) for key, inner in given.items()}, ("name", "rope"))
                if not rope:
                    rope = {"full": {"theta": 5.0}}
            config = PreTrainedConfig.__new__(PreTrainedConfig)
            config.__dict__["rope"] = rope
            out.append(({}, (trace, scope, config)))
        rule = E.text(C.derive(out, "rope.full.theta"))
        self.assertEqual("(rope['full']['theta'] if 'theta' in rope['full'] else None) if rope else 5.0", rule)

    def test_an_object_for_each_kind_of_layer_is_there_where_there_are_such_layers(self):
        given, out = ("name", "layer_types"), []
        usual = ("list", ("if", ("cmp", ">", ("op", "%", ("name", "layers"), E.const(3)), E.const(1)), E.const("slow"), E.const("full")), E.const("full"))
        settled = ("if", ("cmp", "is", given, E.NONE), usual, given)
        for layers, kinds in [*((n, None) for n in range(1, 9)), (1, ["full"]), (2, ["slow", "full"]), (2, ["slow", "slow"]), (5, ["full"] * 5)]:
            scope = C.Inputs({"layer_types": kinds, "layers": layers, "rope": None})
            with C.ConfigTrace(PreTrainedConfig) as trace:
                config = PreTrainedConfig.__new__(PreTrainedConfig)
                config.__dict__["rope"] = {kind: {"theta": 5.0} for kind in set(E.evaluate(settled, scope))}
            out.append(({}, (trace, scope, config)))
        path = "rope.slow.theta"
        rule = C.derive(out, path, per_layer.kinds_on_the_way(path, {"layer_types": settled}))
        self.assertEqual(E.text(("if", ("cmp", "in", E.const("slow"), settled), E.const(5.0), E.NONE)), E.text(rule))

    def test_an_object_that_is_always_there_has_a_path_that_says_so(self):
        out = []
        for given in (None, {"theta": 7.0}, {"theta": 9.0, "share": 0.5}):
            scope = C.Inputs({"rope": given})
            with C.ConfigTrace(PreTrainedConfig) as trace:
                rope = S.wrap(dict(given), ("name", "rope")) if given else {"theta": 5.0}
            config = PreTrainedConfig.__new__(PreTrainedConfig)
            config.__dict__["rope"] = rope
            out.append(({}, (trace, scope, config)))
        for read in ({}, {"rope.share": E.const(None)}):
            derived = dict(read)
            ConfigPart(PreTrainedConfig, {}, set())._made_without_paths(out, "rope", derived)
            self.assertEqual({"rope.theta", *read}, set(derived))
            self.assertEqual("5.0 if rope is None else rope['theta']", E.text(derived["rope.theta"]))
        derived = {"rope.theta": E.const(5.0)}
        ConfigPart(PreTrainedConfig, {}, set())._made_without_paths(out, "rope", derived)
        self.assertEqual({"rope.theta": E.const(5.0)}, derived)

    def test_what_is_in_an_object_hangs_on_no_single_item_of_a_list(self):
        out = []
        for kinds in (["a", "a"], ["b", "b"], ["b", "a"]) * 2:  # where the second item is as good by coincidence
            scope = C.Inputs({"kinds": kinds, "share": 0.5})
            with C.ConfigTrace(PreTrainedConfig) as trace:
                for kind in S.wrap(kinds, ("name", "kinds")):
                    bool(kind == "a")
            config = PreTrainedConfig.__new__(PreTrainedConfig)
            config.__dict__["shares"] = S.SymDict({"a": S.wrap(0.5, ("name", "share")) if "a" in kinds else None}, E.NONE)
            out.append(({}, (trace, scope, config)))
        self.assertEqual("share if 'a' in kinds else None", E.text(C.derive(out, "shares.a")))

    def test_an_item_of_one_of_two_objects_or_none_at_all(self):
        out = []
        for old in (None, {}, {"kind": "x"}, {"kind": "x", "factor": [1.0]}):
            for new in (None, {"kind": "y"}, {"kind": "y", "factor": [2.0]}):
                scope = C.Inputs({"old": old, "new": new})
                with C.ConfigTrace(PreTrainedConfig) as trace:
                    used = S.wrap(old, ("name", "old")) or S.wrap(new, ("name", "new"))
                config = PreTrainedConfig.__new__(PreTrainedConfig)
                config.__dict__["new"] = used
                out.append(({}, (trace, scope, config)))
        rule = E.text(C.derive(out, "new.factor"))
        for old, new, wanted in ((None, None, None), ({"kind": "x"}, {"factor": [2.0]}, None), ({"factor": [3.0]}, None, [3.0]), (None, {"factor": [4.0]}, [4.0])):
            self.assertEqual(wanted, E.evaluate(rule, {"old": old, "new": new}))


class Keys(unittest.TestCase):
    def test_keys_that_a_class_composes_are_found(self):
        keys = legacy_keys(Dots3NoteTextConfig)
        self.assertLessEqual({"swa_kv_lora_rank", "swa_num_attention_heads", "use_dsa"}, set(keys))
        self.assertNotIn("swa_vocab_size", keys)

    def test_old_keys_are_not_assumed_away_where_a_class_declares_its_labels(self):
        prepare()
        made = ConfigPart(OpenAIPrivacyFilterConfig, {}, set()).make({"Model": {"parameters": {"weight": ["rope_parameters['rope_theta']", "num_labels"]}}})
        self.assertEqual([], [a for a in made.get("assumes", ()) if "rope_theta" in a])
        self.assertIn("rope_theta", made["derived"]["rope_parameters.rope_theta"])
        self.assertEqual("len(id2label) if id2label is not None else num_labels if 'num_labels' in config_json else 33", made["derived"]["num_labels"])

    def test_a_number_of_labels_is_set_after_their_names_where_the_class_does_not_see_to_it(self):
        self.assertEqual([True, False], [C.prefers_names(config_class) for config_class in (OpenAIPrivacyFilterConfig, LlamaConfig)])
        made = ConfigPart(LlamaConfig, {}, set()).make({"Model": {"parameters": {"weight": ["num_labels"]}}})
        self.assertEqual("num_labels if 'num_labels' in config_json else len(id2label) if id2label is not None else 2", made["derived"]["num_labels"])

    def test_what_decides_whether_there_are_masks_is_no_matter_of_training(self):
        self.assertTrue(all(may_change((name,)) for name in ("mask_time_prob", "mask_feature_prob")))
        self.assertFalse(any(may_change((name,)) for name in ("attention_probs_dropout_prob", "layerdrop_prob")))

    def test_names_that_the_class_puts_elsewhere_are_no_attributes(self):
        reads = {"head_dim", "partial_rotary_factor", "nobody_knows", "hidden_size"}
        self.assertEqual({"nobody_knows"}, unknown_reads(reads, LlamaConfig()))

    def test_a_per_layer_attribute_may_depend_on_the_kind_that_the_class_settles(self):
        config = PreTrainedConfig.__new__(PreTrainedConfig)
        config.__dict__["layer_types"] = ["full", "slow"]
        traces = [({}, (None, None, config))]
        asked = [E.text(question) for question in per_layer.questions("per_layer_head_dim", traces, {"layer_types": ("text", "kinds or other")})]
        self.assertEqual(["(kinds or other)[i] == 'full'", "(kinds or other)[i] == 'slow'"], asked)
        self.assertEqual([], per_layer.questions("head_dim", traces, {}))

    def test_layers_of_a_kind_are_compared_in_nested_configs_too(self):
        asked = (per_layer.BY_KIND, ("cmp", "==", ("item", ("name", "text_config.per_layer_head_dim"), E.const(0)), E.const(8)))
        even, uneven = (E.Scope({"per_layer_head_dim": widths, "layer_types": ["full", "slow", "full"]}) for widths in ([8, 4, 8], [8, 4, 4]))
        accepted = [Example(types.SimpleNamespace(passed_over=[asked]), E.Scope({"text_config": text}), None) for text in (even, uneven)]
        [alike] = per_layer.alike_within_kinds(accepted[:1])
        self.assertTrue(E.evaluate(alike, accepted[0].scope))
        self.assertFalse(E.evaluate(alike, accepted[1].scope))
        self.assertEqual([], per_layer.alike_within_kinds(accepted))


if __name__ == "__main__":
    unittest.main()
