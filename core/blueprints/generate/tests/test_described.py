# SPDX-License-Identifier: Apache-2.0
"""What is done where no rule is found for a class."""
import types
import unittest

from generate import expr as E
from generate.examples import Unsolved
from generate.transformers_types import TypeBlueprint


class Unlucky(TypeBlueprint):
    """Finds rules in one of the ways alone."""

    def __init__(self, lucky):
        super().__init__("bert", report=lambda line: None)
        self.lucky, self.ways = lucky, []

    def _class(self, cls, config, arguments=None, free=None, seed=0, zeros=True):
        self.ways.append((seed, zeros))
        self.verified += 1
        if self.ways[-1] != self.lucky:
            raise Unsolved("a size")
        return {"class": "Found"}


class Described(unittest.TestCase):
    def described(self, lucky):
        blueprint = Unlucky(lucky)
        return blueprint, blueprint._described("BertModel", None, None)

    def test_the_configs_of_the_first_seed_are_enough(self):
        blueprint, body = self.described((0, True))
        self.assertEqual(([(0, True)], {"class": "Found"}), (blueprint.ways, body))

    def test_those_of_another_seed_are_tried_before_fields_are_held(self):
        blueprint, body = self.described((1, True))
        self.assertEqual(([(0, True), (1, True)], {"class": "Found"}, {}), (blueprint.ways, body, blueprint.failures))
        self.assertEqual(1, blueprint.verified)  # what was verified in vain does not count

    def test_those_without_sizes_of_0_are_tried_last(self):
        blueprint, body = self.described((0, False))
        self.assertEqual(({"class": "Found"}, {}, 3), (body, blueprint.failures, len(blueprint.ways)))

    def test_what_was_null_wherever_it_was_read_is_assumed_to_be(self):
        deep, flat, set_in_vain = E.Scope(rank=None, size=8), E.Scope(rank=None, size=None), E.Scope(rank=4, size=None)
        reads = {id(deep): {"rank", "size"}, id(flat): {"size"}, id(set_in_vain): {"size"}}
        explorer = types.SimpleNamespace(results=[(env, None) for env in (deep, flat, set_in_vain)], reads_of=reads, own_reads={"rank", "size"})
        self.assertEqual([("rank",)], Unlucky(None)._never_set(explorer))


if __name__ == "__main__":
    unittest.main()
