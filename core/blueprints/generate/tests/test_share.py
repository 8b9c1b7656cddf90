# SPDX-License-Identifier: Apache-2.0
"""Parts and runs say the same as the nodes they stand for: python -m unittest generate.test_share"""
import unittest

from generate.share import Sharer
from generate.share_check import same

SCOPE = {"num_classes": 10}


def linear(out, inp):
    return {"class": "Linear", "parameters": {"weight": [out, inp], "bias": [out]}}


def block(width):
    children = {"fc1": linear(4 * width, width), "act": {"class": "GELU"}, "fc2": linear(width, 4 * width)}
    return {"class": "Block", "parameters": {"scale": [width]}, "children": children}


def model(width, depth):
    blocks = {str(k): block(width) for k in range(depth)}
    return {"class": "Net", "children": {"blocks": {"class": "Sequential", "children": blocks}, "head": linear("num_classes", width)}}


def share(nodes):
    sharer = Sharer()
    for name, node in nodes.items():
        sharer.add(name, node)
    return sharer.write()


class ShareTest(unittest.TestCase):
    def check(self, nodes):
        classes, parts = share(nodes)
        for name, node in nodes.items():
            self.assertTrue(same(node, classes[name], parts, SCOPE), name)
        return classes, parts

    def test_one_part_for_models_of_one_family(self):
        classes, parts = self.check({"small": model(32, 2), "large": model(80, 12)})
        self.assertEqual(classes["large"], {"use": "Net", "with": {"blocks_count": 12, "blocks_width": 80}})
        self.assertEqual(list(parts), ["Net"])

    def test_alternating_siblings_are_one_run(self):
        blocks = {str(k): block(8 if k % 2 else 16) for k in range(6)}
        classes, _ = self.check({"swing": {"class": "Sequential", "children": blocks}})
        self.assertEqual([node["when"] for node in classes["swing"]["children"]["{i}"][:1]], ["i % 2 == 0"])

    def test_runs_that_start_late_and_names_that_skip(self):
        children = {str(k): block(8) for k in (0, 1, 2, 5, 6)}
        self.check({"gap": {"class": "Sequential", "children": {"0": block(4), **{k: v for k, v in children.items() if k != "0"}}}})

    def test_many_arguments_travel_as_lists(self):
        def wide(step):
            return {"class": "Wide", "children": {f"layer_{chr(97 + k)}x": block(7 + k * k + step * (k + 1) ** 3) for k in range(26)}}

        classes, _ = self.check({"one": wide(1), "two": wide(2), "three": wide(5)})
        self.assertTrue(classes["one"]["with"]["sizes"].startswith("["))

    def test_deterministic(self):
        nodes = {"small": model(32, 2), "large": model(80, 12)}
        self.assertEqual(share(nodes), share(nodes))


if __name__ == "__main__":
    unittest.main()
