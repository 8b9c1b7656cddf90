# SPDX-License-Identifier: Apache-2.0
"""A class for which no rules are found, described for some of its fields while the others are held as they are by default.

Whatever a constructor has not read cannot change what it makes: with all fields held, the description is that of the default config.
"""
import gc

from .examples import Unsolved
from .patience import STEPS, TooLong, patience, spent

OF_ONE = 12_000_000  # steps that one try may take


def described(describe, fields):
    """describe(free) for as many free fields as it takes. Raises Unsolved where it takes none.

    fields: those that may be set free; halves of what is refused are tried alone, so that few tries find the few that are to blame.
    """
    best, start = describe(()), spent()

    def release(free, more):
        nonlocal best
        if not more or spent() - start > STEPS:
            return free
        try:
            with patience(OF_ONE):
                best = describe((*free, *more))
            return (*free, *more)
        except (Unsolved, TooLong):
            pass
        gc.collect()  # of what was traced in vain
        return halves(free, more) if len(more) > 1 else free

    def halves(free, more):
        middle = len(more) // 2
        return release(release(free, more[:middle]), more[middle:])

    halves((), fields)  # all together were refused before
    return best
