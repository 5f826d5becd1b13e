"""The events that agents and customers send: what is demanded of each type, and their records.

Source: livechat-public-docs, data-structures ("Events") of agent-chat-api and customer-chat-api,
versions 3.4 to 3.7.
"""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from lc_tutorial.sandbox.api.errors import ApiError
from lc_tutorial.sandbox.api.web_addresses import is_web_address
from lc_tutorial.sandbox.store import File, Files, content_type_of
from lc_tutorial.sandbox.world import Event, Properties, Version, Visibility

MAX_TEXT = 16 * 1024

# assumed: its hosts, as they stand in samples, and the one that the seeded files are at.
_CDN = ("cdn.livechat-files.com", "cdn.livechatinc.com", "cdn.example.com")

_Number = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
# assumed: with what is new, any namespace and name will do. No source says that these have to be
# registered, as those that are updated have to be.
GivenProperties = dict[str, dict[str, str | bool | _Number]]
Fields = list[dict[str, Any]]


class _Sent(Struct, omit_defaults=True):
    """What all events may have. Who sees them is for agents to say."""

    custom_id: str | UnsetType = UNSET
    visibility: Visibility = "all"
    author_id: str | UnsetType = UNSET  # of what a chat begins with
    properties: GivenProperties | UnsetType = UNSET


class Postback(Struct, omit_defaults=True):
    """Which button of a rich message a message answers."""

    id: str
    thread_id: str
    event_id: str
    type: str | UnsetType = UNSET
    value: str | UnsetType = UNSET
    ecommerce: dict[str, Any] | UnsetType = UNSET

    def __post_init__(self) -> None:
        if (self.type is UNSET) != (self.value is UNSET):
            raise ValueError("type and value go together")


class SentMessage(_Sent, tag="message", kw_only=True):
    """Text."""

    text: str
    postback: Postback | UnsetType = UNSET

    def __post_init__(self) -> None:
        if len(self.text.encode()) > MAX_TEXT:
            raise ValueError("the text has more than 16 KB")


class SentFile(_Sent, tag="file", kw_only=True):
    """A file that was uploaded before."""

    url: str
    alternative_text: str | UnsetType = UNSET


class SentForm(_Sent, tag="form", kw_only=True):
    """An empty form."""

    form_id: str
    fields: Fields
    form_type: str | UnsetType = UNSET  # assumed: the source has it in answers only


class SentFilledForm(_Sent, tag="filled_form", kw_only=True):
    """A form with answers."""

    form_id: str
    fields: Fields
    form_type: str | UnsetType = UNSET  # assumed: the source has it in answers only
    recipients: Visibility = "all"

    def __post_init__(self) -> None:
        for one in self.fields:
            answers = one.get("answers", [])
            if not isinstance(answers, list):
                raise ValueError("answers is a list")
            for answer in [one.get("answer"), *answers]:
                if isinstance(answer, dict) and not isinstance(answer.get("id"), str):
                    raise ValueError("an answer that was chosen has an id")


class SentRichMessage(_Sent, tag="rich_message", kw_only=True):
    """Cards, a sticker or quick replies."""

    template_id: Literal["cards", "sticker", "quick_replies", "ecommerce"]
    elements: Annotated[list[dict[str, Any]], Meta(max_length=10)] | UnsetType = UNSET

    def __post_init__(self) -> None:
        for element in self.elements or []:
            buttons = element.get("buttons", [])
            if not isinstance(buttons, list) or len(buttons) > 13:
                raise ValueError("an element has up to 13 buttons")
            if not all(isinstance(button, dict) for button in buttons):
                raise ValueError("a button is an object")


class SentCustom(_Sent, tag="custom", kw_only=True):
    """Whatever an app makes of it."""

    content: dict[str, Any] | UnsetType = UNSET


class SentSystemMessage(_Sent, tag="system_message", kw_only=True):
    """What happened, in words."""

    system_message_type: str
    text: str | UnsetType = UNSET
    text_vars: dict[str, str] | UnsetType = UNSET


SentEvent = (
    SentMessage
    | SentFile
    | SentForm
    | SentFilledForm
    | SentRichMessage
    | SentCustom
    | SentSystemMessage
)


def record_of(
    sent: SentEvent,
    *,
    event_id: str,
    created_at: int,
    author_id: str,
    visibility: Visibility | None = None,
    file: File | None = None,
) -> Event:
    """Make the record of an event.

    Args:
        sent: What was sent.
        event_id: The id that it gets.
        created_at: When it happened, in microseconds since the epoch.
        author_id: Who sent it.
        visibility: Who sees it, where that is not for the author to say.
        file: What it names, where that was uploaded here.

    """
    body: dict[str, Any] = msgspec.to_builtins(sent)
    kind = body.pop("type")
    properties: Properties | None = body.pop("properties", None)
    for name in ("visibility", "recipients", "author_id"):
        body.pop(name, None)
    if isinstance(sent, SentFile):
        body |= _details(sent.url) if file is None else file.details
        if not body["content_type"].startswith("image/"):
            body.pop("alternative_text", None)  # only images have one
        elif file is not None:
            # assumed: the picture itself; the sandbox makes none that are smaller.
            body |= {"thumbnail_url": sent.url, "thumbnail2x_url": sent.url}
    if isinstance(sent, SentRichMessage):
        for element in body.get("elements", []):
            for button in element.get("buttons", []):
                button.setdefault("user_ids", [])
    return Event(
        id=event_id,
        type=kind,
        created_at=created_at,
        author_id=None if isinstance(sent, SentSystemMessage) else author_id,
        body=body,
        visibility=visibility or sent.visibility,
        properties=properties,
    )


def check_event(
    sent: SentEvent, version: Version, files: Files, organization_id: str, now: float
) -> File | None:
    """Refuse what an event of its type may not be.

    Args:
        sent: What was sent.
        version: By which version; `ecommerce` came with 3.6.
        files: Those that were uploaded.
        organization_id: Whose files it may name.
        now: What time it is in the world.

    Returns:
        The file that it names, if it was uploaded here.

    Raises:
        ApiError: `validation`.

    """
    if isinstance(sent, SentRichMessage) and sent.template_id == "ecommerce":
        # Source: livechat-public-docs, agent-chat-api/changelog.
        if version < Version.V3_6:
            raise ApiError("validation", why="rich messages of a shop came with version 3.6")
    elif isinstance(sent, SentFile):
        if not is_web_address(sent.url):
            raise ApiError("validation", why="the url of the file is no http or https address")
        address = urlsplit(sent.url)
        file = files.get(address.path, now)
        if file is not None and file.organization_id == organization_id:
            return file
        if address.hostname not in _CDN:
            raise ApiError("validation", why="the url of the file has to point to the CDN")
    return None


def _details(url: str) -> dict[str, str]:
    """Make what the platform knows of a file that was uploaded; here, what its name says."""
    name = urlsplit(url).path.rpartition("/")[2] or "file"
    return {"name": name, "content_type": content_type_of(name)}
