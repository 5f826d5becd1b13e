"""Errors by the names that the board has words for."""

import pytest

from lc_tutorial import errors
from lc_tutorial.board.events import WORDS, ErrorName
from lc_tutorial.classroom.naming import name_of


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            errors.AuthorizationError.from_parameters("invalid_request", "invalid_redirect_uri"),
            "redirect URI not on the whitelist",
        ),
        (
            errors.AuthorizationError.from_parameters("unauthorized_client", "client_id_not_found"),
            "Client Id that the platform does not know",
        ),
        (
            errors.AuthorizationError.from_parameters("access_denied"),
            "access denied on the authorization page (access_denied)",
        ),
        (errors.AuthorizationError("", name="made_up"), "the authorization page refused"),
        (
            errors.TokenError("", status=400, name="invalid_grant"),
            "refused at the token endpoint: invalid_grant",
        ),
        (errors.TokenError("", status=500), "the accounts service refused"),
        (
            errors.ApiError("", status=403, type="authorization"),
            "the API does not allow it (authorization)",
        ),
        (errors.ApiError("", status=500), "the API refused"),
        (errors.StepIncomplete(""), "a cell above was not run, or a step not done"),
        (errors.RedirectUriError(""), "redirect URI that can't be right"),
        (errors.RedirectError(""), "what came back from the authorization page can't be used"),
        (errors.InputError(""), "an input that can't be right"),
        (
            errors.PortTaken.from_port(8377, "Another program listens there."),
            "the port of the redirect URI is taken",
        ),
        (errors.TutorialError("a secret"), "another error that was explained"),
        (ValueError("a secret"), "another error that was explained"),
    ],
)
def test_the_words_for_an_error(problem: Exception, words: str) -> None:
    assert WORDS[name_of(problem)] == words


def test_every_class_of_the_tree_has_a_name_of_its_own() -> None:
    kinds = {
        kind
        for kind in vars(errors.tree if hasattr(errors, "tree") else errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.TutorialError)
    }
    general = {
        errors.TutorialError,
        errors.PlatformRefusal,
        errors.ConnectionProblem,
    }
    made = [kind.__new__(kind) for kind in kinds - general]
    for problem in made:
        if isinstance(problem, errors.PlatformRefusal):
            continue
        assert name_of(problem) is not ErrorName.OTHER, type(problem)
