"""What a notebook may use."""

import contextlib
from importlib import import_module
from types import ModuleType

import pytest

import lc_tutorial

NAMES = {
    "AgentChat", "AuthorizationForm", "Clinic", "Control", "CredentialsForm", "ExampleAppForm",
    "PersonalAccessToken", "PersonalTokenForm", "Pkce", "Platform", "PlatformChoice",
    "PublishForm", "RequestLab", "Secret", "Token", "TutorialError", "WebhookListener",
    "ask_for_more", "catch_up", "check_answered", "check_app", "check_authorization",
    "check_bot", "check_came_in", "check_catch_up", "check_chats", "check_customer_chat",
    "check_environment", "check_example_app", "check_failures", "check_fresh",
    "check_going_on", "check_least_scopes", "check_living", "check_may_write", "check_mended",
    "check_missing_scope", "check_narrower", "check_other_account", "check_personal_token",
    "check_refreshed", "check_renewed", "check_revoked", "check_same_customer",
    "check_tag_counts", "check_take_code", "check_token", "check_unanswered", "check_webhook",
    "connect", "countdown", "flow", "forget_customer", "glossary", "inbox", "join",
    "keep_tables", "leave", "new_state", "open_tables",
    "progress", "quiz", "redirect_of_somebody_else", "reset_progress", "reveal", "show",
    "show_redirect", "somebody_else", "tables", "what_can", "which_flow", "write_standalone",
}  # fmt: skip


def test_every_promised_name_is_there_and_is_documented() -> None:
    assert set(lc_tutorial.__all__) == NAMES
    for name in lc_tutorial.__all__:
        assert getattr(lc_tutorial, name).__doc__, name
    assert lc_tutorial.__all__ == sorted(lc_tutorial.__all__)


def test_a_name_is_what_the_notebook_means_also_where_a_module_is_called_the_same() -> None:
    """``lc.connect`` is a function, whoever imported the module ``lc_tutorial.connect`` before."""
    for name in lc_tutorial.__all__:
        with contextlib.suppress(ModuleNotFoundError):
            import_module(f"lc_tutorial.{name}")
        assert not isinstance(getattr(lc_tutorial, name), ModuleType), name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        lc_tutorial.no_such_name  # noqa: B018
