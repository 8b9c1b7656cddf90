# SPDX-License-Identifier: Apache-2.0
"""Which round of a loop a child belongs to, where the child itself was not made in it."""
import dataclasses


def relative(example, child):
    """The loops around a child that are not already indices of its parent."""
    known = set(example.loops) | {uid for uid, _ in example.node.loops}
    return tuple((uid, k) for uid, k in child.loops if uid not in known)


def in_rounds(examples):
    """The examples with every module that a loop puts into a list again in each of its rounds standing in these rounds.

    `layers += [Linear(...), act]` with one `act` for all: made before the loop, but it follows what every round made.
    """
    if not any(child.same_as is not None and name.isdigit() for example in examples for name, child in example.node.children):
        return examples
    found = [_followers(example) for example in examples]
    sites = [{example.trace.runs[uid].site for _, child in example.node.children for uid, _ in relative(example, child)[:1]} for example in examples]
    always = {key for here in found for key, places in here.items() if len(places) > 1}
    always = {key for key in always if all(key in here or key[0] not in around for here, around in zip(found, sites))}
    return [_moved(example, {place: loops for key in always for place, loops in here.get(key, {}).items()}) for example, here in zip(examples, found)]


def _followers(example):
    """{(site of a loop, path of a shared module): {place among the children: the loops it follows}} where it follows every round."""
    groups, before = {}, None
    for place, (name, child) in enumerate(example.node.children):
        around = relative(example, child)
        if around:
            before = child.loops if len(around) == 1 else None
        elif child.same_as is None or not name.isdigit():
            before = None
        elif before is not None:
            groups.setdefault((before[-1][0], child.same_as), {})[place] = before
    runs = example.trace.runs
    return {(runs[uid].site, path): places for (uid, path), places in groups.items() if [loops[-1][1] for loops in places.values()] == list(range(runs[uid].times))}


def _moved(example, places):
    if not places:
        return example
    children = [(name, dataclasses.replace(child, loops=places.get(k, child.loops))) for k, (name, child) in enumerate(example.node.children)]
    return example.at(dataclasses.replace(example.node, children=children))
