"""What only some records of an account have: pictures, ids and properties of apps, rarer fields.

None of it takes part in what is told, so it has dice of its own: the chats are the same without.

Sources: livechat-public-docs, agent-chat-api/data-structures (customers, events, form fields,
buttons) and messaging/references/default-properties (lc2).
"""

from collections.abc import Iterable
from typing import Any

from lc_tutorial.sandbox.seed.dice import Dice
from lc_tutorial.sandbox.seed.phrases import PLANTS
from lc_tutorial.sandbox.world import Chat, Event

# Apps of the company: their client ids are the namespaces of the properties that they set.
# Source: livechat-public-docs, management/configuration-api (properties).
LOYALTY_APP = "4b1f0c9de7a84f52b6c3d8e09a17f264"
SHIPPING_APP = "9ce3a5d1740b4e86a2f7c15b83d6e02f"

_HEIGHTS = ("compact", "tall", "full")
_HEARD = ("A friend", "A search engine", "An advertisement", "The newsletter")
_SUBJECTS = ("An order", "A plant", "Something else")
_CDN = "https://cdn.example.com/avatars/customers"


def add(chats: Iterable[Chat], dice: Dice) -> None:
    """Give some of the customers and events of these chats what only some have."""
    for chat in chats:
        if chat.customer is not None and dice.chance(0.15):
            chat.customer.avatar = f"{_CDN}/{chat.customer.id}.png"
        for thread in chat.threads:
            for event in thread.events:
                _detail(event, dice)


def _detail(event: Event, dice: Dice) -> None:
    if event.type == "system":
        event.body["custom_id"] = f"shopify_{event.created_at // 1_000_000}"
    elif event.type != "message" and dice.chance(0.2):
        event.body["custom_id"] = f"{event.created_at // 1000}.{dice.between(10**9, 10**10)}"
    match event.type:
        case "filled_form":
            _filled(event, dice)
        case "form":
            _asked(event, dice)
        case "file" if dice.chance(0.3):
            event.properties = {"lc2": {"file_safety_confirmation": True}}
        case "rich_message":
            _buttons(event, dice)
        case "custom":
            parcel = event.body["content"]["parcel"]
            event.properties = {SHIPPING_APP: {"parcel": parcel["number"], "notified": True}}


# --- Forms --------------------------------------------------------------------------------------


def _filled(event: Event, dice: Dice) -> None:
    kind, fields = event.body["form_type"], event.body["fields"]
    if kind in ("prechat", "postchat"):
        event.properties = {"lc2": {"form_type": kind}}
    if kind == "prechat" and dice.chance(0.2):
        answer = dice.pick((*PLANTS, ""))
        fields.append(_field("question", "16", "Which plant is it about?", answer=answer))
    if kind == "prechat" and dice.chance(0.2):
        choice = dice.between(0, len(_HEARD) - 1)
        answered = {"id": str(choice), "label": _HEARD[choice]}
        fields.append(_field("select", "17", "How did you hear of us?", answer=answered))
    if kind == "offline" and dice.chance(0.5):
        fields.append(_field("subject", "18", "Subject", answer=dice.pick(_SUBJECTS)))


def _asked(event: Event, dice: Dice) -> None:
    if dice.chance(0.3):
        options = [{"id": str(number), "label": label} for number, label in enumerate(_HEARD)]
        label = "How did you hear of us?"
        event.body["fields"].append(_field("select", "32", label, required=False, options=options))


def _field(kind: str, number: str, label: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": f"1718000000{number}", "label": label, **more}


# --- Rich messages ------------------------------------------------------------------------------


def _buttons(event: Event, dice: Dice) -> None:
    if event.body["template_id"] != "cards":
        return
    event.properties = {LOYALTY_APP: {"campaign": dice.pick(("spring", "newcomers"))}}
    buttons = event.body["elements"][0]["buttons"]
    if dice.chance(0.5):
        buttons.append(
            {
                "type": "webview",
                "text": "Try it in your room",
                "value": "https://shop.example.com/moments/room",
                "webview_height": dice.pick(_HEIGHTS),
                "postback_id": "action_room",
                "user_ids": [],
            }
        )
    if dice.chance(0.3):
        buttons.append(
            {
                "type": "phone",
                "text": "Call us",
                "value": "+12025550100",
                "postback_id": "action_call",
                "user_ids": [],
            }
        )
