"""Where an explanation is shown: a remedy says what can be done there.

"Use requests.post in the cell" helps nobody who looks at the fields of the request lab, and a
script has no step 2 to go back to.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from enum import Enum

from lc_tutorial.errors.explaining.steps import with_steps


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

    def with_steps(self, there: str, elsewhere: str = "") -> str:
        """What a text says in a cell or the lab of the notebook with the steps, and elsewhere.

        Args:
            there: names a step.
            elsewhere: says the same without.
        """
        return with_steps(there, elsewhere) if self in (Place.CELL, Place.LAB) else elsewhere

    def say(self, name: str, **values: str) -> str:
        """How something is done here.

        Args:
            name: of what is to be done: a key of ``_WORDS``.
            values: what the words leave open: ``method``, ``path`` or ``field``.
        """
        told = _WORDS[name][self]
        text = with_steps(told, _WITHOUT_STEPS.get(name, {}).get(self, told))
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

_ASK_FOR_CUSTOMER = (
    "Get a customer's token: with the agent's access token, which needs the scope customers:own, "
    'send grant_type "agent_token", client_id and response_type "token" to /v2/customer/token.'
)

# What a remedy may ask for, and how it is done at each place; each is one sentence or more. In them
# {method}, {lower} (the same in small letters), {path} and {field} stand for what is right; other
# braces are what they are.
_WORDS: dict[str, dict[Place, str]] = {
    # Send it once more.
    "again": {
        Place.CELL: "Run the cell again.",
        Place.LAB: "Press Send again.",
        Place.FORM: "Press the button again.",
        Place.SCRIPT: "Call it again.",
    },
    # Use another HTTP method.
    "method": {
        Place.CELL: "Use requests.{lower} in the cell.",
        Place.LAB: "Choose {method} beside the address.",
        Place.FORM: "Use {method}.",
        Place.SCRIPT: "Send it with {method}.",
    },
    # Use another address.
    "address": {
        Place.CELL: "Write the address in the cell so that it ends in {path}.",
        Place.LAB: "Write the address so that it ends in {path}.",
        Place.FORM: "The address ends in {path}.",
        Place.SCRIPT: "Send it to the address that ends in {path}.",
    },
    # Send fields as a form.
    "form": {
        Place.CELL: "Pass the fields to requests.post as a dict: data={...}.",
        Place.LAB: "Choose a form as the kind of the body, and write the fields there.",
        Place.FORM: "Send the fields as a form.",
        Place.SCRIPT: "Send the fields as a form.",
    },
    # Send a body of JSON.
    "json": {
        Place.CELL: "Pass a dict to requests.post as json={...}, which writes the JSON and its "
        "Content-Type.",
        Place.LAB: "Choose JSON as the kind of the body.",
        Place.FORM: "Send the fields as JSON.",
        Place.SCRIPT: "Send the body as JSON.",
    },
    # Send an access token.
    "bearer": {
        Place.CELL: 'Send the header "Authorization" with "Bearer", a space and '
        "token.access_token.",
        Place.LAB: "Under Authorization choose Bearer, with {{access_token}} as the token.",
        Place.FORM: "Enter the access token.",
        Place.SCRIPT: "Pass the access token: lc.AgentChat(platform, token).",
    },
    # Send a personal access token.
    "basic": {
        Place.CELL: "Pass auth=(account_id, personal_access_token) to requests.post, and no "
        "header.",
        Place.LAB: "Under Authorization choose Basic, with the account id as the user and the "
        "token as the password.",
        Place.FORM: "Enter the account id and the personal access token, as the Console shows "
        "them.",
        Place.SCRIPT: "Pass it with its account id: lc.AgentChat(platform, "
        "lc.PersonalAccessToken.parse(text)), with the text that the Console shows.",
    },
    # Leave a wrong header out, or correct it.
    "no_header": {
        Place.CELL: "Correct the header in the cell.",
        Place.LAB: "Correct it under Headers or under Authorization.",
        Place.FORM: "Correct what was entered.",
        Place.SCRIPT: "Correct the header.",
    },
    # Get another code.
    "new_code": {
        Place.CELL: "Follow the link of step 2 again, and exchange the new code.",
        Place.LAB: "Get a new code with step 2 of the tutorial; {{code}} is the new one then.",
        Place.FORM: "Follow the link in the form again.",
        Place.SCRIPT: "Let the user allow the app again: that brings a new code.",
    },
    # Get another access token.
    "start_over": {
        Place.CELL: "Get a new code in step 2 and exchange it in step 3.",
        Place.LAB: "Get a new code and exchange it, as steps 2 and 3 of the tutorial do; "
        "{{access_token}} is the new one then.",
        Place.FORM: "Get a new token: follow the link in the form.",
        Place.SCRIPT: "Get a new token: in a notebook, session = lc.catch_up(platform) does; an "
        "app lets the user allow it again.",
    },
    # Get another access token with the refresh token.
    "refresh": {
        Place.CELL: "Refresh it: requests.post(platform.token_url, data={...}) with grant_type "
        '"refresh_token", token.refresh_token, app.client_id and app.client_secret.',
        Place.LAB: 'Refresh it: send grant_type "refresh_token" with {{refresh_token}}, '
        "{{client_id}} and {{client_secret}} to /v2/token.",
        Place.FORM: "Follow the link in the form: it brings a new token.",
        Place.SCRIPT: "Refresh it: with lc.AgentChat(platform, token, app=app) that is done for "
        "you, where token is a whole lc.Token.",
    },
    # Correct the app's Client Id or secret.
    "credentials": {
        Place.CELL: "Correct it in the form of step 1, press Use these, and run the cell again.",
        Place.LAB: "Correct it in the request, or in the form of step 1, where the lab has it "
        "from.",
        Place.FORM: "Correct it in the form, and press the button again.",
        Place.SCRIPT: "Correct the app's credentials.",
    },
    # Send what the form of step 1 has.
    "from_the_form": {
        Place.CELL: "Send app.{field}, which the form of step 1 has. Run the cell again.",
        Place.LAB: "Write {{{field}}} in its place: the lab has it from the form of step 1.",
        Place.FORM: "Correct it in the form, and press the button again.",
        Place.SCRIPT: "Send what was entered in the form: app.{field}.",
    },
    # Make the app and all that came of it anew.
    "begin_again": {
        Place.CELL: "Begin again with step 1.",
        Place.LAB: "Begin again with step 1 of the tutorial.",
        Place.FORM: "Begin again with a new app.",
        Place.SCRIPT: "Begin again with a new app.",
    },
    # Get a token of the platform that is called.
    "another_platform": {
        Place.CELL: "Go through steps 1 to 3 again with this platform.",
        Place.LAB: "Go through steps 1 to 3 of the tutorial again with this platform.",
        Place.FORM: "Get a token of this platform: follow the link in the form.",
        Place.SCRIPT: "Get a token of this platform.",
    },
    # Do it more slowly.
    "slower": {
        Place.CELL: "In a loop, wait between the calls.",
        Place.LAB: "Wait a little between the calls.",
        Place.FORM: "Wait a little before you press it again.",
        Place.SCRIPT: "Wait between the calls.",
    },
    # Get a customer's token.
    "customer": {
        Place.CELL: _ASK_FOR_CUSTOMER,
        Place.LAB: f"{_ASK_FOR_CUSTOMER} {{{{customer_access_token}}}} is it then.",
        Place.FORM: _ASK_FOR_CUSTOMER,
        Place.SCRIPT: _ASK_FOR_CUSTOMER,
    },
}

# The same, in a notebook that has no steps: there lc.catch_up got the token, and an app with it.
_WITHOUT_STEPS: dict[str, dict[Place, str]] = {
    "new_code": {
        Place.CELL: "Follow the link again, and exchange the new code.",
        Place.LAB: "Get a new code: follow the link again; {{code}} is the new one then.",
    },
    "start_over": {
        Place.CELL: "Get a new token: run the cell with lc.catch_up again, and those below it.",
        Place.LAB: "Get a new token: run the cell with lc.catch_up again; {{access_token}} is the "
        "new one then.",
    },
    "credentials": {
        Place.CELL: "Correct it in the cell, and run the cell again.",
        Place.LAB: "Correct it in the request.",
    },
    "from_the_form": {
        Place.CELL: "Send what the app has: app.{field}, or session.app.{field} after lc.catch_up. "
        "Run the cell again.",
        Place.LAB: "Write {{{field}}} in its place: the lab has it from the app.",
    },
    "another_platform": {
        Place.CELL: "Get a token of this platform: run the cell with lc.catch_up again, and those "
        "below it.",
        Place.LAB: "Get a token of this platform: run the cell with lc.catch_up again.",
    },
    "begin_again": {
        Place.CELL: "Begin again: run the notebook's cells from the first one on.",
        Place.LAB: "Begin again: run the notebook's cells from the first one on.",
    },
}
