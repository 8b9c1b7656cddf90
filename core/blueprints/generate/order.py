# SPDX-License-Identifier: Apache-2.0
"""One order out of many."""
import collections
import itertools

BEHIND = "behind"


def merged_order(sequences):
    """One order that agrees with every sequence; where they leave a choice (or disagree), what was seen first comes first."""
    seen = list(dict.fromkeys(x for sequence in sequences for x in sequence))
    before = {x: set() for x in seen}
    for sequence in sequences:
        for a, b in zip(sequence, sequence[1:]):
            if a != b:
                before[b].add(a)
    out = []
    while seen:
        free = next((x for x in seen if not before[x] - set(out)), seen[0])
        seen.remove(free)
        out.append(free)
    return out


def apart(sequences, counts, movable):
    """The sequences, with (*key, BEHIND) for a key where it stands behind one that it is before elsewhere: they have one order then.

    Keys are tuples. counts(key): whether it matters where it stands. movable(key): whether it may be told apart.
    """
    while not _agree(sequences):
        before = dict.fromkeys(pair for sequence in sequences for pair in itertools.combinations(filter(counts, sequence), 2))
        contrary = [pair for pair in before if pair[::-1] in before]
        most = collections.Counter(key for key, _ in contrary if movable(key)).most_common(1)
        if not most:
            break
        (key, _), = most
        others = {other for one, other in contrary if one == key}
        sequences = [_told_apart(sequence, key, others) for sequence in sequences]
    return sequences


def _agree(sequences):
    place = {key: k for k, key in enumerate(merged_order(sequences))}
    return all(place[a] < place[b] for sequence in sequences for a, b in zip(sequence, sequence[1:]))


def _told_apart(sequence, key, others):
    behind = key in sequence and others & set(sequence[: sequence.index(key)])
    return [(*key, BEHIND) if behind and one == key else one for one in sequence]
