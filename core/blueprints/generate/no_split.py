# SPDX-License-Identifier: Apache-2.0
"""The classes of modules that a model keeps on one device, which accelerate counts as one layer each."""


def own_no_split(root, model):
    """Their names, less those that nested models bring along themselves."""
    nested = {name for name, child in root.children if child.reference is not None}
    own = set(getattr(type(model), "_no_split_modules", None) or [])
    inherited = set().union(*(set(getattr(getattr(model, name), "_no_split_modules", None) or []) for name in nested))
    return sorted(own | (set(getattr(model, "_no_split_modules", None) or []) - inherited))


def handed_on(root, model):
    """The paths of the configs of models deeper within whose names it has too: a model between them, which is described as a part of this one, hands them on."""
    kept, waiting, out = set(getattr(model, "_no_split_modules", None) or []), [child for _, child in root.children if child.reference is None], set()
    while waiting:
        for _, child in waiting.pop().children:
            if child.reference is None:
                waiting.append(child)
            elif kept & set(getattr(child.module, "_no_split_modules", None) or []):
                out.add(child.reference.config)
    return out
