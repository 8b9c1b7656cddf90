# SPDX-License-Identifier: Apache-2.0
"""Nested configs: what they are made from, and what the config around them sets."""
import types
import unittest

from generate import expr as E
from generate import modules as M
from generate import told_types
from generate.config_part import ConfigPart
from generate.fields import legacy_keys
from generate.transformers_types import prepare

from transformers import Blip2Config, BltConfig, Cosmos3OmniConfig, DeformableDetrConfig, DetrConfig, DPTConfig, EncoderDecoderConfig, Molmo2Config, MoshiConfig
from transformers import OPTConfig, PaliGemmaConfig, Qwen2VLConfig, RfDetrConfig, Sam3TrackerVideoConfig, Sam3VisionConfig, T5Config, XLNetConfig


def part(config_class, reads=frozenset(), wanted=()):
    """The config part for a model that reads these paths, and whose shapes are made of what is wanted."""
    prepare()
    return ConfigPart(config_class, {}, set(reads)).make({"Model": {"parameters": {"weight": list(wanted)}}})


class Nested(unittest.TestCase):
    def test_what_the_config_around_it_sets_counts_where_a_model_reads_it(self):
        path = "global_config.encoder_cross_output_size"
        self.assertIn("hidden_size * cross_attn_k", part(BltConfig, {path})["sub_configs"]["global_config"]["then"]["encoder_cross_output_size"])
        self.assertNotIn("encoder_cross_output_size", part(BltConfig)["sub_configs"]["global_config"].get("then", {}))

    def test_a_key_whose_setter_goes_to_the_nested_config(self):
        made = part(Sam3VisionConfig)
        own = "(backbone_config.image_size if 'image_size' in backbone_config else None)"  # of whatever type it is
        self.assertEqual({"image_size": f"{own} if image_size is None else image_size"}, made["sub_configs"]["backbone_config"]["then"])
        self.assertIsNone(made["defaults"]["image_size"])

    def test_a_setter_that_calls_one_of_the_nested_config(self):
        then = part(Sam3TrackerVideoConfig)["sub_configs"]["vision_config"]["then"]
        self.assertEqual("1008 if image_size is None else image_size", then["backbone_config.image_size"])

    def test_a_field_that_the_config_around_it_hands_on_where_it_makes_one(self):
        then = part(DetrConfig, {"backbone_config.num_channels"}, wanted=["backbone_config.num_channels"])["sub_configs"]["backbone_config"]["then"]
        scope = {"backbone_kwargs": None, "use_timm_backbone": None, "num_channels": 5, "backbone_config": E.Scope({"num_channels": 3})}
        self.assertEqual(5, E.evaluate(then["num_channels"], E.Scope(scope, config_json={})))
        self.assertEqual(3, E.evaluate(then["num_channels"], E.Scope(scope, config_json={"backbone_config": {}})))

    def test_what_the_class_writes_itself_where_none_is_given(self):
        made = part(DeformableDetrConfig, wanted=["backbone_config.num_channels"])
        self.assertIn("'use_timm_backbone' not in config_json or use_timm_backbone is not None", made["assumes"])  # null means no there, though nothing means yes
        nested = made["sub_configs"]["backbone_config"]
        self.assertEqual("backbone_config", nested["from"])  # a `num_channels` beside it is none of its
        self.assertNotIn("num_channels", nested["then"])
        for file, given, name in (({}, None, "resnet50"), ({}, "resnet18", "resnet18"), ({"backbone_config": {}}, "resnet18", "resnet34")):
            scope = E.Scope(config_json=file, backbone=given, backbone_config=E.Scope(backbone="resnet34" if file else "resnet50"))
            self.assertEqual(name, E.evaluate(nested["then"]["backbone"], scope))

    def test_a_nested_config_made_of_what_a_flat_file_says(self):
        self.assertEqual("text_config if text_config is not None else config_json", part(Qwen2VLConfig)["sub_configs"]["text_config"]["from"])

    def test_a_class_that_takes_a_nested_config_for_one_type_whatever_it_says(self):
        made = part(Cosmos3OmniConfig)["sub_configs"]
        self.assertEqual("'qwen3_vl_vision'", made["vision_config"]["model_type"])
        self.assertIn("text_config['model_type']", made["text_config"]["model_type"])

    def test_what_the_config_around_it_sets_though_only_other_types_know_it(self):
        then = part(PaliGemmaConfig, {"vision_config.projection_dim"}, wanted=["vision_config.projection_dim"])["sub_configs"]["vision_config"]["then"]
        self.assertEqual({"projection_dim": "projection_dim"}, then)

    def test_a_name_that_only_other_types_know_is_null_where_it_is_not(self):
        asked = ["decoder.cross_attention_hidden_size != encoder.hidden_size"]
        then = part(EncoderDecoderConfig, wanted=asked)["sub_configs"]["decoder"]["then"]
        self.assertEqual({"cross_attention_hidden_size": "decoder.cross_attention_hidden_size if 'cross_attention_hidden_size' in decoder else None"}, then)

    def test_whether_the_type_of_a_nested_config_has_a_class(self):
        made = part(Blip2Config, wanted=["use_decoder_only_language_model"])
        rule = made["derived"]["use_decoder_only_language_model"]
        self.assertIn("has_auto(text_config, 'AutoModelForCausalLM')", rule)
        self.assertFalse([said for said in made.get("assumes", ()) if "has_auto" in said])
        for text_config, answer in ((OPTConfig(), True), (T5Config(), False)):
            self.assertEqual(answer, E.evaluate(rule, E.Scope(text_config=M.scope_of(text_config))))

    def test_when_there_is_one_that_may_be_null(self):
        when = part(DPTConfig, wanted=["is_hybrid", "backbone_config.depths"])["sub_configs"]["backbone_config"]["when"]
        given = {"model_type": "dinov2"}
        self.assertEqual([False, True, True], [bool(E.evaluate(when, E.Scope(is_hybrid=h, backbone_config=b))) for h, b in ((False, None), (True, None), (False, given))])

    def test_a_class_that_asks_for_a_type_is_described_for_that_and_for_another(self):
        asked = types.SimpleNamespace(questions={k: (question, outcomes, None) for k, (question, outcomes) in enumerate([
            (("cmp", "==", ("name", "inner.model_type"), E.const("swin")), {True}), (("cmp", "==", ("name", "inner.kind"), E.const("swin")), {True})])})  # fmt: skip
        self.assertEqual([("inner", "swin", True)], told_types.questions(asked))
        self.assertEqual({"model_type": "resnet", "out_indices": [1, 2, 3, 4]}, next(told_types.others("swin", True)))
        self.assertEqual([{"model_type": "swin", "out_indices": [1, 2, 3, 4]}, {"model_type": "swin"}], list(told_types.others("swin", False)))
        usual, other = {"class": "A"}, {"class": "B"}
        self.assertEqual([{"when": "inner.model_type == 'swin'", **usual}, other], told_types.together(usual, other, "inner", "swin", True, False))
        self.assertEqual([{"when": "inner is not None and inner.model_type == 'swin'", **other}, usual], told_types.together(usual, other, "inner", "swin", False, True))

    def test_keys_that_a_helper_takes(self):
        self.assertLessEqual({"backbone", "backbone_kwargs"}, set(legacy_keys(RfDetrConfig)))

    def test_properties_that_cannot_be_set_are_no_keys(self):
        self.assertIn("max_position_embeddings", legacy_keys(XLNetConfig))
        self.assertNotIn("name_or_path", legacy_keys(XLNetConfig))

    def test_an_old_key_for_a_nested_config_and_what_is_set_where_it_is_used(self):
        vision = part(Molmo2Config, {"vision_config.num_hidden_layers"})["sub_configs"]["vision_config"]
        self.assertEqual("vision_config if vision_config is not None else vit_config", vision["from"])
        self.assertTrue(vision["then"]["num_hidden_layers"].startswith("vision_config.num_hidden_layers if vit_config is None else max("))

    def test_what_follows_a_nested_config_only_where_the_file_gives_that(self):
        rule = part(MoshiConfig, wanted=["audio_vocab_size"])["derived"]["audio_vocab_size"]
        for file, size in (({}, None), ({"audio_encoder_config": {"codebook_size": 9}}, 9), ({"audio_encoder_config": {}}, 2048)):
            scope = E.Scope({"audio_vocab_size": None, "audio_encoder_config": E.Scope({"codebook_size": 2048, **file.get("audio_encoder_config", {})}), "config_json": file})
            self.assertEqual(size, E.evaluate(rule, scope))
            self.assertEqual(7, E.evaluate(rule, E.Scope({**scope, "audio_vocab_size": 7})))


if __name__ == "__main__":
    unittest.main()
