"""send_typing_indicator and send_thinking_indicator: signs that are shown, and kept nowhere.

Who would see them listens to the real-time API, which the sandbox does not have.

Source: livechat-public-docs, agent-chat-api (Send Typing Indicator, Send Thinking Indicator) of
versions 3.4 to 3.7.
"""

from msgspec import Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.agent_chat.send_event import EMPTY
from lc_tutorial.sandbox.agent_chat.writing import active_thread
from lc_tutorial.sandbox.api import Call
from lc_tutorial.sandbox.world import Visibility


class TypingIndicator(Struct):
    """The parameters of send_typing_indicator."""

    chat_id: str
    is_typing: bool
    visibility: Visibility = "all"


class ThinkingIndicator(Struct):
    """The parameters of send_thinking_indicator."""

    chat_id: str
    title: str = ""
    description: str = ""
    visibility: Visibility = "all"
    custom_id: str = ""


def send_typing_indicator(service: ChatService, call: Call) -> bytes:
    """Answer a call of send_typing_indicator."""
    reach = service.reach(call.requester, "rw")
    # assumed for both: that the chat has to be active, and the requester need not be in it.
    active_thread(service.chat_within(reach, call.parameters(TypingIndicator).chat_id))
    return EMPTY


def send_thinking_indicator(service: ChatService, call: Call) -> bytes:
    """Answer a call of send_thinking_indicator."""
    reach = service.reach(call.requester, "rw")
    active_thread(service.chat_within(reach, call.parameters(ThinkingIndicator).chat_id))
    return EMPTY
