# SPDX-License-Identifier: Apache-2.0
"""What a written blueprint mentions."""
import unittest

from generate.mentions import divided, names_in


class Mentions(unittest.TestCase):
    def test_a_child_may_be_called_like_a_key(self):
        inner = {"class": "Linear", "parameters": {"weight": ["width", 4]}, "assumes": ["pad < words"]}
        body = {"class": "Net", "children": {"model": inner, "to": "Identity", "class": {"class": "Part", "children": {"s{i + first}": inner}}}}
        self.assertEqual({"width", "pad", "words", "first"}, names_in({"Net": body}))

    def test_what_is_divided(self):
        body = {"class": "Net", "children": {"fc": {"class": "Linear", "parameters": {"weight": ["width // heads * 2", "4 // heads"]}, "if": "width // 2 // heads == 1"}}}
        self.assertEqual([("width", "heads")], divided(body))


if __name__ == "__main__":
    unittest.main()
