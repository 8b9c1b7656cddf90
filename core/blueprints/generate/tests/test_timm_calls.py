# SPDX-License-Identifier: Apache-2.0
"""timm models inside other modules: when they are said to be timm's, and what of."""
import unittest

import timm
from torch import nn

from generate import expr as E
from generate import shapes
from generate import symbols as S
from generate import timm_calls, timm_known
from generate.induce import induce
from generate.replacements import Replacements as tare
from generate.reference import differences
from generate.trace import Changed, Trace

shapes.install()
timm_calls.install()


class Wrapper(nn.Module):
    def __init__(self, config):
        super().__init__()
        more = config["more"] or {}
        self.net = timm.create_model(config["name"], pretrained=False, num_classes=config["labels"], in_chans=config["channels"], **tare.unpacked(more))
        if config["frozen"]:
            self.net.fc = nn.Identity()


class Around(nn.Module):
    """Its modules may follow from the timm model's."""

    def __init__(self, config):
        super().__init__()
        self.wrapper = Wrapper(config)
        self.head = nn.Linear(self.wrapper.net.num_features, config["labels"])


DEFAULT = {"name": "resnet18", "labels": 5, "channels": None, "more": None, "frozen": False}


def trace(cls=Wrapper, **changes):
    scope = E.Scope({**DEFAULT, **changes})
    config = {k: S.wrap(v, ("name", k)) for k, v in scope.items()}
    with Trace() as t, shapes.Shapes():
        net = cls(config)
    return t, scope, t.tree(net)


class Calls(unittest.TestCase):
    def test_only_the_call_is_described(self):
        traces = [trace(), trace(name="mobilenetv3_small_050", labels=0), trace(channels=1), trace(more={"drop_rate": 0.1, "drop_path_rate": None})]
        body = induce(traces)
        self.assertEqual(body["children"], {"net": {"timm": "name", "arguments": {"num_classes": "labels", "in_chans": "channels"}, "more": "more"}})
        for _, scope, root in [trace(labels=7, more={"global_pool": "max"}), trace(name="vit_tiny_patch16_224")]:
            self.assertIsNone(differences(body, scope, root))
            scope["labels"] = 8
            self.assertIn("expected", differences(body, scope, root))

    def test_a_changed_model_is_not_timms(self):
        with self.assertRaises(Changed):
            trace(frozen=True)

    def test_below_another_module_it_holds_for_one_name(self):
        body = induce([trace(Around), trace(Around, labels=6)])
        self.assertIn("name == 'resnet18'", body["children"]["wrapper"]["assumes"])
        self.assertEqual(body["children"]["wrapper"]["children"]["net"]["class"], "ResNet")


class Known(unittest.TestCase):
    def test_weights_differ_by_their_tags(self):
        groups = timm_known._weights("vit_base_patch16_224")
        self.assertIn("", groups[0]["tags"])
        self.assertEqual(groups[0]["input_size"], [3, 224, 224])
        self.assertEqual([g["num_classes"] for g in groups if "augreg_in21k" in g["tags"]], [21843])

    def test_features_are_the_first_modules(self):
        self.assertEqual(timm_known._features("resnet18"), {
            "class": "FeatureListNet", "children": ["conv1", "bn1", "act1", "maxpool", "layer1", "layer2", "layer3", "layer4"],
            "ends": [3, 5, 6, 7, 8], "channels": [64, 64, 128, 256, 512], "default": [0, 1, 2, 3, 4]})  # fmt: skip
        self.assertEqual(timm_known._features("repvit_m1")["children"][1], "stages.0")
        self.assertIsNone(timm_known._features("vit_tiny_patch16_224"))  # a wrapper around the model, of which it cuts off blocks


if __name__ == "__main__":
    unittest.main()
