# SPDX-License-Identifier: Apache-2.0
"""Which arguments of a timm architecture change what it weighs."""
import unittest

from generate import timm_trace as T
from generate.timm_families import config_part, what_weighs


def block(*more, width=8):
    return {"class": "Block", "children": {"fc": {"class": "Linear", "parameters": {"weight": [width, 8]}}, **dict(more)}}


class WhatWeighs(unittest.TestCase):
    def test_modules_without_tensors_do_not_count(self):
        plain = what_weighs(block(("drop", {"class": "Identity"})))
        self.assertEqual(plain, what_weighs(block(("drop", {"class": "DropPath"}))))
        self.assertEqual(plain, what_weighs(block(("drops", {"class": "Sequential", "children": {"0": {"class": "Dropout"}}}))))

    def test_all_others_do(self):
        plain = what_weighs(block())
        for other in (block(width=16), block(("norm", {"class": "BatchNorm2d", "buffers": {"running_mean": [8]}})), {**block(), "parameters": {"scale": [8]}}):
            self.assertNotEqual(plain, what_weighs(other))


class ConfigPart(unittest.TestCase):
    def test_every_argument_with_rules_has_a_value(self):
        known = {*T.ATTRIBUTES, *T.SWITCHES, "depth"}
        part = config_part(known, {"img_size"}, {"depth": 12})
        self.assertLessEqual(known, part["derived"].keys())


if __name__ == "__main__":
    unittest.main()
