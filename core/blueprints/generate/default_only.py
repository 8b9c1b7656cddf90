# SPDX-License-Identifier: Apache-2.0
"""A class for which no rules were found, described for the default config alone.

Whatever a constructor has not read cannot change what it makes: the description holds where all that it did read is as it is by default.
"""
import copy

from . import expr as E
from .assumptions import has_value
from .decide import Unsolved
from .envs import dotted, leaves
from .fields import IRRELEVANT
from .induce import induce
from .no_split import own_no_split
from .reference import differences
from .ties import ties_of


def described(run, scope):
    """The class body; its `assumes` name every field that was read. Raises Unsolved, or what the library raises."""
    _, _, reads, (trace, root, model) = run(copy.deepcopy(scope))
    body = induce([(trace, scope, root)])
    wrong = differences(body, scope, root, bare=False)
    if wrong:
        raise Unsolved(f"the default config alone: {wrong}")
    body["assumes"] = [E.text(has_value(path, value)) for path, value in leaves(scope) if dotted(path) in reads and path[-1] != "model_type" and not IRRELEVANT.search(path[-1])]
    facts = {"no_split": own_no_split(root, model), "ties": ties_of([(scope, (trace, root, model))])}
    return {**body, **{key: value for key, value in facts.items() if value}}
