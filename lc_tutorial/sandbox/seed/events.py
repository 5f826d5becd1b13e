"""The events of the seeded conversations, in the platform's shapes.

Source: livechat-public-docs, agent-chat-api/data-structures (events) and
messaging/references/system-activities.
"""

import json
from typing import Any, NamedTuple

from lc_tutorial.sandbox.seed.customers import Person
from lc_tutorial.sandbox.seed.dice import Dice
from lc_tutorial.sandbox.world import Agent, Organization, Properties, Thread, Visibility

_CDN = "https://cdn.example.com/files"
PRECHAT_FORM, POSTCHAT_FORM = "1718000000101", "1718000000102"
OFFLINE_FORM, EMAIL_FORM = "1718000000103", "1718000000104"
STORE_ID = "5a0d9c7e-2f41-4b68-9e13-c6d2a8f07b35"


class Step(NamedTuple):
    """An event that is about to happen, so many seconds after the one before.

    One without a type is silence.
    """

    delay: float
    type: str
    author: str | None
    body: dict[str, Any]
    visibility: Visibility = "all"
    properties: Properties | None = None
    deleted: bool = False


def pause(seconds: float) -> Step:
    """Nothing happens for a while."""
    return Step(seconds, "", None, {})


def system_message(delay: float, kind: str, text: str, **variables: str) -> Step:
    """The platform says what happened."""
    body: dict[str, Any] = {"text": text, "system_message_type": kind}
    if variables:
        body["text_vars"] = variables
    return Step(delay, "system_message", None, body)


# --- Forms --------------------------------------------------------------------------------------


def _filled(delay: float, person: Person, form_id: str, form_type: str, fields: list[Any]) -> Step:
    body = {"form_id": form_id, "form_type": form_type, "fields": fields}
    return Step(delay, "filled_form", person.id, body)


def _name_and_email(person: Person) -> list[dict[str, Any]]:
    return [
        {"type": "name", "id": "171800000011", "label": "Your name", "answer": person.name or ""},
        {"type": "email", "id": "171800000012", "label": "E-mail", "answer": person.email or ""},
    ]


def prechat_form(
    delay: float, person: Person, organization: Organization, group_id: int, dice: Dice
) -> Step:
    """The customer fills in the form before the chat."""
    fields = _name_and_email(person)
    if dice.chance(0.5):
        fields.append(
            {
                "type": "group_chooser",
                "id": "171800000014",
                "label": "What is it about?",
                "answer": {
                    "id": str(group_id),
                    "group_id": group_id,
                    "label": organization.group(group_id).name,
                },
            }
        )
    if dice.chance(0.2):
        topics = ("Plants", "Coffee", "Sale")
        chosen = [i for i in range(3) if dice.chance(0.4)]
        fields.append(
            {
                "type": "checkbox",
                "id": "171800000015",
                "label": "Newsletters",
                "answers": [{"id": str(i), "label": topics[i]} for i in chosen],
            }
        )
    return _filled(delay, person, PRECHAT_FORM, "prechat", fields)


def postchat_form(delay: float, person: Person, dice: Dice) -> Step:
    """The customer fills in the form after the chat."""
    answers = ("Yes", "Partly", "No")
    choice = int(dice.roll() * dice.roll() * 3)  # mostly yes
    fields: list[dict[str, Any]] = [
        {
            "type": "radio",
            "id": "171800000021",
            "label": "Did we solve it?",
            "answer": {"id": str(choice), "label": answers[choice]},
        },
        {
            "type": "textarea",
            "id": "171800000022",
            "label": "Anything we could do better?",
            "answer": dice.pick(("", "", "no", "Open on Sundays :)", "Faster delivery please")),
        },
    ]
    return _filled(delay, person, POSTCHAT_FORM, "postchat", fields)


def offline_form(delay: float, person: Person, text: str) -> Step:
    """The customer leaves a message."""
    fields = _name_and_email(person)
    fields.append({"type": "textarea", "id": "171800000013", "label": "Message", "answer": text})
    # assumed: the source says that there are other types than those it names
    return _filled(delay, person, OFFLINE_FORM, "offline", fields)


def email_form(delay: float, agent: Agent) -> Step:
    """The agent sends an empty form that asks for an address."""
    field = {"type": "email", "id": "171800000031", "label": "Your e-mail", "required": True}
    body = {"form_id": EMAIL_FORM, "form_type": "ask_for_email", "fields": [field]}
    return Step(delay, "form", agent.email, body)


def email_given(delay: float, person: Person) -> Step:
    """The customer fills that form in."""
    field = {
        "type": "email",
        "id": "171800000031",
        "label": "Your e-mail",
        "answer": person.mailbox,
    }
    return _filled(delay, person, EMAIL_FORM, "ask_for_email", [field])


# --- Files, rich messages and the rest ----------------------------------------------------------


def photo(delay: float, person: Person, name: str, dice: Dice) -> Step:
    """The customer sends a picture."""
    url = f"{_CDN}/{dice.code().lower()}/{name}"
    body = {
        "name": name,
        "url": url,
        "thumbnail_url": url.replace(".jpg", "-thumb.jpg"),
        "thumbnail2x_url": url.replace(".jpg", "-thumb2x.jpg"),
        "content_type": "image/jpeg",
        "size": dice.between(180_000, 4_200_000),
        "width": 3024,
        "height": 4032,
    }
    return Step(delay, "file", person.id, body)


def pdf(delay: float, agent: Agent, name: str, dice: Dice) -> Step:
    """The agent sends a document."""
    body = {
        "name": name,
        "url": f"{_CDN}/{dice.code().lower()}/{name}",
        "content_type": "application/pdf",
    }
    return Step(delay, "file", agent.email, body)


def cards(delay: float, agent: Agent, text: str, dice: Dice) -> Step:
    """The agent shows a product, with buttons."""
    title, _, subtitle = text.partition(" / ")
    image = {
        "name": "product.jpg",
        "url": f"{_CDN}/{dice.code().lower()}/product.jpg",
        "content_type": "image/jpeg",
        "size": dice.between(40_000, 300_000),
        "width": 640,
        "height": 480,
        "alternative_text": title,
    }
    buttons = [
        _button("Tell me more", "action_more"),
        {
            "type": "url",
            "text": "Show it",
            "value": "https://shop.example.com/plants",
            "postback_id": "action_show",
            "user_ids": [],
            "target": "new",
        },
    ]
    element = {"title": title, "subtitle": subtitle, "image": image, "buttons": buttons}
    return Step(delay, "rich_message", agent.email, {"template_id": "cards", "elements": [element]})


def choices(delay: float, agent: Agent, text: str, dice: Dice) -> Step:  # noqa: ARG001
    """The agent offers ready answers to choose from."""
    buttons = [_button(choice, f"action_{i}") for i, choice in enumerate(text.split(" / "))]
    element = {"title": "What would you like us to do?", "buttons": buttons}
    body = {"template_id": "quick_replies", "elements": [element]}
    return Step(delay, "rich_message", agent.email, body)


def _button(text: str, postback_id: str) -> dict[str, Any]:
    return {
        "type": "message",
        "text": text,
        "value": text,
        "postback_id": postback_id,
        "user_ids": [],
    }


def pick(delay: float, person: Person, text: str, thread: Thread) -> Step:
    """The customer presses a button of the rich message before."""
    offered = next(event for event in reversed(thread.events) if event.type == "rich_message")
    button = next(b for b in offered.body["elements"][0]["buttons"] if b["text"] == text)
    body = {
        "text": text,
        "postback": {
            "id": button["postback_id"],
            "thread_id": thread.id,
            "event_id": offered.id,
            "type": button["type"],
            "value": button["value"],
        },
    }
    return Step(delay, "message", person.id, body)


def parcel(delay: float, agent: Agent, _text: str, dice: Dice) -> Step:
    """The agent's shipping app shows where a parcel is."""
    content = {
        "parcel": {
            "carrier": dice.pick(("Swift Parcel", "Green Wheels", "Harbour Post")),
            "number": f"FF{dice.between(10**9, 10**10)}",
            "status": dice.pick(("in transit", "in transit", "at the depot", "out for delivery")),
        }
    }
    return Step(delay, "custom", agent.email, {"content": content})


def order(delay: float, number: str, organization: Organization, dice: Dice) -> Step:
    """The shop reports that the customer has ordered. From version 3.6 on."""
    cents = dice.between(1_200, 14_900)
    details = {
        "store": {
            "id": "fern-and-filter",
            "platform": "shopify",
            "uuid": STORE_ID,
            "url": organization.website,
            "name": organization.name,
        },
        "order": {
            "id": f"gid://shopify/Order/{dice.between(10**9, 10**10)}",
            "order_number": number,
            "currency": "EUR",
            "total_price": cents / 100,
            "line_items": [
                {
                    "title": "Basket",
                    "quantity": 1,
                    "price": cents / 100,
                    "product_id": str(dice.between(100, 999)),
                }
            ],
        },
    }
    body = {
        "source": "cdp",
        "subtype": "store_order_was_created",
        "version": 2,
        "details": json.dumps(details),
    }
    return Step(delay, "system", None, body)
