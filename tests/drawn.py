"""How many examples Hypothesis draws: some in `make test`, many in `make fuzz`.

And few in `make test-lowest`: what depends on a version shows in the first of its kind.
"""

import os

#: In `make fuzz`, which takes as long as that needs.
_TIMES = 25
#: In `make test-lowest`, which comes before all of `make test` in continuous integration.
_PART = 5


def examples(some: int) -> int:
    """So many where all tests run, and more where somebody looks for what nobody has thought of.

    Args:
        some: enough to meet each kind of case. What starts programs or sends requests for each
            example has fewer than what only computes.
    """
    wanted = os.environ.get("LC_TUTORIAL_FUZZ")
    if wanted == "few":
        return max(1, some // _PART)
    return some * _TIMES if wanted == "long" else some
