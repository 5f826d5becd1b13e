"""Where an explanation is shown: a remedy says what can be done there.

"Use requests.post in the cell" helps nobody who looks at the fields of the request lab, and a
script has no step 2 to go back to.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class _Words:
    """How things are done at a place; each is one sentence or more.

    In them ``{method}``, ``{lower}`` (the same in small letters) and ``{path}`` stand for what is
    right; other braces are what they are.

    Attributes:
        again: send it once more.
        method: use another HTTP method.
        address: use another address.
        form: send fields as a form.
        json: send a body of JSON.
        bearer: send an access token.
        basic: send a personal access token.
        no_header: leave a wrong header out, or correct it.
        new_code: get another code.
        start_over: get another access token.
        refresh: get another access token with the refresh token.
        credentials: correct the app's Client Id or secret.
        slower: do it more slowly.
        customer: get a customer's token.
    """

    again: str
    method: str
    address: str
    form: str
    json: str
    bearer: str
    basic: str
    no_header: str
    new_code: str
    start_over: str
    refresh: str
    credentials: str
    slower: str
    customer: str


_ASK_FOR_CUSTOMER = (
    "with the agent's access token, which needs the scope customers:own, send grant_type "
    '"agent_token", client_id and response_type "token" to /v2/customer/token'
)

_CELL = _Words(
    again="Run the cell again.",
    method="Use requests.{lower} in the cell.",
    address="Write the address in the cell so that it ends in {path}.",
    form="Pass the fields to requests.post as a dict: data={...}.",
    json="Pass a dict to requests.post as json={...}, which writes the JSON and its Content-Type.",
    bearer='Send the header "Authorization" with "Bearer", a space and token.access_token.',
    basic="Pass auth=(account_id, personal_access_token) to requests.post, and no header.",
    no_header="Correct the header in the cell.",
    new_code="Follow the link of step 2 again, and exchange the new code.",
    start_over="Get a new code in step 2 and exchange it in step 3.",
    refresh="Refresh it: requests.post(platform.token_url, data={...}) with grant_type "
    '"refresh_token", token.refresh_token, app.client_id and app.client_secret.',
    credentials="Correct it in the form of step 1, press Use these, and run the cell again.",
    slower="In a loop, wait between the calls.",
    customer=f"Get a customer's token: {_ASK_FOR_CUSTOMER}.",
)

_LAB = _Words(
    again="Press Send again.",
    method="Choose {method} beside the address.",
    address="Write the address so that it ends in {path}.",
    form="Choose a form as the kind of the body, and write the fields there.",
    json="Choose JSON as the kind of the body.",
    bearer="Under Authorization choose Bearer, with {{access_token}} as the token.",
    basic="Under Authorization choose Basic, with the account id as the user and the token as the "
    "password.",
    no_header="Correct it under Headers or under Authorization.",
    new_code="Get a new code with step 2 of the tutorial; {{code}} is the new one then.",
    start_over="Get a new code and exchange it, as steps 2 and 3 of the tutorial do; "
    "{{access_token}} is the new one then.",
    refresh='Refresh it: send grant_type "refresh_token" with {{refresh_token}}, {{client_id}} '
    "and {{client_secret}} to /v2/token.",
    credentials="Correct it in the request, or in the form of step 1, where the lab has it from.",
    slower="Wait a little between the calls.",
    customer=f"Get a customer's token: {_ASK_FOR_CUSTOMER}. "
    "{{customer_access_token}} is it then.",
)

_FORM = _Words(
    again="Press the button again.",
    method="Use {method}.",
    address="The address ends in {path}.",
    form="Send the fields as a form.",
    json="Send the fields as JSON.",
    bearer="Enter the access token.",
    basic="Enter the account id and the personal access token, as the Console shows them.",
    no_header="Correct what was entered.",
    new_code="Follow the link in the form again.",
    start_over="Get a new token: follow the link in the form.",
    refresh="Follow the link in the form: it brings a new token.",
    credentials="Correct it in the form, and press the button again.",
    slower="Wait a little before you press it again.",
    customer=f"Get a customer's token: {_ASK_FOR_CUSTOMER}.",
)

_SCRIPT = _Words(
    again="Call it again.",
    method="Send it with {method}.",
    address="Send it to the address that ends in {path}.",
    form="Send the fields as a form.",
    json="Send the body as JSON.",
    bearer="Pass the access token: lc.AgentChat(platform, token).",
    basic="Pass it with its account id: lc.AgentChat(platform, "
    "lc.PersonalAccessToken.parse(text)), with the text that the Console shows.",
    no_header="Correct the header.",
    new_code="Let the user allow the app again: that brings a new code.",
    start_over="Get a new token: in a notebook, session = lc.catch_up(platform) does; an app lets "
    "the user allow it again.",
    refresh="Refresh it: with lc.AgentChat(platform, token, app=app) that is done for you, where "
    "token is a whole lc.Token.",
    credentials="Correct the app's credentials.",
    slower="Wait between the calls.",
    customer=f"Get a customer's token: {_ASK_FOR_CUSTOMER}.",
)


class Place(Enum):
    """Where an explanation is shown."""

    CELL = "a cell that sends a request with requests"
    LAB = "the request lab"
    FORM = "a form that does a step"
    SCRIPT = "code that calls this package's client"

    @staticmethod
    def here() -> "Place":
        """The place where this thread works; a cell, if nobody said so."""
        return _here.get(Place.CELL)

    def say(self, name: str, **values: str) -> str:
        """How something is done here.

        Args:
            name: of a field of :class:`_Words`.
            values: what the words leave open: ``method`` or ``path``.
        """
        text: str = getattr(_WORDS[self], name)
        if "method" in values:
            values["lower"] = values["method"].lower()
        for key, value in values.items():
            text = text.replace(f"{{{key}}}", value)
        return text


@contextlib.contextmanager
def shown_in(place: Place) -> Iterator[None]:
    """What is explained meanwhile is shown there.

    Args:
        place: where.
    """
    before = _here.set(place)
    try:
        yield
    finally:
        _here.reset(before)


_here: ContextVar[Place] = ContextVar("lc_place")

_WORDS = {Place.CELL: _CELL, Place.LAB: _LAB, Place.FORM: _FORM, Place.SCRIPT: _SCRIPT}
