# SPDX-License-Identifier: Apache-2.0
"""How much one class may take: the search for rules grows with what there is to explain, and one class must not cost all others.

It is counted in steps, not in seconds, so that every machine gives up at the same place and writes the same files.
"""
import contextlib
import pathlib
import resource

STEPS = 60_000_000  # some 5 us each: five minutes
SHARE = 0.8  # of the memory that the process may have: where torch finds none left, the process ends
LOOK = 400_000  # steps from one look at the memory to the next

_done, _limit, _most, _next_look = 0, None, None, 0  # steps so far; where there are too many; bytes that are too many; when to look


class TooLong(BaseException):
    """No Exception: those mean that the library refuses a config, and are passed over."""

    def __str__(self):
        return "its rules with the time and memory that the generator takes"


@contextlib.contextmanager
def patience(steps=STEPS, share=SHARE):
    """Raises TooLong inside the block after so many steps, or with so much memory taken; not to be nested."""
    global _limit, _most
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    _limit, _most = _done + steps, None if most == resource.RLIM_INFINITY else share * most
    try:
        yield
    finally:
        _limit = _most = None


def spend(steps):
    """Says that so much was done: about one step for each value that is worked out. Raises TooLong inside patience()."""
    global _done, _next_look
    _done += steps
    if _limit is not None and _done > _limit:
        raise TooLong
    if _most is not None and _done > _next_look:
        _next_look = _done + LOOK
        if _memory() > _most:
            raise TooLong


def spent():
    """The steps so far."""
    return _done


def _memory():
    """Bytes of address space in use."""
    return int(pathlib.Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
