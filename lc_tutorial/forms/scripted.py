"""The scripted learner behind "Do it for me": it clicks through the sandbox as a person would."""

from lc_tutorial.errors import InputError
from lc_tutorial.platforms import Platform, SandboxLogin
from lc_tutorial.sandbox.learner import Learner


def scripted_learner(platform: Platform) -> tuple[Learner, SandboxLogin]:
    """The scripted learner, and who it signs in as.

    Raises:
        InputError: on the live platform: there, only a person may do the steps.
    """
    if platform.login is None:
        raise InputError(
            what="Nobody can do this step for you on the live platform.",
            why="It needs your account and your consent.",
            remedy="Do it by hand in the browser; the text above the form says how.",
        )
    login = platform.login
    return Learner(platform.accounts_url, login.email, login.password), login
