"""How many examples Hypothesis draws: few in each run of the tests, many in `make fuzz`."""

import os

#: In `make fuzz`, which takes as long as that needs.
_TIMES = 25


def examples(few: int) -> int:
    """So many where all tests run, and more where somebody looks for what nobody has thought of.

    Args:
        few: enough to meet each kind of case. What starts programs or sends requests for each
            example has fewer than what only computes.
    """
    return few * _TIMES if os.environ.get("LC_TUTORIAL_FUZZ") == "long" else few
