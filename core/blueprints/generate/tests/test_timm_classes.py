# SPDX-License-Identifier: Apache-2.0
"""Classes of timm with rules for the arguments of their constructors, and the architectures that are these classes."""
import unittest
from unittest import mock

from generate import expr as E
from generate import timm_trace as T
from generate.examples import Unsolved
from generate.reference import differences
from generate.timm_classes import Described, Made, _parameters, _run, _such_as


class Base:
    def __init__(self, depth: int, width: int = 8, bias: bool = True):
        pass


class Derived(Base):
    def __init__(self, *args, width: int = 16, **kwargs):
        pass


class Closed(Base):
    def __init__(self, width: int = 16):
        pass


class Parameters(unittest.TestCase):
    def test_what_is_handed_on_counts_too(self):
        self.assertEqual({"width": 16, "bias": True}, {name: p.default for name, p in _parameters(Derived).items() if name != "depth"})
        self.assertEqual(["width"], list(_parameters(Closed)))


class Classes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.vit = Described(Made("test_vit"))

    def test_other_architectures_are_the_class_with_arguments_of_their_own(self):
        for name in ("vit_tiny_patch16_224", "vit_small_patch14_reg4_dinov2", "vit_base_patch16_siglip_gap_256"):
            self.assertTrue(self.vit.fits(Made(name)), name)

    def test_one_with_other_modules_is_not(self):
        for name in ("vit_base_patch16_rpn_224", "aimv2_large_patch14_224"):  # another block, another norm
            self.assertFalse(self.vit.fits(Made(name)), name)

    def test_arguments_as_published(self):
        for more in ({"init_values": 1e-5, "mlp_ratio": 5.33334}, {"patch_size": 14, "depth": 3, "reg_tokens": 8, "no_embed_class": True}, {"global_pool": "", "class_token": False}):
            scope = E.Scope({**self.vit.made.scope, **more})
            self.assertIsNone(differences(self.vit.body, scope, _run("test_vit", scope)[1], bare=False, covered=True), more)

    def test_a_word_that_nobody_tried_is_not_covered(self):
        scope = E.Scope({**self.vit.made.scope, "pos_embed": "rope"})
        self.assertIn("pos_embed in", differences(self.vit.body, scope, self.vit.made.root, covered=True))

    def test_its_own_arguments_stand_where_model_args_says_nothing(self):
        large, usual = Made("vit_large_patch16_224"), self.vit.usual()
        given = self.vit.node(large, "VisionTransformer", usual)["with"]
        self.assertEqual("depth if 'depth' in model_args else 24", given["depth"])
        self.assertEqual("[224, 224] if img_size is None else img_size", given["img_size"])
        self.assertNotIn("mlp_ratio", given)  # as the class has it

    def test_a_config_too_large_to_be_looked_at(self):
        with self.assertRaises(T.NotLookedAt):
            _run("test_vit", self.vit.made.scope, most_modules=10)

    def test_only_words_that_weigh_nothing_are_taken(self):
        self.assertIn("gelu_tanh", self.vit.harmless["act_layer"])
        self.assertNotIn("prelu", self.vit.harmless["act_layer"])
        self.assertNotIn("rmsnorm", self.vit.harmless["norm_layer"])


class Architectures(unittest.TestCase):
    def test_an_argument_that_no_expression_can_say_is_as_the_architecture_has_it(self):
        plain, wide = Made("xception41"), Made("xception71")
        self.assertNotIn("block_cfg", plain.scope)  # a list of objects
        self.assertNotEqual(plain.unsaid, wide.unsaid)

    def test_a_class_that_does_not_ask_about_a_classifier_has_none_too(self):
        self.assertIn("is_int(num_classes) and num_classes >= 0", Described(Made("deepseek_vit_412m_enc")).body["assumes"])


class Length(unittest.TestCase):
    def test_rules_longer_than_what_they_describe_are_none(self):
        with mock.patch("generate.timm_classes.LENGTH", 0), self.assertRaisesRegex(Unsolved, "longer"):
            Described(Made("test_vit"))


class Values(unittest.TestCase):
    def takes(self, value, *seen):
        return E.evaluate(("text", _such_as("value", seen)), E.Scope({"value": value}))

    def test_numbers(self):
        self.assertTrue(self.takes(7, 2, 4))
        self.assertFalse(self.takes(0, 2, 4))
        self.assertFalse(self.takes(2.5, 2, 4))
        self.assertFalse(self.takes(True, 2, 4))
        self.assertTrue(self.takes(0, 0, 4))
        self.assertTrue(self.takes(3, 2.5))

    def test_words_and_nothing(self):
        self.assertTrue(self.takes("avg", "avg", "max"))
        self.assertFalse(self.takes("other", "avg", "?"))
        self.assertTrue(self.takes(None, "avg", None))
        self.assertFalse(self.takes(None, "avg"))

    def test_lists_are_as_deep_as_those_that_were_seen(self):
        self.assertTrue(self.takes([1, 2, 3], [4, 4]))
        self.assertFalse(self.takes([[1], 2], [4, 4]))
        self.assertTrue(self.takes([[1], [2, 3]], [[4, 4], [4]]))
        self.assertFalse(self.takes([1, 2], [[4, 4], [4]]))
        self.assertTrue(self.takes([2, [3, 3]], [4, [4, 4]]))
        self.assertFalse(self.takes([[2], 3], [4, [4, 4]]))
        self.assertFalse(self.takes(4, [4, 4]))
        self.assertTrue(self.takes(4, [4, 4], 8))


class Ends(unittest.TestCase):
    def test_the_end_of_a_pool_is_told_by_the_pools_that_there_are(self):
        word = T.Word("catavgmax", ("name", "global_pool"))
        self.assertTrue(word.endswith("avgmax"))
        self.assertFalse(word.endswith("fast"))


if __name__ == "__main__":
    unittest.main()
