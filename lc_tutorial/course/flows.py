"""Which way in is for which app: four questions, an answer, and the reasons.

Source: livechat-public-docs, authorization (oauth-authorization, "Which OAuth flow to choose";
personal-access-tokens, "When to use Personal Access Tokens"; customer-authorization).
"""

from dataclasses import dataclass
from html import escape

from lc_tutorial.errors import InputError

PERSONAL_TOKEN = "A personal access token"  # noqa: S105
SERVER_SIDE = "The authorization code flow, with a server-side app"
JAVASCRIPT = "The authorization code flow with PKCE, with a JavaScript app"
SIGN_IN = "Sign in with LiveChat"
AGENT_TOKEN = "A customer's token, by the agent token grant"  # noqa: S105
COOKIE = "A customer's token, by the cookie grant"


@dataclass(frozen=True)
class Advice:
    """Which way in to take, and why.

    Attributes:
        way: in a few words.
        reasons: a sentence for each answer that counted.
    """

    way: str
    reasons: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join([f"{self.way}.", *(f"- {reason}" for reason in self.reasons)])

    def _repr_html_(self) -> str:
        reasons = "".join(f"<li>{escape(reason)}</li>" for reason in self.reasons)
        return f'<div class="lc-advice"><b>{escape(self.way)}.</b><ul>{reasons}</ul></div>'


def which_flow(
    *, as_a_customer: bool, only_my_account: bool, only_to_sign_in: bool, keeps_secrets: bool
) -> Advice:
    """Say which way in is for an app.

    Args:
        as_a_customer: does it write as a customer, and not as an agent?
        only_my_account: is it for your own account alone?
        only_to_sign_in: does it only want to know who somebody is?
        keeps_secrets: does it run where only you can look in, such as on a server of yours?

    Raises:
        InputError: an answer is neither True nor False.
    """
    answers = locals().copy()
    for name, answer in answers.items():
        if not isinstance(answer, bool):
            raise InputError(
                what=f"{name} is a question with two answers.",
                why=f"This is {answer!r}.",
                remedy=f"Write {name}=True or {name}=False.",
            )
    if as_a_customer:
        return _of_customers(keeps_secrets=keeps_secrets)
    if only_to_sign_in:
        return _to_sign_in(keeps_secrets=keeps_secrets)
    if only_my_account and keeps_secrets:
        return Advice(
            PERSONAL_TOKEN,
            (
                "It is for your account alone: there is nobody to ask for access.",
                "It runs where only you can look in: the token stays there. The documentation "
                "names no end for it, so it is a password for as long as you don't delete it.",
            ),
        )
    if keeps_secrets:
        return Advice(
            SERVER_SIDE,
            (
                "It is for other people's accounts: each of them says yes, and each token is of "
                "one of them.",
                "It runs where only you can look in: the Client Secret and the refresh tokens are "
                "safe there. With them it gets new tokens while nobody is at a browser.",
                "Send PKCE and a state too: they protect the code on its way.",
            ),
        )
    whose = "Each person says yes for their own account."
    if only_my_account:
        whose = (
            "It is for your account alone, and yet no place for a personal access token: whoever "
            "gets at the page would have it, for as long as you don't delete it."
        )
    return Advice(JAVASCRIPT, (whose, _OPEN_TO_ALL))


_OPEN_TO_ALL = (
    "It runs where others can look in: a secret in it would be none. PKCE makes one up for each "
    "attempt instead."
)


def _to_sign_in(*, keeps_secrets: bool) -> Advice:
    rest = (
        "Behind the button is the flow that you know: ask for a code, and exchange it on your "
        "server."
        if keeps_secrets
        else _OPEN_TO_ALL
    )
    return Advice(
        SIGN_IN,
        (
            "It wants to know who somebody is: the scope accounts--my:ro will do, and no chat is "
            "read.",
            rest,
        ),
    )


def _of_customers(*, keeps_secrets: bool) -> Advice:
    whose = (
        "It writes as a customer: that is the Customer Chat API, which takes a customer's token "
        "and no other."
    )
    if keeps_secrets:
        return Advice(
            AGENT_TOKEN,
            (
                whose,
                "It runs where only you can look in: an agent's token with the scope customers:own "
                "gets the tokens of as many customers as you like.",
            ),
        )
    return Advice(
        COOKIE,
        (
            whose,
            "It runs in the customer's browser: a cookie there says who they are when they come "
            "again. An agent's token has no business in there.",
        ),
    )
