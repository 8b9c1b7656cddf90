# SPDX-License-Identifier: Apache-2.0
"""Learning from some of many traces."""
import unittest
import unittest.mock

from generate import telling
from generate.induce import induce
from generate.tests.test_induction import trace


def learn(traces, many):
    answers = [{(str(c.expr), c.outcome) for group in t.asked.values() for c in group} for t, _, _ in traces]
    used = []

    def noted(chosen):
        used.append(len(chosen))
        return induce(chosen)

    with unittest.mock.patch.object(telling, "MANY", many), unittest.mock.patch.object(telling, "induce", noted):
        return telling.learn([(t, scope, root) for t, scope, root in traces], answers), used


class Telling(unittest.TestCase):
    def setUp(self):
        self.traces = [trace(width=8 * n, layers=layers, every=every, new=new, heads=heads) for n in (2, 4, 5) for layers in (2, 3, 5)
                       for every in (1, 2) for new in (False, True) for heads in (2, 4)]  # fmt: skip

    def test_of_many_traces_some_say_all(self):
        body, used = learn(self.traces, 1)
        self.assertEqual(induce([(t, scope, root) for t, scope, root in self.traces]), body)
        self.assertLess(used[-1], len(self.traces) // 2)

    def test_of_few_traces_all_are_used(self):
        _, used = learn(self.traces, 10**9)
        self.assertEqual([len(self.traces)], used)


if __name__ == "__main__":
    unittest.main()
