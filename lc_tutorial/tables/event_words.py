"""An event of each type in a few words, for a person.

Source: livechat-public-docs, messaging/agent-chat-api/data-structures ("Events").
"""

import json
from typing import Any


def in_words(event: dict[str, Any]) -> tuple[str, bool]:
    """What an event says, and whether these are its author's own words.

    Args:
        event: a row of the table of events, without what is missing.
    """
    text = event.get("text", "")
    more = _more(event)
    match event.get("type"):
        case "message":
            if isinstance(more.get("postback"), dict):
                return f"chose “{text}”", False
            return text, True
        case "system_message":
            return text or str(event.get("system_message_type", "")), False
        case "file":
            return _file(more), False
        case "filled_form":
            return f"filled in a form. {_answers(more)}".rstrip(), False
        case "form":
            return f"asked to fill in a form. {_questions(more)}".rstrip(), False
        case "rich_message":
            return _rich_message(more), False
        case "custom":
            return f"sent data of an app: {_shortened(more.get('content'))}", False
        case "system":
            source, subtype = more.get("source", "another system"), more.get("subtype", "")
            return f"{source} reported: {subtype.replace('_', ' ') or 'something'}", False
        case other:
            return f"an event of the type {other}" + (f": {text}" if text else ""), False


def _more(event: dict[str, Any]) -> dict[str, Any]:
    """The fields that have no column of their own."""
    more = json.loads(event.get("other_fields", "{}"))
    return more if isinstance(more, dict) else {}


def _file(more: dict[str, Any]) -> str:
    about = [str(more["content_type"])] if more.get("content_type") else []
    size = more.get("size")
    if isinstance(size, int | float):
        about.append(f"{size / 1_000_000:.1f} MB" if size >= 1e6 else f"{size / 1000:.0f} kB")
    name = more.get("name", "without a name")
    return f"sent a file: {name}" + (f" ({', '.join(about)})" if about else "")


def _answers(more: dict[str, Any]) -> str:
    """What a customer entered: ``Name: Ada · E-mail: (empty)``."""
    return " · ".join(f"{_label(field)}: {_answer(field)}" for field in _dicts(more, "fields"))


def _questions(more: dict[str, Any]) -> str:
    return " · ".join(_label(field) for field in _dicts(more, "fields"))


def _label(field: dict[str, Any]) -> str:
    return str(field.get("label") or field.get("type") or "A field").rstrip(":")


def _answer(field: dict[str, Any]) -> str:
    answers = field.get("answers", [field.get("answer")])
    answers = answers if isinstance(answers, list) else [answers]
    words = [each.get("label") if isinstance(each, dict) else each for each in answers]
    return ", ".join(str(word) for word in words if word not in (None, "")) or "(empty)"


def _rich_message(more: dict[str, Any]) -> str:
    shown = []
    for element in _dicts(more, "elements"):
        titles = [str(element[name]) for name in ("title", "subtitle") if element.get(name)]
        buttons = [f"[{button.get('text', 'a button')}]" for button in _dicts(element, "buttons")]
        shown.append(" ".join([": ".join(titles), *buttons]).strip())
    kind = {"cards": "a card", "quick_replies": "a choice", "sticker": "a sticker"}.get(
        str(more.get("template_id")), "a rich message"
    )
    return f"showed {kind}. {' · '.join(filter(None, shown))}".rstrip()


def _dicts(holder: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = holder.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _shortened(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False)
    return text if len(text) <= 200 else text[:199] + "…"
