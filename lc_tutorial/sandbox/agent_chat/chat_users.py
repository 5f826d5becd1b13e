"""add_user_to_chat and remove_user_from_chat.

Source: livechat-public-docs, agent-chat-api (Add User to Chat, Remove User from Chat) of versions
3.4 to 3.7, and messaging/references/system-activities (`agent_added` and its neighbours).
"""

from typing import Literal

from msgspec import Struct

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService, Reach
from lc_tutorial.sandbox.agent_chat.send_event import EMPTY
from lc_tutorial.sandbox.agent_chat.writing import (
    active_thread,
    agent_of,
    can_see,
    demand_presence,
    end_queue,
    join,
    note_system_message,
    participant,
    set_unassigned,
)
from lc_tutorial.sandbox.api import ApiError, Call, Source, chat_webhooks
from lc_tutorial.sandbox.world import Chat, Customer, Participant, Thread, Visibility


class AddUser(Struct):
    """The parameters of add_user_to_chat."""

    chat_id: str
    user_id: str
    user_type: Literal["agent", "customer"]
    visibility: Visibility
    ignore_requester_presence: bool = False


class RemoveUser(Struct):
    """The parameters of remove_user_from_chat."""

    chat_id: str
    user_id: str
    user_type: Literal["agent"]
    ignore_requester_presence: bool = False


def add_user_to_chat(service: ChatService, call: Call) -> bytes:
    """Answer a call of add_user_to_chat."""
    reach = service.reach(call.requester, "rw")
    wanted = call.parameters(AddUser)
    chat = service.chat_within(reach, wanted.chat_id)
    thread = active_thread(chat)
    demand_presence(chat, call.requester, ignored=wanted.ignore_requester_presence)
    if wanted.user_type == "customer":
        added: Customer | Participant = _add_customer(service, call, chat, thread, wanted)
    else:
        added = _add_agent(service, call, reach, chat, thread, wanted)
    service.chats(call.requester).put(chat)
    chat_webhooks.user_added_to_chat(service.world, Source.of(call.requester), chat, added)
    return EMPTY


def _add_customer(
    service: ChatService, call: Call, chat: Chat, thread: Thread, wanted: AddUser
) -> Customer:
    chats = service.chats(call.requester)
    customer = chats.customers.get(wanted.user_id)
    if customer is None:
        raise ApiError("not_found", why="there is no such customer")
    if wanted.visibility != "all":
        raise ApiError("validation", why="a customer's visibility is all")
    # assumed for both: this type.
    if chat.customer is not None or chats.of_customer(customer.id):
        why = "a chat has one customer at most, and a customer one chat"
        raise ApiError("limit_reached", why=why)
    chats.set_customer(chat, customer)
    thread.user_ids = [customer.id, *thread.user_ids]
    if customer.visit is not None:  # whom an agent created has none
        thread.visit = customer.visit
    who, whom = call.requester.account.name, customer.name or "Customer"
    text = f"{who} added {whom} to the chat"
    note_system_message(service, chat, call, "customer_added", text, initiator=who, customer=whom)
    return customer


def _add_agent(
    service: ChatService, call: Call, reach: Reach, chat: Chat, thread: Thread, wanted: AddUser
) -> Participant:
    agent = agent_of(service, call, wanted.user_id)
    # Who reaches all chats may add themselves to any. Source: the method's required scopes.
    is_me = agent.email == call.requester.agent_id
    if not can_see(agent, chat.group_ids) and not (is_me and reach.everything):
        raise ApiError("missing_access", why="the agent has no access to the chat")
    if participant(chat, agent.email) is not None:
        raise ApiError("validation", why="the agent is in the chat already")  # assumed: this type
    others = [one for one in chat.participants if one.present]
    if wanted.visibility == "all" and any(one.visibility == "all" for one in others):
        # More than one that customers see takes an agreement with the vendor, says the source. The
        # words are those that public clients quote. assumed: the type.
        message = "Public agents in chat limit reached"
        raise ApiError("limit_reached", message, why="customers see one agent in a chat at most")
    joined = join(chat, thread, agent, wanted.visibility)
    if wanted.visibility == "all":
        end_queue(service, thread)
        set_unassigned(chat, thread, unassigned=False)
    if not others:
        return joined  # of the first agent in a chat nothing is said
    who, whom = call.requester.account.name, agent.name
    if is_me:
        text = f"{whom} joined the chat"
        note_system_message(service, chat, call, "agent_joined", text, agent=whom)
    else:
        text = f"{who} added {whom} to the chat"
        note_system_message(service, chat, call, "agent_added", text, initiator=who, agent=whom)
    return joined


def remove_user_from_chat(service: ChatService, call: Call) -> bytes:
    """Answer a call of remove_user_from_chat."""
    reach = service.reach(call.requester, "rw")
    wanted = call.parameters(RemoveUser)
    chat = service.chat_within(reach, wanted.chat_id)
    demand_presence(chat, call.requester, ignored=wanted.ignore_requester_presence)
    gone = participant(chat, wanted.user_id)
    if gone is None:
        raise ApiError("not_found", why="the agent is not in the chat")  # assumed: this type
    gone.present = False
    if chat.active:  # assumed: nothing is said in a chat that is over
        who, whom = call.requester.account.name, gone.agent.name
        if gone.agent.email == call.requester.agent_id:
            text = f"{whom} left the chat"
            note_system_message(service, chat, call, "agent_left", text, agent=whom)
        else:
            text = f"{who} removed {whom} from the chat"
            note_system_message(
                service, chat, call, "agent_removed", text, initiator=who, agent=whom
            )
        if not any(one.present and one.visibility == "all" for one in chat.participants):
            set_unassigned(chat, chat.threads[-1], unassigned=True)
    service.chats(call.requester).put(chat)
    source = Source.of(call.requester)
    chat_webhooks.user_removed_from_chat(service.world, source, chat, gone.agent.email)
    return EMPTY
