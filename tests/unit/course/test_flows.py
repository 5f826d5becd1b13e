"""Which way in is for which app."""

from typing import Any

import pytest

import lc_tutorial as lc
from lc_tutorial.course import flows
from lc_tutorial.errors import InputError


def asked(customer: bool, mine: bool, sign_in: bool, secrets: bool) -> flows.Advice:
    return lc.which_flow(
        as_a_customer=customer, only_my_account=mine, only_to_sign_in=sign_in, keeps_secrets=secrets
    )


YES, NO = True, False


@pytest.mark.parametrize(
    ("customer", "mine", "sign_in", "secrets", "way"),
    [
        (NO, YES, NO, YES, flows.PERSONAL_TOKEN),
        (NO, NO, NO, YES, flows.SERVER_SIDE),
        (NO, NO, NO, NO, flows.JAVASCRIPT),
        # A page is no place for a token without an end, also one's own.
        (NO, YES, NO, NO, flows.JAVASCRIPT),
        (NO, NO, YES, YES, flows.SIGN_IN),
        (NO, NO, YES, NO, flows.SIGN_IN),
        (NO, YES, YES, YES, flows.SIGN_IN),
        (YES, NO, NO, YES, flows.AGENT_TOKEN),
        (YES, YES, NO, YES, flows.AGENT_TOKEN),
        (YES, NO, NO, NO, flows.COOKIE),
        (YES, YES, YES, NO, flows.COOKIE),
    ],
)
def test_the_way(customer: bool, mine: bool, sign_in: bool, secrets: bool, way: str) -> None:
    advice = asked(customer, mine, sign_in, secrets)
    assert advice.way == way
    assert len(advice.reasons) >= 2
    assert repr(advice).startswith(f"{way}.\n- ")
    for reason in advice.reasons:
        assert reason.endswith(".")
        assert reason in repr(advice)
    assert advice._repr_html_().count("<li>") == len(advice.reasons)


def test_an_app_without_a_secret_is_never_told_to_keep_one() -> None:
    for customer in (YES, NO):
        for mine in (YES, NO):
            for sign_in in (YES, NO):
                said = repr(asked(customer, mine, sign_in, NO))
                assert "Client Secret" not in said
                assert flows.PERSONAL_TOKEN not in said


@pytest.mark.parametrize("answer", [None, "yes", 1, "True"])
def test_an_answer_that_is_none(answer: Any) -> None:
    with pytest.raises(InputError, match="only_my_account=True or only_my_account=False"):
        asked(NO, answer, NO, NO)
