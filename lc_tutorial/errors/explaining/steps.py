"""Whether there are steps to go back to: only notebook 01 has them, by their numbers."""

import os
from pathlib import PurePath

from lc_tutorial import memory


def has_the_steps() -> bool:
    """Whether the notebook that runs is the one with the steps.

    Jupyter's server tells each kernel its notebook in ``JPY_SESSION_NAME``. Where nobody tells, it
    is taken for that one until ``lc.catch_up`` runs, with which the notebooks after it begin.
    """
    notebook = PurePath(os.environ.get("JPY_SESSION_NAME", "")).name
    return notebook.startswith("01_") if notebook else not memory.has_caught_up()


def with_steps(there: str, elsewhere: str = "") -> str:
    """What a text says where the notebook has the steps, and what it says elsewhere.

    Args:
        there: names a step.
        elsewhere: says the same without.
    """
    return there if has_the_steps() else elsewhere
