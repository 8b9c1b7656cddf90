# SPDX-License-Identifier: Apache-2.0
"""What is done where no rule is found for a class."""
import types
import unittest

from generate import expr as E
from generate.examples import Unsolved
from generate.transformers_types import TypeBlueprint


class Unlucky(TypeBlueprint):
    """Finds rules from the configs of one seed alone."""

    def __init__(self, lucky):
        super().__init__("bert", report=lambda line: None)
        self.lucky, self.seeds = lucky, []

    def _class(self, cls, config, arguments=None, free=None, seed=0):
        self.seeds.append(seed)
        self.verified += 1
        if seed != self.lucky:
            raise Unsolved("a size")
        return {"class": "Found"}


class Described(unittest.TestCase):
    def described(self, lucky):
        blueprint = Unlucky(lucky)
        return blueprint, blueprint._described("BertModel", None, None)

    def test_the_configs_of_the_first_seed_are_enough(self):
        blueprint, body = self.described(0)
        self.assertEqual(([0], {"class": "Found"}), (blueprint.seeds, body))

    def test_those_of_another_seed_are_tried_before_fields_are_held(self):
        blueprint, body = self.described(1)
        self.assertEqual(([0, 1], {"class": "Found"}, {}), (blueprint.seeds, body, blueprint.failures))
        self.assertEqual(1, blueprint.verified)  # what was verified in vain does not count

    def test_what_was_null_wherever_it_was_read_is_assumed_to_be(self):
        deep, flat, set_in_vain = E.Scope(rank=None, size=8), E.Scope(rank=None, size=None), E.Scope(rank=4, size=None)
        reads = {id(deep): {"rank", "size"}, id(flat): {"size"}, id(set_in_vain): {"size"}}
        explorer = types.SimpleNamespace(results=[(env, None) for env in (deep, flat, set_in_vain)], reads_of=reads, own_reads={"rank", "size"})
        self.assertEqual(["rank is None"], Unlucky(0)._never_set(explorer))


if __name__ == "__main__":
    unittest.main()
