"""The Customer Chat API: `POST /v{version}/customer/action/{action}?organization_id=...`.

Of its methods there are list_chats, here, start_chat, get_chat and send_event. A customer's token
opens it; an agent's does not.

Source: livechat-public-docs, customer-chat-api of versions 3.4 to 3.7.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lc_tutorial.sandbox.api import CATALOGUE, ApiError, RateLimit, web_api
from lc_tutorial.sandbox.customer_chat.conversation import get_chat, send_event
from lc_tutorial.sandbox.customer_chat.customer_service import CustomerCall, Service, authenticate
from lc_tutorial.sandbox.customer_chat.start_chat import start_chat
from lc_tutorial.sandbox.payloads import customers as customer_payloads
from lc_tutorial.sandbox.store import ChatStore, Page, SortOrder, cut
from lc_tutorial.sandbox.world import CustomerToken, Sandbox, Version

_DEFAULT_LIMIT = 10


class ListChats(Struct):
    """The parameters of list_chats."""

    sort_order: SortOrder | None = None
    limit: Annotated[int, Meta(ge=1, le=25)] | None = None
    page_id: str | None = None


def routes(world: Sandbox, store: ChatStore, rate_limit: RateLimit | None = None) -> list[Route]:
    """Return the routes of the Customer Chat API.

    Args:
        world: Who there is, and their tokens.
        store: The chats; those that customers start are added to them.
        rate_limit: How many calls a customer may make; a generous number, if not given.

    """
    service, limit = Service(world, store), rate_limit or RateLimit()
    methods: Mapping[str, Callable[[CustomerCall], bytes]] = {
        "list_chats": partial(list_chats, service),
        "start_chat": partial(start_chat, service),
        "get_chat": partial(get_chat, service),
        "send_event": partial(send_event, service),
    }

    def asks(request: Request) -> CustomerToken:
        token = authenticate(world, request)
        limit.count(token.entity_id, world.clock.elapsed())
        web_api.check_region(world, token.organization_id, request.headers.get("X-Region"))
        return token

    def called(
        token: CustomerToken, request: Request, version: Version, body: bytes
    ) -> CustomerCall:
        ip = request.client.host if request.client else ""
        return CustomerCall(version, body, token, ip, request.headers.get("User-Agent", ""))

    path = "/v{version}/customer/action/{action}"
    endpoint = web_api.answering("customer", methods, asks, called)
    return [
        Route(path, endpoint, methods=["POST"]),
        Route(path, _only_some(endpoint), methods=["GET"]),
    ]


def _only_some(
    endpoint: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        method = CATALOGUE["customer"].get(request.path_params["action"])
        if method is None or not method.by_get:
            raise HTTPException(405)
        return await endpoint(request)

    return answer


def list_chats(service: Service, call: CustomerCall) -> bytes:
    """Answer a call of list_chats."""
    page = _page(service, call)
    own = sorted(service.chats(call).of_customer(call.token.entity_id), key=lambda c: c.position)
    positions = [chat.position for chat in own]
    part = cut(positions, page)
    selected = own[part.start : part.stop]
    if page.sort_order == "desc":
        selected.reverse()
    name = "chats_info" if call.version >= Version.V3_7 else "chats_summary"
    summaries = [customer_payloads.chat_summary(chat, call.version) for chat in selected]
    links = service.page_ids.links(page, part, positions, **_whose(service, call))
    return msgspec.json.encode({name: summaries, "total_chats": len(own)} | links)


def _page(service: Service, call: CustomerCall) -> Page:
    parameters = call.parameters(ListChats)
    if parameters.page_id is None:
        limit = parameters.limit or _DEFAULT_LIMIT
        return Page(b"", parameters.sort_order or "desc", limit)
    if parameters.limit is not None or parameters.sort_order is not None:
        raise ApiError("validation", why="page_id goes without limit and sort_order")
    try:
        return service.page_ids.read(parameters.page_id, **_whose(service, call))
    except ValueError as error:
        raise ApiError("validation", why=str(error)) from None


def _whose(service: Service, call: CustomerCall) -> dict[str, Any]:
    now = service.world.clock.now()
    return {"account_id": call.token.entity_id, "method": "customer/list_chats", "now": now}
