# SPDX-License-Identifier: Apache-2.0
"""Lists of words that old files write in codes."""
import unittest

from generate import coded
from generate import configs as C
from generate import expr as E
from generate.transformers_types import prepare

from transformers import DeepseekV4Config, NemotronHConfig

PATTERN, LIST = "hybrid_override_pattern", "layers_block_type"


class Coded(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        prepare()
        cls.stage = C.ConfigStage(NemotronHConfig, {LIST})
        cls.own = f"['linear_attention', 'moe', 'full_attention', 'mlp'] if {LIST} is None else {LIST}"

    def test_a_text_with_a_letter_for_each_layer(self):
        [(key, name, rule, known)] = coded.settled(self.stage, [PATTERN], [LIST], {LIST: self.own})
        self.assertEqual((PATTERN, LIST), (key, name))
        env = {**self.stage.start, PATTERN: "M-*E"}
        self.assertEqual(["linear_attention", "mlp", "full_attention", "moe"], E.evaluate(rule, env))
        self.assertEqual(["mlp"], E.evaluate(rule, {**env, LIST: ["mlp"]}))
        self.assertTrue(E.evaluate(known, env))
        self.assertFalse(E.evaluate(known, {**env, PATTERN: "M?"}))

    def test_a_list_with_a_number_for_each_layer(self):
        stage, name = C.ConfigStage(DeepseekV4Config, {"layer_types"}), "layer_types"  # the class refuses lists that are shorter than its layers
        [(key, _, rule, _)] = coded.settled(stage, ["compress_ratios"], [name], {})
        env = {**stage.start, "num_hidden_layers": 3, key: [0, 128, 4, 0]}
        self.assertEqual(["sliding_attention", "heavily_compressed_attention", "compressed_sparse_attention"], E.evaluate(rule, env))

    def test_keys_that_are_no_codes_stay_as_they_are(self):
        self.assertEqual([], coded.settled(self.stage, ["mamba_expand", "mamba_conv_bias"], [LIST], {LIST: self.own}))

    def test_a_key_on_which_more_than_the_list_depends_is_not_settled(self):
        self.assertEqual([], coded.settled(self.stage, [PATTERN], [LIST], {LIST: self.own, "conv_kernel": f"4 if {PATTERN} is None else 5"}))


if __name__ == "__main__":
    unittest.main()
