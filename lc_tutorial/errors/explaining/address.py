"""Which part of an address is wrong: the slash at its end, its case, the API, the method's name."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from urllib.parse import unquote

from lc_tutorial.errors.explaining.explanation import Finding, Known, Likely, first, listed
from lc_tutorial.errors.explaining.methods import (
    API_NAMES,
    BY_GET,
    METHODS,
    STABLE,
    VERSIONS,
)
from lc_tutorial.errors.explaining.refused import Refused

#: The accounts service's addresses for programs, and how each is called.
#: Source: livechat-public-docs, global-accounts-api and customer-accounts-api.
ACCOUNTS = {
    "/v2/token": ("POST", "DELETE"),
    "/token": ("POST", "DELETE"),
    "/v2/info": ("GET",),
    "/v2/customer/token": ("POST", "DELETE"),
    "/v2/customer/info": ("GET",),
    "/v2/customer/identity_transfer": ("POST",),
}
#: What the accounts service and the Console have for a browser.
#: Source: livechat-public-docs, authorization/oauth-authorization.
PAGES = ("/", "/signin", "/login", "/grant-access", "/ooops", "/console", "/console/")
_OTHER_ACCOUNTS = re.compile(
    r"/v2/(accounts|roles|sessions|organizations)(/.*)?|/info|"
    r"/v2/customer/[\w-]+/\d+/token/?"
)
_ACTION_PATH = re.compile(r"/v([^/]+)/(agent|configuration|customer)/action/([^/]+)")
#: Addresses of APIs that have no methods of this form.
#: Source: livechat-public-docs, messaging/agent-chat-api/rtm-reference and the Reports API.
_OTHER_APIS = re.compile(r"/v[\d.]+/(reports|agent/rtm|customer/rtm)/")
_NAME = re.compile(r"[\w.-]{1,60}")
_NOT_THERE = ("not_found", "resource_not_found", "unsupported_version", "invalid_request", "")


def wrong(refused: Refused) -> Finding | None:
    """What is wrong with the address or the HTTP method; None if nothing is."""
    if refused.name == "not_imitated":
        return _not_imitated(refused)
    if refused.status not in (301, 302, 307, 308, 400, 404, 405, 422):
        return None
    if refused.name not in _NOT_THERE:
        return None
    return first(
        refused,
        _page,
        _spelling,
        _unknown_version,
        _wrong_method,
        _of_another_version,
        _wrong_action,
        _not_imitated,
        _no_method,
    )


def nothing_there(refused: Refused) -> Finding:
    """Words for an answer that is none of the service's own."""
    if refused.status == 404:
        return Finding(
            Known("There is nothing at this address."),
            f"Compare it with the documentation, part by part. {_example(refused)}",
        )
    return Finding(
        Likely("another server answered: the answer has none of the platform's error fields."),
        f"Check the address. {_example(refused)}",
    )


def _is_known(path: str) -> bool:
    return path in ACCOUNTS or _ACTION_PATH.fullmatch(path) is not None


def _page(refused: Refused) -> Finding | None:
    """A page for people, which a program sent something."""
    if refused.path not in PAGES:
        return None
    return Finding(
        Known("This is the address of a page for people, who open it in a browser."),
        "A code is exchanged at platform.token_url, which ends in /v2/token; chats are listed at "
        "platform.list_chats_url.",
    )


# --- How it is written --------------------------------------------------------------------------


def _spelling(refused: Refused) -> Finding | None:
    """An address that would be right if it were written a little differently."""
    path = refused.path
    if _is_known(path) or _OTHER_ACCOUNTS.fullmatch(path) or refused.status not in (404, 405):
        return None
    for difference, change in _SLIPS:
        changed = change(path)
        if changed != path and _is_known(changed):
            return _as(refused, difference, changed)
    both = "/" + "/".join(part for part in unquote(path).lower().split("/") if part.strip())
    if both != path and _is_known(both.strip()):
        return _as(refused, "it is not written as the platform's is", both.strip())
    return _parts(refused)


_SLIPS = (
    ("it ends in a slash", lambda path: path.rstrip("/")),
    ("it has capital letters", str.lower),
    ("there are two slashes in a row", lambda path: re.sub("/{2,}", "/", path)),
    ("there is a blank in it", lambda path: re.sub(r"(%20|%0[AaDd]|%09|\s)+", "", path)),
    ("it has the sign %2F where a slash belongs", lambda path: re.sub("%2[Ff]", "/", path)),
    ("a mark stands at its end", lambda path: unquote(path).rstrip(".,;:!?\"'`)>")),
)


def _as(refused: Refused, difference: str, right: str) -> Finding:
    cause = f"There is nothing at this address: {difference}. The address is {right}."
    return Finding(Known(cause), refused.place.say("address", path=right))


def _parts(refused: Refused) -> Finding | None:
    """An address that names an API's method, but not as the platform does."""
    parts = [part for part in refused.path.split("/") if part]
    if _is_known("/" + "/".join(parts[:4])) and parts[3] in METHODS[parts[1]] and parts[4:]:
        return _as(refused, "something follows the method's name", "/" + "/".join(parts[:4]))
    action = parts[-1] if parts else ""
    wanted = _wanted_api(parts[:-1], action)
    if wanted is None or not _NAME.fullmatch(action):
        return _accounts_parts(refused)
    version = next((part[1:] for part in parts if re.fullmatch(r"v[\d.]+", part)), None)
    right = [f"v{version or STABLE}", wanted, "action", action]
    if action in METHODS[wanted]:
        return _as(refused, _what_differs(parts, right), "/" + "/".join(right))
    near = _near_method(wanted, action)
    is_misplaced = len(parts) == len(right) and parts[:3] != right[:3]
    is_meant = near is not None or all(map(_resembles, parts[:3], right[:3]))
    if not is_misplaced or not is_meant or version is None:
        return _accounts_parts(refused)
    differs = _what_differs(parts, right)
    return Finding(
        Known(
            f"There is nothing at this address: {differs}. Nor has the documentation a method "
            f"{action} in the {API_NAMES[wanted]}."
        ),
        (f"Is {near} meant? " if near else f"{_names(wanted)} ")
        + refused.place.say(
            "address", path="/" + "/".join([*right[:3], near or METHODS[wanted][0]])
        ),
    )


def _resembles(part: str, right: str) -> bool:
    """Whether a part of an address is another one, written a little differently."""
    return bool(get_close_matches(part.lower(), [right], n=1, cutoff=0.75))


def _wanted_api(parts: Sequence[str], action: str) -> str | None:
    """The API that an address means: by a part that is its name, or like it; else by the method."""
    for part in parts:
        for name in API_NAMES:
            if len(part) >= 4 and (part.startswith(name) or name.startswith(part)):
                return name
    near = (get_close_matches(part, API_NAMES, n=1, cutoff=0.75) for part in parts)
    named = next((found[0] for found in near if found), None)
    if named is not None:
        return named
    return next((each for each in METHODS if action and action in METHODS[each]), None)


def _what_differs(parts: Sequence[str], right: Sequence[str]) -> str:
    """In what the parts of an address differ from those it should have."""
    if not any(re.fullmatch(r"v[\d.]+", part) for part in parts):
        return "its version is missing, or not written as in /v3.6/"
    if len(parts) == len(right):
        wrong = [at for at in (1, 2) if parts[at] != right[at]]
        has = "/".join(parts[at] for at in wrong)
        # What is no word may be a value that nobody should read here.
        if wrong and parts[0] == right[0] and re.fullmatch(r"[a-z_/-]{1,30}", has):
            belongs = "/".join(right[at] for at in wrong)
            return f"it has /{has}/ where /{belongs}/ belongs"
    for missing in ((1,), (2,), (1, 2)):
        if list(parts) == [part for at, part in enumerate(right) if at not in missing]:
            left_out = "/".join(right[at] for at in missing)
            return f"the part /{left_out}/ is missing"
    return "its parts are not those of the platform's"


def _accounts_parts(refused: Refused) -> Finding | None:
    near = get_close_matches(refused.path, ACCOUNTS, n=1, cutoff=0.75)
    return _as(refused, "it is not written as the platform's is", near[0]) if near else None


# --- What it names ------------------------------------------------------------------------------


def _unknown_version(refused: Refused) -> Finding | None:
    found = re.match(r"/v([^/]+)/", refused.path)
    if refused.name != "unsupported_version" or found is None:
        return None
    version = found[1][:20]
    use = f"Use version {STABLE}, the stable one. {_versioned(refused)}"
    if version == "3.7":
        return Finding(Known("Version 3.7 is a preview, for those who asked for access."), use)
    if not re.fullmatch(r"[\d.]{1,20}", version):
        return Finding(Known("What stands in the address is no number of a version."), use)
    return Finding(Known(f"Version {version} is not served."), use)


def _versioned(refused: Refused) -> str:
    path = re.sub(r"^/v[^/]+/", f"/v{STABLE}/", refused.path)
    return refused.place.say("address", path=path)


def _wrong_method(refused: Refused) -> Finding | None:
    allowed = ACCOUNTS.get(refused.path)
    if allowed is None:
        called = _ACTION_PATH.fullmatch(refused.path)
        if called is None:
            return None
        allowed = ("GET",) if called[3] in BY_GET[called[2]] else ("POST",)
    if refused.method in allowed:
        return None
    return Finding(
        Known(f"The request was a {refused.method}; this address takes {listed(allowed, 'or')}."),
        refused.place.say("method", method=allowed[0]),
    )


def _of_another_version(refused: Refused) -> Finding | None:
    """A method that the version in the address does not have."""
    called = _ACTION_PATH.fullmatch(refused.path)
    if called is None or refused.status != 404:
        return None
    version, service, action = called[1], called[2], unquote(called[3])
    since, until = VERSIONS[service].get(action, ("", ""))
    if not since or since <= version <= until or not re.fullmatch(r"3\.\d", version):
        return None
    have = f"version {since}" if since == until else f"versions {since} to {until}"
    wanted = STABLE if since <= STABLE <= until else until
    right = f"/v{wanted}/{service}/action/{action}"
    gone = "any more" if version > until else "yet"
    return Finding(
        Known(f"Version {version} does not have {action} {gone}: it is in {have}."),
        refused.place.say("address", path=right),
    )


def _wrong_action(refused: Refused) -> Finding | None:
    called = _ACTION_PATH.fullmatch(refused.path)
    if called is None or refused.status != 404:
        return None
    service, action = called[2], unquote(called[3])
    api = API_NAMES[service]
    if action in METHODS[service]:
        return None
    other = next((each for each in METHODS if action in METHODS[each]), None)
    if other is not None:
        right = f"/v{called[1]}/{other}/action/{action}"
        return Finding(
            Known(f"{action} is a method of the {API_NAMES[other]}, and this is the {api}."),
            refused.place.say("address", path=right),
        )
    said = f"method {action}" if _NAME.fullmatch(action) else "such method"
    near = _near_method(service, action)
    hint = f"Is {near} meant? " if near else ""
    right = f"/v{called[1]}/{service}/action/{near or 'list_chats'}"
    return Finding(
        Known(f"The documentation has no {said} in the {api}."),
        f"{hint}{refused.place.say('address', path=right)}" if near else _names(service),
    )


def _near_method(service: str, action: str) -> str | None:
    snake = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", action).replace("-", "_").lower()
    near = get_close_matches(snake, METHODS[service], n=1, cutoff=0.75)
    return near[0] if near else None


def _names(service: str) -> str:
    some = METHODS[service][:4]
    return f"Check the method's name; there are {listed(some)}, among others."


def _not_imitated(refused: Refused) -> Finding | None:
    """A real address that the sandbox does not have; of an API's method the sandbox says so."""
    name = refused.action or refused.path
    if refused.name != "not_imitated":
        if refused.status != 404 or not refused.is_here:
            return None
        is_real = _is_known(refused.path) or _OTHER_ACCOUNTS.fullmatch(refused.path)
        if not is_real or refused.known.imitated is not False:
            return None
    return Finding(
        Known(f"{name} is real, but the sandbox does not imitate it."),
        "Nothing is wrong with the address. On the live platform it does what the documentation "
        "says.",
    )


def _no_method(refused: Refused) -> Finding | None:
    """An address at the APIs' host that ends before a method, or is none of theirs."""
    is_of_an_api = re.match(r"/v[\d.]+/", refused.path) and not refused.path.startswith("/v2/")
    if refused.status != 404 or not is_of_an_api or _ACTION_PATH.fullmatch(refused.path):
        return None
    if refused.is_here and (other := _OTHER_APIS.match(refused.path)):
        api = "Reports API" if other[1] == "reports" else "real-time API (RTM)"
        return Finding(
            Known(f"This is an address of the {api}, which the sandbox does not imitate."),
            "It can be tried on the live platform only.",
        )
    cause = "here is nothing at this address: it names no method of an API."
    return Finding(
        Known(f"T{cause}") if refused.is_here else Likely(f"t{cause}"),
        refused.place.say("address", path=f"/v{STABLE}/agent/action/list_chats"),
    )


def _example(refused: Refused) -> str:
    if refused.path.startswith("/v2"):
        return refused.place.say("address", path="/v2/token")
    path = f"/v{STABLE}/agent/action/list_chats"
    return f"The one of List Chats ends in {path}."
