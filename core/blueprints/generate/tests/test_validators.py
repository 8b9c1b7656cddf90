# SPDX-License-Identifier: Apache-2.0
"""What config classes check of their files: the types of all fields, lists of layers, rotary embeddings, what they compute."""
import unittest

from generate import fields, validators
from generate.transformers_types import prepare

from transformers import (FunnelConfig, Gemma3TextConfig, LlamaConfig, MambaConfig, ModernBertConfig, MptConfig, Phi3Config, Qwen2Config, Qwen2VLTextConfig, TimmBackboneConfig, UVDocBackboneConfig,
                          ViTConfig, Zamba2Config)


class TypesOfFields(unittest.TestCase):
    def rules(self, config_class):
        return {name: rule for rule, names in fields.type_rules(config_class).items() for name in names}

    def test_fields_that_no_size_reads_are_checked_too(self):
        rules = self.rules(LlamaConfig)
        self.assertEqual(["float", "bool", "None|int|list[int]", "None|float|int"], [rules[name] for name in ("initializer_range", "use_cache", "eos_token_id", "attention_dropout")])

    def test_fields_whose_type_is_a_text_are_not(self):
        self.assertNotIn("id2label", self.rules(LlamaConfig))

    def test_a_file_has_lists_for_tuples_objects_for_configs_and_words_of_a_choice(self):
        self.assertEqual("int|list[int]", self.rules(ViTConfig)["image_size"])
        self.assertEqual("None|dict", self.rules(MptConfig)["attn_config"])
        self.assertEqual("list[list[list[bool|int]]]", self.rules(UVDocBackboneConfig)["resnet_configs"])
        rules = self.rules(ModernBertConfig)
        self.assertEqual(["'cls'|'mean'", "None|dict['full_attention'|'sliding_attention', dict]"], [rules[name] for name in ("classifier_pooling", "rope_parameters")])


class Validators(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        prepare()

    def test_lists_of_layers_are_as_long_as_the_library_wants_them(self):
        known = dict.fromkeys(("layer_types", "num_hidden_layers"))
        found = [(one["when"], one["text"]) for one in validators.lists_of_layers(Qwen2Config, known, {"layer_types": ""})]
        self.assertEqual([("layer_types is not None and len(layer_types) != num_hidden_layers", "Qwen2Config needs len(layer_types) == num_hidden_layers.")], found)
        self.assertEqual([], validators.lists_of_layers(Qwen2Config, known, {"num_hidden_layers": ""}))
        self.assertEqual([], validators.lists_of_layers(LlamaConfig, known, {}))

    def test_a_list_that_is_one_and_the_same_for_any_number_of_layers(self):
        found = [one["when"] for one in validators.lists_of_layers(Zamba2Config, dict.fromkeys(("layers_block_type", "num_hidden_layers")), {})]
        self.assertEqual(["layers_block_type is not None and len(layers_block_type) != num_hidden_layers", "layers_block_type is None and num_hidden_layers != 54"], found)

    def test_the_keys_that_a_type_of_rotary_embedding_needs(self):
        found = validators.rope_types(LlamaConfig)
        self.assertEqual(["default", "dynamic", "linear", "llama3", "longrope", "proportional", "yarn"], sorted(found))
        self.assertEqual([[], ["factor"], ["factor", "low_freq_factor", "high_freq_factor"]], [found[word] for word in ("default", "linear", "llama3")])

    def test_words_that_one_class_alone_knows(self):
        self.assertEqual([], validators.rope_types(Qwen2VLTextConfig)["mrope"])
        self.assertEqual(["original_max_position_embeddings", "short_factor", "long_factor"], validators.rope_types(Phi3Config)["su"])
        self.assertNotIn("linear", validators.rope_types(Phi3Config))

    def test_nothing_is_said_where_there_is_no_rotary_embedding(self):
        self.assertEqual([{}, {}], [validators.rope_types(config_class) for config_class in (ViTConfig, MambaConfig)])

    def test_layers_of_several_kinds(self):
        self.assertIn("linear", validators.rope_types(Gemma3TextConfig))

    def test_what_a_class_computes(self):
        self.assertEqual(["'num_blocks' in config_json", "'num_hidden_layers' in config_json"], [one["when"] for one in validators.computed(FunnelConfig)])
        self.assertEqual([[], []], [validators.computed(config_class) for config_class in (LlamaConfig, TimmBackboneConfig)])


if __name__ == "__main__":
    unittest.main()
