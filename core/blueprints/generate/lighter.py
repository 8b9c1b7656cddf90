# SPDX-License-Identifier: Apache-2.0
"""A config of the same kind, where the default one is too much work to be traced a hundred times.

Some constructors go over every position of an image, or over every pair of positions, to fill a table.
"""
MUCH = 20_000


def work(conditions, runs):
    """How much happened in a trace: rounds of loops and questions. Not seconds, so that the same is found everywhere."""
    return sum(run.times for run in runs) + len(conditions)


def lighter(env, effort, numbers, halve, attempt):
    """The env after halving numbers for as long as that saves much of the work and more than MUCH of it is left.

    numbers(env): {path: (is it promising, integer)}; halve(env, path): the env with half of that number; attempt(env): the work, None if it is refused.
    Of promising ones, and of the others, the largest number comes first: halving it leaves most of the differences between the numbers.
    """
    useless = set()
    while effort > MUCH:
        left = {path: value for path, value in numbers(env).items() if path not in useless}
        if not left:
            break
        path = max(left, key=left.get)
        new = halve(env, path)
        less = attempt(new)
        if less is not None and less < 0.8 * effort:
            env, effort = new, less
        else:
            useless.add(path)
    return env
