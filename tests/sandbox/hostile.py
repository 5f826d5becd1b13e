"""What a hostile or a clumsy client sends: hypothesis strategies for the parts of a request."""

import json
from typing import Any
from urllib.parse import quote_plus

from hypothesis import strategies as st

from lc_tutorial.sandbox.world import people
from tests.sandbox.conftest import CALLBACK

Pairs = list[tuple[str, str]]

#: Stands for the right value of a parameter; the test puts in what is right there and then.
RIGHT = "\x1a"
#: Stands for the id of a customer.
CUSTOMER = "\x1b"

#: The word in these begins behind a character that has to be escaped in a page.
MARKUP = (
    "<fuzz>",
    "'fuzz",
    '"fuzz',
    "</script><fuzz onload=1>",
    '"><fuzz src=x onerror=alert(1)>',
)
BREAKS = (
    "x\r\nSet-Cookie: fuzzed=1",
    "x\nLocation: https://evil.example",
    "\r\n\r\n<fuzz>",
    "\x00",
    "\u2028\u0085",
)
ELSEWHERE = (
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "http://127.0.0.1:8377@evil.example/",
    f"{CALLBACK}/../../x",
    f"{CALLBACK}/%252e%252e/",
    f"{CALLBACK}/more",
    f"{CALLBACK}?x=1",
    "my_app://x",
)
ODD = (
    "",
    " ",
    "null",
    "-1",
    "1e400",
    "NaN",
    "9" * 5000,
    "{}",
    "../../etc/passwd",
    "%00",
    "%ff%fe",
    "%",
    "é",
    "a" * 10_000,
    "(" * 500,
    "\ud800",
    "\ufeff",
    "{{ 7*7 }}",
    "%(name)s",
)
#: What some parameter somewhere takes: with one of these a request gets further.
KNOWN = (
    "add-redirect-uri",
    "add-scope",
    "allow",
    "authorization_code",
    "chats--all:ro",
    "chats--all:ro,chats--my:ro",
    "consent",
    "install",
    "javascript",
    "new-secret",
    "plain",
    "refresh_token",
    "remove-redirect-uri:x",
    "save-client",
    "save-scopes",
    "server_side",
    "token",
    "use-callback-address",
)
TEXT = st.sampled_from(MARKUP + BREAKS + ELSEWHERE + ODD + KNOWN) | st.text(max_size=30)

PARAMETERS = (
    "account_id",
    "action",
    "callback_address",
    "challenge",
    "chosen_scope",
    "client_id",
    "client_secret",
    "client_type",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "csrf",
    "decision",
    "email",
    "exception_details",
    "grant_type",
    "identity_exception",
    "name",
    "oauth_exception",
    "on_screen",
    "organization_id",
    "password",
    "prompt",
    "query",
    "redirect_uri",
    "refresh_token",
    "required",
    "response_type",
    "scope",
    "search",
    "state",
    "typed_uri",
)
AUTHORIZATION_REQUEST = ("response_type", "client_id", "redirect_uri", "state")
EXCHANGE = ("grant_type", "client_id", "client_secret", "code", "redirect_uri")
REFRESH = ("grant_type", "client_id", "client_secret", "refresh_token")

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FUZZ", "get")


def rarely(odd: st.SearchStrategy[Any], usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What is usual, but one time in eight what is odd: so that most requests get further."""
    return st.integers(0, 7).flatmap(lambda dice: odd if dice == 7 else usual)


@st.composite
def pairs(draw: st.DrawFn, *usual: tuple[str, ...]) -> Pairs:
    """Names with values: one of the usual sets with mistakes in it, and some more."""
    value = rarely(TEXT, st.just(RIGHT))
    names = draw(rarely(st.just(()), st.sampled_from(usual)))
    sent = [(name, draw(value)) for name in names]
    more = st.tuples(rarely(TEXT, st.sampled_from(PARAMETERS)), TEXT | st.just(RIGHT))
    sent += draw(rarely(st.just([]), st.lists(more, max_size=4)))
    mistakes = st.lists(st.sampled_from(["drop", "repeat"]), max_size=2)
    for mistake in draw(rarely(mistakes, st.just([]))):
        if sent:
            one = draw(st.sampled_from(sent))
            sent = [pair for pair in sent if pair is not one] if mistake == "drop" else [*sent, one]
    return sent


def encode(sent: Pairs, encoding: str) -> bytes:
    """Write names and values as a query or a form, in an encoding that may be a wrong one."""
    if encoding == "form":
        return "&".join(f"{_escaped(n)}={_escaped(v)}" for n, v in sent).encode()
    if encoding == "latin-1":
        return "&".join(f"{_escaped(n)}={v}" for n, v in sent).encode("latin-1", "replace")
    if encoding == "utf-16":
        return "&".join(f"{n}={v}" for n, v in sent).encode("utf-16", "replace")
    if encoding == "json":
        return json.dumps(dict(sent)).encode()
    if encoding == "json with repeated names":
        members = [f"{json.dumps(n)}: {json.dumps(v)}" for n, v in sent]
        return ("{" + ", ".join([*members, *members[:1]]) + "}").encode()
    raise ValueError(encoding)


def _escaped(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


def query(sent: Pairs) -> bytes:
    """Write names and values as a query: of ASCII, since no server lets others through."""
    return encode(sent, "form")


ENCODINGS = rarely(
    st.sampled_from(["latin-1", "utf-16", "json with repeated names"]),
    st.sampled_from(["form", "json"]),
)
CONTENT_TYPES = st.sampled_from(
    [
        b"application/x-www-form-urlencoded",
        b"application/json",
        b"application/json; charset=utf-16",
        b"multipart/form-data; boundary=x",
        b"multipart/form-data",
        b"text/plain",
        b"*/*",
        b"\xff\xfe",
        b"",
    ]
)

# --- Forms with a file --------------------------------------------------------------------------

FORM_TYPES = st.sampled_from(
    [
        b"multipart/form-data; boundary=x",
        b'multipart/form-data; boundary="x"',
        b'multipart/form-data; boundary="',
        b"multipart/form-data; boundary*=UTF-8''x",
        b"multipart/form-data; boundary*0=x; boundary*1=y",
        b"multipart/form-data; boundary*=nonsense'x",
        b"multipart/form-data; boundary=\xff",
        b"multipart/form-data; boundary=" + b"x" * 5_000,
    ]
)
_names = st.sampled_from(
    [
        *(b'filename="a.png"', b'filename="../\xff/\x00.html"', b"filename*=UTF-8''%ff.gif"),
        *(b"filename*=nonsense''a", b"filename*0=a; filename*1=b", b'filename="', b"filename"),
        *(b'filename="\xed\xa0\x80"', b'filename="<fuzz>.svg"', b'filename="\r\n x: y"', b""),
    ]
)
_parts = st.builds(
    lambda name, filename, between, content: (
        b"--x\r\nContent-Disposition: form-data; name="
        + name
        + b"; "
        + filename
        + between
        + content
    ),
    st.sampled_from([b'"file"', b"file", b"file*=x", b'"other"', b"\xff"]),
    _names,
    st.sampled_from([b"\r\n\r\n", b"\r\nContent-Type: message/rfc822\r\n\r\n", b"\n\n", b""]),
    st.binary(max_size=40),
)
FORMS = st.lists(_parts, max_size=3).map(lambda parts: b"\r\n".join([*parts, b"--x--\r\n"])) | (
    st.binary(max_size=80)
)

# --- JSON for the product APIs ------------------------------------------------------------------

_KEYS = (
    "access",
    "active",
    "agent_response",
    "agent_types",
    "agents",
    "all_values",
    "chat",
    "chat_id",
    "chat_ids",
    "customer_countries",
    "customer_email",
    "customer_id",
    "event",
    "event_types",
    "exclude_values",
    "exists",
    "fields",
    "filters",
    "first",
    "forms",
    "from",
    "greetings",
    "group_ids",
    "groups",
    "highlights",
    "include_active",
    "include_chats_without_threads",
    "initial_events",
    "limit",
    "min_events_count",
    "organization_id",
    "page_id",
    "pre_tag",
    "properties",
    "query",
    "routing",
    "sales",
    "sort_order",
    "surveys",
    "suspended",
    "tags",
    "text",
    "thread",
    "thread_id",
    "thread_ids",
    "to",
    "type",
    "users",
    "values",
)
_NUMBERS = st.integers(-5, 105) | st.sampled_from([2**31, 2**53, 2**63, 2**64, -(2**63) - 1, 0.5])
_INSTANTS = st.sampled_from(
    [
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.123456+14:00",
        "2026-01-01T00:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-02-30T00:00:00Z",
        "10000-01-01T00:00:00Z",
    ]
)
_SCALARS = st.none() | st.booleans() | _NUMBERS | _INSTANTS | TEXT | st.just(RIGHT)


def _objects(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(_KEYS) | TEXT, values, max_size=4)


ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | _objects(inner), max_leaves=12
)

_ids = st.lists(_NUMBERS, max_size=3)
_texts = st.lists(TEXT | st.just(RIGHT), max_size=3)
_values = st.lists(_NUMBERS | TEXT | st.booleans(), max_size=3)


def _some(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of these members, each as it should be, or anything."""
    wild = {name: rarely(ANY_JSON, right) for name, right in members.items()}
    return st.fixed_dictionaries({}, optional=wild)


_one_of_three = st.one_of(
    st.fixed_dictionaries({"exists": st.booleans()}),
    st.fixed_dictionaries({"values": _values}),
    st.fixed_dictionaries({"exclude_values": _values}),
)
_property_filters = st.dictionaries(
    TEXT, st.dictionaries(TEXT, _one_of_three, max_size=2), max_size=2
)
_span = {"from": _INSTANTS, "to": _INSTANTS}
_filters = _some(
    active=st.booleans(),
    include_active=st.booleans(),
    include_chats_without_threads=st.booleans(),
    group_ids=_ids,
    properties=_property_filters,
    query=TEXT,
    thread_ids=_texts,
    chat_ids=_texts,
    agents=_one_of_three,
    tags=_one_of_three,
    sales=_one_of_three,
    event_types=st.fixed_dictionaries({"values": _texts}),
    forms=st.lists(_some(**_span, groups=_one_of_three, values=_texts), max_size=2),
    greetings=_some(**_span, groups=_one_of_three, values=_ids),
    agent_response=_some(first=st.booleans(), agents=_one_of_three, groups=_one_of_three),
    agent_types=_some(all_values=st.just(["human"]), any_values=st.just(["chatbot"])),
    customer_countries=_one_of_three,
    customer_id=TEXT,
    customer_email=TEXT,
    suspended=st.booleans(),
    **_span,
)
_people = rarely(TEXT, st.sampled_from([agent.email for agent in people.FERN_AND_FILTER.agents]))
_users = st.fixed_dictionaries({"id": _people, "type": st.sampled_from(["agent", "customer"])})
_visibilities = st.sampled_from(["all", "agents"])
_properties = st.dictionaries(
    TEXT, st.dictionaries(TEXT, TEXT | _NUMBERS | st.booleans(), max_size=2), max_size=2
)
_fields = st.lists(
    _some(
        type=TEXT,
        id=TEXT,
        label=TEXT,
        answer=TEXT | _some(id=TEXT | _NUMBERS, label=TEXT),
        answers=TEXT | st.lists(_some(id=TEXT, label=TEXT), max_size=2),
    ),
    max_size=3,
)
_KINDS = (
    *("message", "file", "form", "filled_form", "rich_message", "custom"),
    *("system_message", "system", "x"),
)
_of_an_event = {
    "text": TEXT,
    "custom_id": TEXT,
    "author_id": _people,
    "visibility": _visibilities,
    "properties": _properties,
    "url": TEXT | st.sampled_from(["https://cdn.example.com/a.png", "https://[", "/api/file/x"]),
    "alternative_text": TEXT,
    "form_id": TEXT,
    "fields": _fields,
    "template_id": st.sampled_from(["cards", "sticker", "quick_replies", "ecommerce"]),
    "elements": st.lists(
        _some(title=TEXT, buttons=st.lists(_some(postback_id=TEXT, user_ids=_texts), max_size=2)),
        max_size=2,
    ),
    "content": st.dictionaries(TEXT, TEXT, max_size=2),
    "system_message_type": TEXT,
    "text_vars": st.dictionaries(TEXT, TEXT, max_size=2),
}
#: All that its type may need is there mostly, and something that it may not have as well.
_events = st.fixed_dictionaries({"type": st.sampled_from(_KINDS), **_of_an_event}) | _some(
    type=st.sampled_from(_KINDS), **_of_an_event
)
PARAMETERS_OF_METHODS = _some(
    filters=_filters,
    limit=st.integers(1, 100),
    sort_order=st.sampled_from(["asc", "desc"]),
    page_id=TEXT,
    chat_id=rarely(TEXT, st.just(RIGHT)),
    thread_id=TEXT,
    min_events_count=st.integers(1, 100),
    highlights=_some(pre_tag=TEXT, post_tag=TEXT),
    fields=st.lists(st.sampled_from(["groups", "work_scheduler", "agent_priorities"]), max_size=2),
)

_PROPERTIES = st.sampled_from([{"test": {"int_property": 1}}, {"test": ["int_property"]}])
#: What is created, changed, deleted or set up.
PARAMETERS_OF_WRITING = _some(
    id=rarely(TEXT, st.sampled_from([RIGHT, CUSTOMER, "priya.raman@example.com", 0, 99])),
    chat_id=st.just(RIGHT),
    thread_id=st.just(RIGHT),
    event_id=st.just(RIGHT),
    properties=rarely(_property_filters, _PROPERTIES),
    tag=st.sampled_from(["gave up waiting", "coffee"]),
    name=TEXT | st.sampled_from(["coffee", "mine"]),
    email=TEXT | st.just("ana@example.com"),
    avatar=TEXT,
    phone_number=st.sampled_from(["+14155552671", "555"]),
    session_fields=st.lists(st.dictionaries(TEXT, TEXT, max_size=2), max_size=2),
    omnichannel=_some(twilio=_some(phone_number=TEXT), fbmessenger=_some(id=TEXT, name=TEXT)),
    address=_some(city=TEXT, country=TEXT),
    ban=_some(days=_NUMBERS | st.floats()),
    status=st.sampled_from(["accepting_chats", "not_accepting_chats", "offline"]),
    agent_id=TEXT | st.just("priya.raman@example.com"),
    seen_up_to=_INSTANTS,
    recipients=_some(agents=_some(all=st.booleans(), ids=_texts, groups=_ids)),
    content=ANY_JSON,
    filters=_some(
        group_ids=_ids,
        country=_one_of_three,
        visits_count=_some(lte=_NUMBERS, eq=_NUMBERS),
        created_at=_some(gt=_INSTANTS, lt=_INSTANTS),
        author_type=st.just("agent"),
        chat_presence=_some(user_ids=_one_of_three),
        source_type=st.just(["my_client"]),
    ),
    sort_by=st.just("visits_count"),
    group_ids=_ids,
    group_id=_NUMBERS,
    owner_client_id=st.just(RIGHT),
    type=st.sampled_from(["license", "bot", "int", "string"]),
    access=_some(
        chat=_some(agent=st.just(["read", "write"])), license=_some(agent=st.just(["write"]))
    ),
    domain=_values,
    range=st.dictionaries(st.sampled_from(["from", "to"]), _NUMBERS),
    default_value=_NUMBERS | TEXT,
    access_type=st.just(["read"]),
    action=st.sampled_from(["tag_created", "chat_properties_updated", "thread_tagged"]),
    secret_key=TEXT,
    url=st.sampled_from((*ELSEWHERE, "http://127.0.0.1:1/hooks", "http://127.0.0.1:1/\n")),
    additional_data=st.just(["chat_properties", "chat_presence_user_ids"]),
    version=st.sampled_from(["3.5", "9.9"]),
)
_right_chat = rarely(TEXT, st.just(RIGHT))
_thread = _some(events=st.lists(_events, max_size=3), properties=_properties)
_beginning = {
    "access": _some(group_ids=st.lists(st.integers(0, 4), max_size=3)),
    "users": st.lists(_users, max_size=6),
    "properties": _properties,
    "thread": _thread,
}
_ignoring = st.booleans()
_postback = st.fixed_dictionaries(
    {"id": TEXT, "toggled": st.booleans()},
    optional={"ecommerce": _some(product_id=TEXT, quantity=_NUMBERS), "button_type": TEXT},
)
_user = {"chat_id": _right_chat, "user_id": _people, "ignore_requester_presence": _ignoring}

#: For each method that writes, calls that may well work.
WRITING = {
    "start_chat": _some(chat=_some(**_beginning), active=_ignoring, continuous=_ignoring),
    "resume_chat": st.fixed_dictionaries(
        {"chat": st.fixed_dictionaries({"id": _right_chat}, optional=_beginning)},
        optional={"active": st.booleans(), "continuous": st.booleans()},
    ),
    "deactivate_chat": st.fixed_dictionaries({"id": _right_chat}),
    "follow_chat": st.fixed_dictionaries({"id": _right_chat}),
    "unfollow_chat": st.fixed_dictionaries({"id": _right_chat}),
    "transfer_chat": st.fixed_dictionaries(
        {"id": _right_chat, "ignore_agents_availability": _ignoring},
        optional={
            "target": st.one_of(
                st.fixed_dictionaries(
                    {"type": st.just("group"), "ids": st.lists(st.integers(0, 4), max_size=3)}
                ),
                st.fixed_dictionaries(
                    {"type": st.just("agent"), "ids": st.lists(_people, max_size=3)}
                ),
            )
        },
    ),
    "add_user_to_chat": st.fixed_dictionaries(
        {**_user, "user_type": st.sampled_from(["agent", "customer"]), "visibility": _visibilities}
    ),
    "remove_user_from_chat": st.fixed_dictionaries({**_user, "user_type": st.just("agent")}),
    "send_event": st.fixed_dictionaries({"chat_id": _right_chat, "event": _events}),
    "send_event_preview": st.fixed_dictionaries({"chat_id": _right_chat, "event": _events}),
    "send_typing_indicator": st.fixed_dictionaries(
        {"chat_id": _right_chat, "is_typing": st.booleans()}
    ),
    "send_thinking_indicator": st.fixed_dictionaries({"chat_id": _right_chat, "title": TEXT}),
    "send_rich_message_postback": st.fixed_dictionaries(
        {"chat_id": _right_chat, "thread_id": TEXT, "event_id": TEXT, "postback": _postback}
    ),
}

#: What the control plane can be told, by address. Chats are few: making many takes a while.
ORDERS = {
    "/_sandbox/people": _some(
        number=st.integers(0, 20), role=st.sampled_from(["administrator", "normal", "owner"])
    ),
    "/_sandbox/seed": _some(seed=_NUMBERS, chats=st.integers(0, 20)),
    "/_sandbox/clock": st.one_of(
        _some(advance=st.floats()), _some(expire_tokens=st.booleans(), real=st.booleans())
    ),
    "/_sandbox/faults": st.fixed_dictionaries(
        {"fault": st.sampled_from(["429", "500", "503", "408", "drop", "slow", "truncate"])},
        optional={
            "path": st.just("*") | TEXT,
            "times": st.none() | _NUMBERS,
            "retry_after": _NUMBERS,
            "seconds": st.floats(),
        },
    ),
    "/_sandbox/rate-limit": _some(calls=st.none() | _NUMBERS, seconds=st.floats()),
}

#: Bodies that are no JSON, or hardly, as bytes.
BROKEN_JSON = st.sampled_from(
    [
        b"",
        b"{",
        b"nul",
        b"[]",
        b'"x"',
        b"{}{}",
        b'{"limit": 1e999}',
        b'{"limit": ' + b"9" * 10_000 + b"}",
        b'{"limit": NaN}',
        b'{"x": "\\ud800"}',
        b'{"filters": {"query": "\\ud800"}}',
        b'{"page_id": "\xff"}',
        b'{"limit": 1, "limit": "x"}',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"[" * 100_000,
        b'{"x":' * 20_000 + b"1" + b"}" * 20_000,
        b'{"filters":{"properties":' * 10_000,
        b"\x00" * 1000,
    ]
) | st.binary(max_size=60)
