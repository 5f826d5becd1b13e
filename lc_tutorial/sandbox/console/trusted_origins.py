"""The page Settings > Trusted origins: whose pages may act for an organisation's customers.

On the platform they are the trusted domains of the agents' application, which the sandbox does not
have; so this page stands in for its settings.

Source: livechat-public-docs, messaging/customer-chat-api (`domain_allowed`: a trusted domain,
configurable in the Agent Application).
"""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lc_tutorial.sandbox.console.page import acting, page, world_of
from lc_tutorial.sandbox.web import checked_form, redirect

MOST = 50  # assumed: no source names a limit

_PAGE = "/console/settings/trusted-origins"
_PORTS = {"http": 80, "https": 443}


async def trusted_origins(request: Request) -> Response:
    """List the origins, add one, take one away."""
    origins = world_of(request).trusted_origins[acting(request).organization_id]
    typed, problem = "", ""
    if request.method == "POST":
        form = await checked_form(request)
        action, _, value = form.get("action", "").partition(":")
        if action == "remove":
            origins.discard(value)
            return redirect(request, _PAGE)
        typed = form.get("origin", "").strip()
        origin = origin_of(typed)
        if origin is None:
            problem = "It has to be the address of a page, such as https://shop.example.com."
        elif len(origins) >= MOST:
            problem = f"{MOST} is the most. Remove one first."
        else:
            origins.add(origin)
            return redirect(request, _PAGE)
    return page(
        request,
        "console_trusted_origins.html",
        section="settings",
        status=422 if problem else 200,
        origins=sorted(origins),
        typed=typed[:200],
        problem=problem,
    )


def origin_of(address: str) -> str | None:
    """Return the origin of a page's address as browsers send it; None if it is no such address.

    >>> origin_of("HTTPS://Shop.example.com:443/plants")
    'https://shop.example.com'
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not host or not host.isascii() or len(address) > 2048:
        return None
    if any(character <= " " or character in "\\\"'<>" for character in host):
        return None
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (
        f":{port}" if port and port != _PORTS[parts.scheme] else ""
    )


routes = [Route(_PAGE, trusted_origins, methods=["GET", "POST"])]
