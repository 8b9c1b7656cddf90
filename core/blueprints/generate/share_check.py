# SPDX-License-Identifier: Apache-2.0
"""Holds classes that use parts against the same classes written out in full."""
from .reference import Builder


class PartBuilder(Builder):
    """Also follows `use` and `with`, and notes every module."""

    def __init__(self, scope, parts):
        super().__init__(scope)
        self.parts, self.modules = parts, []

    def node(self, node, path, variables):
        if isinstance(node, dict) and "use" in node:
            arguments = {name: self.value(e, variables) for name, e in node.get("with", {}).items()}
            return self.node(self.parts[node["use"]], path, arguments)
        self.modules.append((path, node, ()) if isinstance(node, str) else (path, node["class"], tuple(node.get("assumes", ()))))
        return super().node(node, path, variables)


def same(node, shared, parts, scope):
    """Whether a class says the same with parts as without, modules without tensors included."""
    plain, other = PartBuilder(scope, {}), PartBuilder(scope, parts)
    plain.node(node, "", {})
    other.node(shared, "", {})
    return plain.modules == other.modules and list(plain.tensors.items()) == list(other.tensors.items())
