"""The Agent Chat API: `POST /v{version}/agent/action/{action}`.

Source: livechat-public-docs, agent-chat-api of versions 3.4 to 3.7.
"""

from functools import partial

from starlette.routing import Route

from lc_tutorial.sandbox.agent_chat import (
    chat_users,
    customers,
    deactivate_chat,
    followers,
    indicators,
    other,
    properties,
    send_event,
    statuses,
    thread_tags,
    upload_file,
)
from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.agent_chat.list_archives import list_archives
from lc_tutorial.sandbox.agent_chat.list_chats import list_chats
from lc_tutorial.sandbox.agent_chat.list_customers import list_customers
from lc_tutorial.sandbox.agent_chat.postbacks import send_rich_message_postback
from lc_tutorial.sandbox.agent_chat.start_chat import resume_chat, start_chat
from lc_tutorial.sandbox.agent_chat.threads import get_chat, list_threads
from lc_tutorial.sandbox.agent_chat.transfer_chat import transfer_chat
from lc_tutorial.sandbox.api import RateLimit, web_api
from lc_tutorial.sandbox.store import ChatStore
from lc_tutorial.sandbox.world import Sandbox

#: In the documentation's order.
_METHODS = {
    "list_chats": list_chats,
    "list_threads": list_threads,
    "get_chat": get_chat,
    "list_archives": list_archives,
    "start_chat": start_chat,
    "resume_chat": resume_chat,
    "deactivate_chat": deactivate_chat.deactivate_chat,
    "follow_chat": followers.follow_chat,
    "unfollow_chat": followers.unfollow_chat,
    "transfer_chat": transfer_chat,
    "add_user_to_chat": chat_users.add_user_to_chat,
    "remove_user_from_chat": chat_users.remove_user_from_chat,
    "send_event_preview": send_event.send_event_preview,
    "send_event": send_event.send_event,
    "upload_file": upload_file.upload_file,
    "send_rich_message_postback": send_rich_message_postback,
    "update_chat_properties": properties.update_chat_properties,
    "delete_chat_properties": properties.delete_chat_properties,
    "update_thread_properties": properties.update_thread_properties,
    "delete_thread_properties": properties.delete_thread_properties,
    "update_event_properties": properties.update_event_properties,
    "delete_event_properties": properties.delete_event_properties,
    "tag_thread": thread_tags.tag_thread,
    "untag_thread": thread_tags.untag_thread,
    "get_customer": customers.get_customer,
    "update_customer": customers.update_customer,
    "ban_customer": customers.ban_customer,
    "list_customers": list_customers,
    "create_customer": customers.create_customer,
    "set_routing_status": statuses.set_routing_status,
    "list_routing_statuses": statuses.list_routing_statuses,
    "mark_events_as_seen": other.mark_events_as_seen,
    "send_thinking_indicator": indicators.send_thinking_indicator,
    "send_typing_indicator": indicators.send_typing_indicator,
    "multicast": other.multicast,
    "list_agents_for_transfer": statuses.list_agents_for_transfer,
    "request_thread_summary": other.request_thread_summary,
    "get_license_info": other.get_license_info,
}


def routes(
    world: Sandbox, store: ChatStore | None = None, rate_limit: RateLimit | None = None
) -> list[Route]:
    """Return the routes of the Agent Chat API.

    Args:
        world: Who there is, and their tokens.
        store: The chats; those of the usual seed, if not given.
        rate_limit: How many calls an account may make; a generous number, if not given.

    """
    service = ChatService(world, store or ChatStore())
    methods = {name: partial(method, service) for name, method in _METHODS.items()}
    endpoint = web_api.endpoint(world, "agent", methods, rate_limit or RateLimit())
    return [
        Route("/v{version}/agent/action/{action}", endpoint, methods=["POST"]),
        upload_file.route(service),
    ]
