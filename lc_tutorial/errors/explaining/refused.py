"""A refused request, read for its explanation: address, headers, body, and who was refused."""

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests

from lc_tutorial import memory
from lc_tutorial.errors.explaining.knowledge import Knowledge
from lc_tutorial.errors.explaining.place import Place
from lc_tutorial.messages import LOOPBACK, basic, fields_of, header_of, json_object, text_of

#: Fields of which something may be known.
_SECRET = ("code", "client_secret", "refresh_token")

#: Where an organization's group has customers' tokens to itself.
_OF_GROUP = re.compile(r"/v2/customer/([^/]+)/[^/]+/token/?")


@dataclass(frozen=True)
class Refused:
    """A refusal, with the request that it answers.

    Attributes:
        response: the refusal.
        name: of the error, as the service calls it; empty where it names none.
        message: the service's sentence.
        data: what else it says of the error.
        place: where the explanation is shown.
    """

    response: requests.Response
    name: str
    message: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    place: Place = Place.CELL

    @property
    def status(self) -> int:
        """Of the HTTP answer."""
        return self.response.status_code

    @property
    def request(self) -> requests.PreparedRequest | None:
        """What was sent; None where the answer doesn't say."""
        return self.response.request

    @property
    def method(self) -> str:
        """Of HTTP, such as ``POST``."""
        return (self.request.method if self.request is not None else None) or "POST"

    @cached_property
    def url(self) -> str:
        """Where it was sent."""
        sent = self.request.url if self.request is not None else None
        return sent or self.response.url or ""

    @cached_property
    def host(self) -> str:
        """Of the address, in small letters."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""

    @property
    def is_here(self) -> bool:
        """Whether it was sent to this machine, where only a sandbox can be."""
        return self.host in LOOPBACK

    @cached_property
    def path(self) -> str:
        """Of the address, to the letter, as its service knows it."""
        return memory.path_of(self.url)

    @cached_property
    def query(self) -> dict[str, str]:
        """The parameters in the address."""
        try:
            return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))
        except ValueError:
            return {}

    @property
    def action(self) -> str:
        """Of an API, the method that was called; empty where the address has none."""
        _, found, rest = self.path.partition("/action/")
        return unquote(rest).strip("/ ") if found else ""

    @property
    def service(self) -> str:
        """Of the product APIs, which one: such as ``agent``; empty for none of them."""
        parts = self.path.strip("/").split("/")
        return parts[1] if len(parts) > 2 and parts[2] == "action" else ""

    @property
    def organization_id(self) -> str:
        """Whose customer is asked for, in the body or the path; empty where neither says."""
        of_group = _OF_GROUP.fullmatch(self.path)
        return self.fields.get("organization_id") or (unquote(of_group[1]) if of_group else "")

    # --- Headers --------------------------------------------------------------------------------

    def header(self, name: str) -> str:
        """A header of the request as text; empty where there is none."""
        return header_of(self.request, name)

    @property
    def content_type(self) -> str:
        """Of the body, without parameters, in small letters; empty where it was not sent."""
        return self.header("Content-Type").partition(";")[0].strip().lower()

    @cached_property
    def authorization(self) -> str:
        """The header, without blanks around it."""
        return self.header("Authorization").strip()

    @property
    def scheme(self) -> str:
        """The first word of the header, in small letters; empty for a header of one word."""
        scheme, space, _ = self.authorization.partition(" ")
        return scheme.lower() if space or scheme.lower() in ("bearer", "basic") else ""

    @property
    def credential(self) -> str:
        """What follows the scheme."""
        return self.authorization.partition(" ")[2].strip()

    # --- The body -------------------------------------------------------------------------------

    @cached_property
    def body(self) -> bytes:
        """As it was sent; empty where it was none, or a stream."""
        body = self.request.body if self.request is not None else None
        if isinstance(body, str):
            return body.encode("utf-8", "replace")
        return body if isinstance(body, bytes) else b""

    @property
    def is_streamed(self) -> bool:
        """Whether the body was read from a file or the like: nobody has it any more."""
        body = self.request.body if self.request is not None else None
        return body is not None and not isinstance(body, str | bytes)

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return text_of(self.request)

    @cached_property
    def fields(self) -> dict[str, str]:
        """The text fields of the body, sent as a form or as JSON."""
        return fields_of(self.request)

    @cached_property
    def asked(self) -> Any:
        """What the body says, if it is JSON; else None."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None

    # --- What is known --------------------------------------------------------------------------

    @cached_property
    def answer(self) -> dict[str, Any]:
        """The refusal's object of JSON; empty where it is something else."""
        return json_object(self.response)

    @cached_property
    def known(self) -> Knowledge:
        """What the kernel and the connected sandbox know; asked for once, when it is needed."""
        sent = [self.fields.get(name, "") for name in _SECRET]
        values = [self.credential, *sent, self.query.get("code", "")]
        client_id = self.fields.get("client_id", "")
        return Knowledge.about(
            self.url, self.path, self.body, values, client_id, self.organization_id
        )

    @property
    def scopes_held(self) -> frozenset[str]:
        """Of the token in the header, also of a personal one; empty where they aren't known."""
        values = (self.credential, basic.decode(self.credential).partition(":")[2])
        facts = (self.known.of(value) for value in values if value)
        return next((fact.scopes for fact in facts if fact and fact.scopes), frozenset())
