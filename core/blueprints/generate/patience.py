# SPDX-License-Identifier: Apache-2.0
"""How much one class may take: the search for rules grows with what there is to explain, and one class must not cost all others."""
import contextlib
import pathlib
import resource
import signal
import time

SECONDS = 400  # of the processor
SHARE = 0.8  # of the memory that the process may have: where torch finds none left, the process ends
STEP = 2  # seconds of the processor from one look to the next


class TooLong(BaseException):
    """No Exception: those mean that the library refuses a config, and are passed over."""

    def __str__(self):
        return "its rules with the time and memory that the generator takes"


@contextlib.contextmanager
def patience(seconds=SECONDS, share=SHARE):
    """Raises TooLong inside the block after so many seconds of the processor's time, or with so much memory taken; not to be nested."""
    start, (most, _) = time.process_time(), resource.getrlimit(resource.RLIMIT_AS)

    def look(*_):
        if time.process_time() - start > seconds or most != resource.RLIM_INFINITY and _memory() > share * most:
            raise TooLong

    before = signal.signal(signal.SIGVTALRM, look)
    signal.setitimer(signal.ITIMER_VIRTUAL, min(STEP, seconds / 2), min(STEP, seconds / 2))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _memory():
    """Bytes of address space in use."""
    return int(pathlib.Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
