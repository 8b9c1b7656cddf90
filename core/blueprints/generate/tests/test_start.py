# SPDX-License-Identifier: Apache-2.0
"""Classes that the library does not build from its default config."""
import copy
import unittest

from generate import shapes

import torch
from torch import nn
from transformers import BertConfig, DPTConfig, Gemma4Config, Sapiens2Config

from generate import expr as E
from generate import symbols as S
from generate.examples import Unsolved
from generate.induce import induce
from generate.replacements import Replacements as tare
from generate.start import assume_what_was_added, optional, start_config
from generate.trace import Trace

shapes.install()


class Indexer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.step = config["budget"] // 4  # part of no shape
        self.weight = nn.Parameter(torch.empty(config["width"]))


class Model(nn.Module):
    def __init__(self, config):
        super().__init__()
        if config["words"] is None:
            raise TypeError("words are needed")
        self.layers = nn.ModuleList([Indexer(config) for _ in tare.loop(tare.range(config["layers"]), "layers")])


DEFAULT = E.Scope(words=None, budget=None, layers=3, width=8)
START = E.Scope(words="a", budget=64, layers=3, width=8)


def run(env):
    config = {k: v if v is None else S.wrap(v, ("name", k)) for k, v in copy.deepcopy(env).items()}
    with Trace() as trace, shapes.Shapes():
        root = Model(config)
    return trace, trace.tree(root)


class Whole(unittest.TestCase):
    def test_exploring_starts_with_the_nested_configs_that_the_default_lacks(self):
        self.assertEqual({"vision_config": {}, "audio_config": {}}, optional(Gemma4Config))
        self.assertIsNotNone(start_config("gemma4", Gemma4Config).vision_config)
        self.assertIsNone(start_config("gemma4", Gemma4Config, whole=False).vision_config)
        self.assertEqual({}, optional(BertConfig))
        self.assertEqual("bit", optional(DPTConfig)["backbone_config"]["model_type"])

    def test_a_class_may_need_more_than_the_others_of_its_type(self):
        self.assertIsNone(start_config("sapiens2", Sapiens2Config).head_config.upsample_out_channels)
        self.assertIsNone(start_config("sapiens2", Sapiens2Config, model_class="Sapiens2Model").head_config.upsample_out_channels)
        self.assertEqual([768] * 4, start_config("sapiens2", Sapiens2Config, model_class="Sapiens2ForPoseEstimation").head_config.upsample_out_channels)


class Start(unittest.TestCase):
    def learnt(self, *changes):
        envs = [E.Scope({**START, "width": width, **change}) for width in (8, 16) for change in ({}, *changes)]
        traces = [(trace, env, root) for env in envs for trace, root in [run(env)]]
        return induce(traces), envs

    def test_a_class_holds_where_a_config_says_what_the_default_lacks(self):
        body, envs = self.learnt({"layers": 2})
        assume_what_was_added(body, run, START, DEFAULT, envs)
        self.assertEqual(["words is not None"], body["assumes"])
        self.assertEqual(["budget is not None"], body["children"]["layers"]["children"]["{i}"]["assumes"])

    def test_what_only_some_modules_need_is_assumed_where_they_are(self):
        body, envs = self.learnt({"layers": 2}, {"layers": 0, "budget": None})
        assume_what_was_added(body, run, START, DEFAULT, envs)
        self.assertEqual(["budget is not None"], body["children"]["layers"]["children"]["{i}"]["assumes"])

    def test_a_default_that_is_built_asks_for_nothing(self):
        body, envs = self.learnt({"layers": 2})
        before = copy.deepcopy(body)
        assume_what_was_added(body, run, START, START, envs)
        self.assertEqual(before, body)

    def test_what_cannot_be_said_is_not_passed_over(self):
        body, envs = self.learnt({"layers": 2})
        with self.assertRaises(Unsolved):
            assume_what_was_added(body, run, START, DEFAULT, [*envs, DEFAULT])


if __name__ == "__main__":
    unittest.main()
