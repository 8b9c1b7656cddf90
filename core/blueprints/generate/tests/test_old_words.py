# SPDX-License-Identifier: Apache-2.0
"""Words of old files in lists of words."""
import unittest

from generate import expr as E
from generate.explore import Seen
from generate.old_words import OLD, renamed


class Stage:
    """A config class with one list, of which it makes what `rewrite` says."""

    start = {"kinds": None}

    def __init__(self, rewrite):
        self.rewrite = rewrite

    def run(self, env):
        given = env["kinds"] if env["kinds"] is not None else ["full_attention", "sliding_attention"] * 3
        return Seen([], [], set(), (None, None, {"kinds": self.rewrite(given)}))


class OldWords(unittest.TestCase):
    def test_old_words_are_written_anew(self):
        rule, assumed = renamed(Stage(lambda words: [OLD.get(word, word) for word in words]), "kinds", "kinds if kinds else ['mamba']")
        self.assertEqual([], assumed)
        self.assertEqual(["linear_attention"], E.evaluate(rule, {"kinds": None}))
        self.assertEqual(["full_attention", "hybrid", "indexed_attention"], E.evaluate(rule, {"kinds": ["attention", "hybrid", "qwen_sparse_attention"]}))

    def test_a_list_that_may_be_missing_stays_so(self):
        rule, _ = renamed(Stage(lambda words: [OLD.get(word, word) for word in words]), "kinds", None)
        self.assertEqual([None, ["linear_attention"]], [E.evaluate(rule, {"kinds": kinds}) for kinds in (None, ["mamba"])])

    def test_words_that_the_class_keeps_stay(self):
        self.assertEqual(("kinds", []), renamed(Stage(list), "kinds", "kinds"))

    def test_a_list_of_other_words_has_no_old_ones(self):
        self.assertEqual(("kinds", []), renamed(Stage(lambda words: [word if word in ("stem", "stage1") else "stage1" for word in words]), "kinds", "kinds"))

    def test_what_depends_on_more_than_the_word_is_not_covered(self):
        rule, assumed = renamed(Stage(lambda words: ["full_attention", *words[1:]]), "kinds", "kinds")
        self.assertEqual("kinds", rule)
        self.assertIn("kinds is None or 'mamba' not in kinds", assumed)


if __name__ == "__main__":
    unittest.main()
