"""The addresses in samples, and those of the platform that is chosen.

Samples name the live platform's hosts. In the sandbox the same paths are at its own address; on a
hub it has another one for the browser, where the authorization page belongs.
"""

from dataclasses import replace
from urllib.parse import urlencode

from lc_tutorial import memory
from lc_tutorial.lab.hosts import origin_of
from lc_tutorial.lab.request import REFERENCE, Request
from lc_tutorial.lab.vault import PUBLIC, Vault
from lc_tutorial.platforms import LIVE, Platform

#: The paths of the accounts service that are pages: people sign in there, programs can't.
_PAGES = ("", "/", "/signin")


def addressed_to(request: Request, platform: Platform) -> Request:
    """Lead a request for the live platform's hosts to those of the platform that is chosen.

    Args:
        request: any. If it goes elsewhere, it stays as it is, for the lab to refuse it.
        platform: the one that is chosen.

    Returns:
        The request with another scheme, host and port, or the same one.
    """
    origin = origin_of(request.url)
    if origin is None:
        return request
    homes = {
        origin_of(LIVE.accounts_url): platform.accounts_url,
        origin_of(LIVE.api_url): platform.api_url,
    }
    home = homes.get(origin)
    if home is None or origin_of(home) == origin:
        return request
    return replace(request, url=f"{home}{_path(request.url)}")


def is_for_browser(request: Request, platform: Platform, vault: Vault | None = None) -> str | None:
    """The link for the browser, if this request is one: the authorization page is for people.

    Args:
        request: any.
        platform: the one that is chosen.
        vault: with the values of the request's references. Only the public ones are filled in,
            such as the Client Id: a link is shown, and secrets have no place in it.

    Returns:
        A link whose host, on a hub, is the browser's; None for a request that a program sends.
    """
    asked = addressed_to(request, platform)
    is_page = origin_of(asked.url) == origin_of(platform.accounts_url)
    path = memory.path_of(asked.url)
    if not is_page or asked.method != "GET" or path not in _PAGES:
        return None
    query = urlencode(
        [(_filled(name, vault), _filled(value, vault)) for name, value in asked.query]
    )
    page = f"{platform.authorization_url}{path.lstrip('/')}"
    return f"{page}?{query}" if query else page


def accounts_origin(url: str) -> str:
    """Whose platform an address belongs to: the origin of its accounts service.

    It is what tells the live platform, one sandbox, and another sandbox apart.

    >>> accounts_origin("https://api.livechatinc.com/v3.6/agent/action/list_chats")
    'https://accounts.livechat.com'
    >>> accounts_origin("http://127.0.0.1:8000/v3.6/agent/action/list_chats")
    'http://127.0.0.1:8000'
    """
    origin = origin_of(url)
    if origin is None:
        return ""
    live = (origin_of(LIVE.accounts_url), origin_of(LIVE.api_url))
    return LIVE.accounts_url if origin in live else memory.place_of(f"{origin}{_path(url)}")


def _path(url: str) -> str:
    """What follows the host, to the letter."""
    _, slash, path = url.partition("://")[2].partition("/")
    return f"{slash}{path}"


def _filled(text: str, vault: Vault | None) -> str:
    if vault is None:
        return text

    def value_of(name: str) -> str:
        value = vault.value(name) if name in PUBLIC else None
        return f"{{{{{name}}}}}" if value is None else value

    return REFERENCE.sub(lambda found: value_of(found[1]), text)
