# SPDX-License-Identifier: Apache-2.0
"""The classes of modules that a model keeps on one device, which accelerate counts as one layer each."""


def own_no_split(root, model):
    """Their names, less those that nested models bring along themselves."""
    nested = {name for name, child in root.children if child.reference is not None}
    own = set(getattr(type(model), "_no_split_modules", None) or [])
    inherited = set().union(*(set(getattr(getattr(model, name), "_no_split_modules", None) or []) for name in nested))
    return sorted(own | (set(getattr(model, "_no_split_modules", None) or []) - inherited))
