# SPDX-License-Identifier: Apache-2.0
"""Questions about the items of long lists that are not worth noting."""
from . import expr as E

FAR = 4  # places of a list made by a rule about which questions are noted: those about the others are the same again and again


def is_far(question):
    """Whether it is about an item of a list that was put together: far from its start, or where a part was made without saying how.

    Config classes check such lists item by item.
    """
    return question[0] == "cmp" and any(side[0] == "item" and _is_composed(side[1], side[2]) for side in question[2:])


def _is_composed(values, place):
    while values[0] == "slice":
        values = values[1]
    if values[0] != "op":
        return False
    return place[0] == "const" and type(place[1]) is int and place[1] >= FAR or any(E.is_long(part) for part in values[2:])
