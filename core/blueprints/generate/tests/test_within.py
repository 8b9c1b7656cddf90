# SPDX-License-Identifier: Apache-2.0
"""What a class noticed itself, and what only the models within it did."""
import copy
import unittest

from generate import modules as M

import torch
from transformers import BertConfig, BertForSequenceClassification, BertModel, BertPreTrainedModel
from transformers import DeformableDetrConfig, DeformableDetrForObjectDetection, DetrConfig, DetrModel
from transformers import EncoderDecoderConfig, GroundingDinoConfig, GroundingDinoForObjectDetection, GroundingDinoModel, LlavaConfig, LlavaModel
from transformers import MaskFormerConfig, MaskFormerModel, RTDetrConfig, RTDetrModel, UperNetConfig, UperNetForSemanticSegmentation
from transformers import ZoeDepthConfig, ZoeDepthForDepthEstimation

from generate import expr as E
from generate.explore import Explorer, Seen
from generate.hints import Hints
from generate.no_split import handed_on
from generate.transformers_types import prepare, types_within
from generate.whole_models import Reference


class Shortened(BertPreTrainedModel):
    """It takes a layer out of the model within, so that this is described as a part of it."""

    def __init__(self, config):
        super().__init__(config)
        self.bert = BertModel(config)
        del self.bert.encoder.layer[0]
        self.post_init()


class Unfinished(BertPreTrainedModel):
    """The model within never says that its constructor is done."""

    def __init__(self, config):
        super().__init__(config)
        self.inner = Silent(config)
        self.last = torch.nn.Linear(config.vocab_size, 2)
        self.post_init()


class Silent(BertPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.first = torch.nn.Linear(config.hidden_size, 2)


class Within(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        prepare()

    def seen(self, cls):
        config = BertConfig(num_hidden_layers=2)
        return M.runner(cls, config)(M.scope_of(config))

    def test_a_head_reads_the_width_and_leaves_the_heads_to_the_model_within(self):
        seen = self.seen(BertForSequenceClassification)
        self.assertLessEqual({"num_attention_heads", "num_hidden_layers", "intermediate_size"}, seen.within)
        self.assertFalse({"hidden_size", "num_labels", "classifier_dropout", "tie_word_embeddings"} & seen.within)
        asked, own = ({name for c in conditions for name in E.names(c.expr)} for conditions in (seen.conditions, seen.own))
        self.assertIn("num_attention_heads", asked - own)

    def test_a_model_that_is_changed_is_part_of_the_class(self):
        seen = self.seen(Shortened)
        self.assertIn("num_attention_heads", seen.reads - seen.within)
        self.assertEqual(len(seen.conditions), len(seen.own))

    def test_a_model_within_one_that_is_changed_keeps_its_own_reads(self):
        config = DeformableDetrConfig(encoder_layers=1, decoder_layers=2, with_box_refine=True)  # which puts heads into the decoder of the model
        for _, inner in M.config_objects(config):
            M.unchecked(type(inner))
        seen = M.runner(DeformableDetrForObjectDetection, config)(M.scope_of(config))
        self.assertIn("backbone_config.output_stride", seen.within)
        self.assertIn("d_model", seen.reads - seen.within)

    def test_where_a_constructor_does_not_end_all_reads_count(self):
        self.assertEqual(set(), self.seen(Unfinished).within)


def _all(node):
    yield node
    for _, child in node.children:
        yield from _all(child)


class Open(unittest.TestCase):
    """Nested configs that may be of any type."""

    @classmethod
    def setUpClass(cls):
        prepare()

    def trace(self, cls, config):
        for _, inner in M.config_objects(config):
            M.unchecked(type(inner))
        return M.runner(cls, config)(M.scope_of(config)).result

    def test_the_models_within_are_of_the_classes_that_their_types_choose(self):
        layers = {"num_hidden_layers": 1}
        trace, root, _ = self.trace(LlavaModel, LlavaConfig(vision_config={"model_type": "siglip_vision_model", **layers}, text_config={"model_type": "qwen2", **layers}))
        self.assertEqual({"vision_tower": Reference("AutoModel", "vision_config"), "language_model": Reference("AutoModel", "text_config")},
                         {name: child.reference for name, child in root.children if child.reference})
        self.assertEqual(set(), trace.opened & trace.open)

    def backbone_of(self, cls, config):
        """(the reference of the first AutoBackbone in a tree, the paths that are no longer open)"""
        trace, root, _ = self.trace(cls, config)
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if node.reference is not None and node.reference.cls == "AutoBackbone":
                return node.reference, trace.opened & trace.open
            waiting += [child for _, child in node.children]

    def test_norms_that_give_way_to_others_do_so_in_models_of_any_type(self):
        small = {"depths": [1] * 4, "encoder_layers": 1, "decoder_layers": 1}
        reference, opened = self.backbone_of(RTDetrModel, RTDetrConfig(**small))
        self.assertEqual(set(), opened)
        frozen = {name: ["num_features"] for name in ("weight", "bias", "running_mean", "running_var")}
        self.assertEqual({"class": "RTDetrFrozenBatchNorm2d", "buffers": frozen}, reference.replace["BatchNorm2d"])
        self.assertEqual(reference.replace["BatchNorm2d"], reference.replace["BatchNormAct2d"])
        reference, _ = self.backbone_of(RTDetrModel, RTDetrConfig(**small, freeze_backbone_batch_norms=False))
        self.assertIsNone(reference.replace)

    def test_what_would_be_replaced_in_another_type_is_not_known(self):
        reference, opened = self.backbone_of(GroundingDinoModel, GroundingDinoConfig(encoder_layers=1, decoder_layers=2))
        self.assertEqual(set(), opened)
        self.assertEqual({"BatchNorm2d": None, "BatchNormAct2d": None, "SplitBatchNorm2d": None}, dict(reference.replace))

    def test_a_child_that_is_taken_out_where_there_is_one(self):
        reference, opened = self.backbone_of(DetrModel, DetrConfig(encoder_layers=1, decoder_layers=1))
        self.assertEqual(("backbone_config", "_backbone", set()), (reference.config, reference.child, opened))

    def test_which_type_it_is_may_be_a_question(self):
        for cls, config, question, answer in ((ZoeDepthForDepthEstimation, ZoeDepthConfig(), "backbone_config.model_type == 'swinv2'", False),
                                              (MaskFormerModel, MaskFormerConfig(), "backbone_config.model_type == 'swin'", True)):  # fmt: skip
            trace, _, _ = self.trace(cls, config)
            self.assertIn((question, answer), [(E.text(c.expr), c.outcome) for c in trace.all_asked()])
        trace, _, _ = self.trace(DetrModel, DetrConfig(encoder_layers=1, decoder_layers=1))  # what is trained hangs on a part of the name
        self.assertFalse([c for c in trace.all_asked() if "model_type" in E.text(c.expr)])

    def test_what_a_backbone_hands_out_is_known_by_its_name(self):
        config = UperNetConfig(backbone_config={"model_type": "resnet", "depths": [1, 1], "hidden_sizes": [8, 16], "out_features": ["stage1", "stage2"]}, use_auxiliary_head=False)
        M.unchecked(type(config.backbone_config))
        seen = M.runner(UperNetForSemanticSegmentation, config)(M.scope_of(config))
        self.assertEqual({"backbone_config": [8, 16]}, seen.channels)
        shapes = {E.text(e) for node in _all(seen.result[1]) for tensor in node.tensors for shape in tensor.exprs for e in [shape] if "channels(" in E.text(e)}
        self.assertIn("channels(backbone_config)[-1]", shapes)
        self.assertIn("backbone_config.hidden_sizes", seen.reads - seen.within)  # it changes something here as well

    def test_the_type_of_one_that_is_told_apart_is_no_longer_open(self):
        config = DetrConfig(backbone_config={"model_type": "resnet", "out_features": ["stage4"]}, encoder_layers=1, decoder_layers=1)
        trace, root, model = self.trace(DetrModel, config)
        self.assertEqual({"backbone_config"}, trace.opened & trace.open)
        self.assertEqual(["backbone_config.model_type == 'resnet'"], types_within([(M.scope_of(config), (trace, root, model))]))

    def test_what_a_model_between_hands_on_belongs_to_the_type_that_was_seen(self):
        layers = {"num_hidden_layers": 1}
        config = GroundingDinoConfig(text_config={"model_type": "roberta", **layers}, encoder_layers=1, decoder_layers=2)
        trace, root, model = self.trace(GroundingDinoForObjectDetection, config)
        self.assertIn("text_config", handed_on(root, model))
        self.assertIn("text_config.model_type == 'roberta'", types_within([(M.scope_of(config), (trace, root, model))]))

    def test_a_name_that_only_other_types_know(self):
        config = EncoderDecoderConfig(encoder={"model_type": "bert"}, decoder={"model_type": "bert"})
        asked = {"decoder.cross_attention_hidden_size", "decoder.hidden_size", "vocab_size"}
        self.assertEqual({"decoder.cross_attention_hidden_size"}, M.unknown_within(asked, config, {"decoder", "encoder"}))
        self.assertEqual(set(), M.unknown_within(asked, config, set()))


class Exploring(unittest.TestCase):
    def explorer(self):
        def run(env):
            return Seen([], [], {"own", "inner"}, "a model", within={"inner"}, own=[])

        explorer = Explorer(run, E.Scope({"own": 3, "inner": 7, "unread": 5}), Hints({}), is_head=lambda _: True)
        explorer.explore()
        return explorer

    def values(self, explorer, name):
        return {env[name] for env, _ in explorer.results}

    def test_what_only_models_within_read_is_left_as_it_is(self):
        explorer = self.explorer()
        self.assertGreater(len(self.values(explorer, "own")), 2)
        self.assertEqual({7}, self.values(explorer, "inner"))

    def test_configs_that_check_vary_it(self):
        explorer = self.explorer()
        self.assertGreater(len({env["inner"] for env, _ in explorer.fresh(8)}), 1)
        self.assertEqual({5}, self.values(explorer, "unread"))

    def test_widening_varies_it_once(self):
        explorer = self.explorer()
        self.assertTrue(explorer.widen())
        self.assertGreater(len(self.values(explorer, "inner")), 2)
        before = copy.copy(explorer.results)
        self.assertFalse(explorer.widen())
        self.assertEqual(before, explorer.results)


if __name__ == "__main__":
    unittest.main()
