# SPDX-License-Identifier: Apache-2.0
"""One order out of many."""


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
