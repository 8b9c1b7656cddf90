# SPDX-License-Identifier: Apache-2.0
"""What a class noticed itself, and what only the models within it did."""
import copy
import unittest

from generate import modules as M

import torch
from transformers import BertConfig, BertForSequenceClassification, BertModel, BertPreTrainedModel

from generate import expr as E
from generate.explore import Explorer, Seen
from generate.hints import Hints
from generate.transformers_types import prepare


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

    def test_where_a_constructor_does_not_end_all_reads_count(self):
        self.assertEqual(set(), self.seen(Unfinished).within)


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
