# SPDX-License-Identifier: Apache-2.0
"""Dimensions for which no rule holds everywhere, and tensors of one number."""
import unittest

import torch

from generate import expr as E
from generate import shapes
from generate import symbols as S
from generate.examples import Unsolved
from generate.tensors import _for_most
from generate.tests.test_decide import A, parsed

HALF = ("op", "//", A, E.const(2))


class Most(unittest.TestCase):
    def described(self, strange):
        """The rule of a dimension that is half of a, but for as many examples as there are in `strange`, in which it is that."""
        scopes = [{"a": a, "flag": False} for a in (6, 8, 10, 12)] + [{"a": 7, "flag": True} for _ in strange]
        examples = parsed(scopes, [(("name", "flag"), set(range(len(scopes))))])
        return _for_most(examples, [3, 4, 5, 6, *strange], [[HALF]] * 4 + [[E.const(n)] for n in strange], "toy")

    def test_what_holds_for_most_examples_is_assumed_of_all(self):
        self.assertEqual((HALF, ["not flag"]), self.described([17, 19, 23]))

    def test_not_what_holds_for_few(self):
        with self.assertRaises(Unsolved):
            self.described([17, 19, 23, 29, 31])


class Ones(unittest.TestCase):
    def test_a_dimension_of_one_keeps_its_origin_beside_new_ones(self):
        with shapes.Shapes():
            made = torch.ones(S.wrap(1, ("name", "width"))).unsqueeze(-1).unsqueeze(0)
        self.assertEqual((E.const(1), ("name", "width"), E.const(1)), tuple(shapes.symbolic_shape(made)))


if __name__ == "__main__":
    unittest.main()
