# SPDX-License-Identifier: Apache-2.0
"""What a backbone hands out to the model around it: the number of channels of each of its feature maps."""
from . import expr as E
from . import symbols as S
from .decide import decide, ranked
from .examples import Unsolved, generalise
from .features import Features


def handed_out(found):
    """The rule for [(example, the channels or None)], as text; None where it is no backbone, or no rule is found."""
    if any(values is None for _, values in found):
        return None
    examples = [example for example, _ in found]
    pools = [generalise(S.expr_of(values), example) for example, values in found]
    try:
        return E.text(decide(examples, [S.plain(values) for _, values in found], ranked(pools), Features(examples), "channels"))
    except Unsolved:
        return None
