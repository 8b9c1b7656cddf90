# SPDX-License-Identifier: Apache-2.0
"""Names of children that loops have made."""
import unittest

from torch import nn

from generate import expr as E
from generate import shapes
from generate import symbols as S
from generate.induce import induce
from generate.loops import loop
from generate.names import comes_first
from generate.trace import Trace

shapes.install()


class Speaking(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.adapters = nn.ModuleDict({})
        for language in loop(config["languages"], "languages"):
            self.adapters[str(language)] = nn.Linear(config["width"], 2)


def trace(width, *languages):
    scope = E.Scope({"width": width, "languages": list(languages)})
    with Trace() as t, shapes.Shapes():
        model = Speaking({key: S.wrap(value, ("name", key)) for key, value in scope.items()})
    return t, scope, t.tree(model)


class NamedByItems(unittest.TestCase):
    def test_of_children_with_one_name_the_last_is_left_and_none_of_them_is_described(self):
        body = induce([trace(8, "en"), trace(16, "en", "de"), trace(16, "de", "de"), trace(8, "de", "en", "de"), trace(8, "fr", "de", "en")])
        child = {"repeat": {"i": "len(languages)"}, "class": "Linear", "parameters": {"weight": [2, "width"], "bias": [2]}, "assumes": ["index(languages, languages[i]) == i"]}
        self.assertEqual({"{languages[i]}": child}, body["children"]["adapters"]["children"])

    def test_numbered_names_come_once(self):
        self.assertIsNone(comes_first("layer{i + 1}"))


if __name__ == "__main__":
    unittest.main()
