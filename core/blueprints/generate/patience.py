# SPDX-License-Identifier: Apache-2.0
"""How long one class may take: the search for rules grows with what there is to explain, and one class must not cost all others."""
import contextlib
import signal

SECONDS = 400  # of the processor


class TooLong(BaseException):
    """No Exception: those mean that the library refuses a config, and are passed over."""

    def __str__(self):
        return "its rules in the time that the generator takes"


@contextlib.contextmanager
def patience(seconds=None):
    """Raises TooLong inside the block after so many seconds of the processor's time; not to be nested."""
    before = signal.signal(signal.SIGVTALRM, _give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS if seconds is None else seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _give_up(*_):
    raise TooLong
