"""Learn by doing how an app gets access to the Text Platform (LiveChat).

Notebooks use it as ``import lc_tutorial as lc``. The names below are all they use. Each is loaded
on first use, so that the import costs nothing and the sandbox, which runs from this package too,
starts without the notebook's libraries.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lc_tutorial.agent_chat import AgentChat
    from lc_tutorial.checks import (
        check_app,
        check_authorization,
        check_chats,
        check_environment,
        check_token,
    )
    from lc_tutorial.connect import connect
    from lc_tutorial.control import Control
    from lc_tutorial.errors import TutorialError
    from lc_tutorial.exercises import check_unanswered
    from lc_tutorial.forms.authorization import AuthorizationForm
    from lc_tutorial.forms.catch_up import catch_up
    from lc_tutorial.forms.credentials import CredentialsForm
    from lc_tutorial.forms.platform_choice import PlatformChoice
    from lc_tutorial.forms.request_lab import RequestLab
    from lc_tutorial.frames import tables
    from lc_tutorial.masking import Secret
    from lc_tutorial.oauth import Pkce, Token, new_state
    from lc_tutorial.personal_tokens import PersonalAccessToken
    from lc_tutorial.platforms import Platform
    from lc_tutorial.revealing import reveal
    from lc_tutorial.standalone import write_standalone
    from lc_tutorial.transcript import show

__version__ = "0.1.0"

_HOME = {
    "AgentChat": "agent_chat",
    "AuthorizationForm": "forms.authorization",
    "Control": "control",
    "CredentialsForm": "forms.credentials",
    "PersonalAccessToken": "personal_tokens",
    "Pkce": "oauth",
    "Platform": "platforms",
    "PlatformChoice": "forms.platform_choice",
    "RequestLab": "forms.request_lab",
    "Secret": "masking",
    "Token": "oauth",
    "TutorialError": "errors",
    "catch_up": "forms.catch_up",
    "check_app": "checks",
    "check_authorization": "checks",
    "check_chats": "checks",
    "check_environment": "checks",
    "check_token": "checks",
    "check_unanswered": "exercises",
    "connect": "connect",
    "new_state": "oauth",
    "reveal": "revealing",
    "show": "transcript",
    "tables": "frames",
    "write_standalone": "standalone",
}

__all__ = [
    "AgentChat",
    "AuthorizationForm",
    "Control",
    "CredentialsForm",
    "PersonalAccessToken",
    "Pkce",
    "Platform",
    "PlatformChoice",
    "RequestLab",
    "Secret",
    "Token",
    "TutorialError",
    "catch_up",
    "check_app",
    "check_authorization",
    "check_chats",
    "check_environment",
    "check_token",
    "check_unanswered",
    "connect",
    "new_state",
    "reveal",
    "show",
    "tables",
    "write_standalone",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
