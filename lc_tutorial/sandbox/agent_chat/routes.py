"""The Agent Chat API: `POST /v{version}/agent/action/{action}`.

Source: livechat-public-docs, agent-chat-api of versions 3.4 to 3.7.
"""

from functools import partial

from starlette.routing import Route

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.agent_chat.list_archives import list_archives
from lc_tutorial.sandbox.agent_chat.list_chats import list_chats
from lc_tutorial.sandbox.agent_chat.threads import get_chat, list_threads
from lc_tutorial.sandbox.api import RateLimit, web_api
from lc_tutorial.sandbox.store import ChatStore
from lc_tutorial.sandbox.world import Sandbox

_METHODS = {
    "get_chat": get_chat,
    "list_archives": list_archives,
    "list_chats": list_chats,
    "list_threads": list_threads,
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
    return [Route("/v{version}/agent/action/{action}", endpoint, methods=["POST"])]
