"""A call of an API: its address, its body, its parameters."""

from lc_tutorial.errors.explaining.explanation import Known
from tests.unit.errors.table.row import Row
from tests.unit.errors.table.ways import agents, chat_id, page_id

ADDRESS = [
    Row(
        "a version that there is not",
        lambda s: s.call(version="2.0"),
        "400 unsupported_version",
        Known("Version 2.0 is not served."),
        "ends in /v3.6/agent/action/list_chats.",
    ),
    Row(
        "no version",
        lambda s: s.send("POST", "/agent/action/list_chats", s.token.access_token, json={}),
        "404 ",
        Known("its version is missing"),
        "/v3.6/agent/action/list_chats",
    ),
    Row(
        "a method with a letter too few",
        lambda s: s.call("list_chat"),
        "404 not_found",
        Known("The documentation has no method list_chat in the Agent Chat API."),
        "Is list_chats meant?",
    ),
    Row(
        "a method in the spelling of JavaScript",
        lambda s: s.call("listChats"),
        "404 not_found",
        Known("no method listChats in the Agent Chat API"),
        "Is list_chats meant?",
    ),
    Row(
        "a method of another API",
        lambda s: s.call("list_agents"),
        "404 not_found",
        Known("list_agents is a method of the Configuration API, and this is the Agent Chat API."),
        "ends in /v3.6/configuration/action/list_agents.",
    ),
    Row(
        "a documented method that the sandbox lacks",
        lambda s: s.call("create_bot", service="configuration"),
        "501 not_imitated",
        Known("create_bot is real, but the sandbox does not imitate it."),
        "Nothing is wrong with the address.",
    ),
    Row(
        "a documented method that another version has",
        lambda s: s.call("list_customers"),
        "404 not_found",
        Known("Version 3.6 does not have list_customers any more: it is in versions 3.4 to 3.5."),
        "ends in /v3.5/agent/action/list_customers.",
    ),
    Row(
        "a documented method that came later",
        lambda s: s.call("send_event_preview", version="3.4"),
        "404 not_found",
        Known("Version 3.4 does not have send_event_preview yet: it is in versions 3.6 to 3.7."),
        "ends in /v3.6/agent/action/send_event_preview.",
    ),
    Row(
        "a slash behind it",
        lambda s: s.call("list_chats/"),
        "404 not_found",
        Known("it ends in a slash. The address is /v3.6/agent/action/list_chats."),
        "ends in /v3.6/agent/action/list_chats.",
    ),
    Row(
        "without /action/",
        lambda s: s.send("POST", "/v3.6/agent/list_chats", s.token.access_token, json={}),
        "404 not_found",
        Known("the part /action/ is missing"),
        "ends in /v3.6/agent/action/list_chats.",
    ),
    *(
        Row(
            f"parts that are nearly right, {path}",
            lambda s, path=path: s.send("POST", path, s.token.access_token, json={}),  # type: ignore[misc]
            "404 not_found",
            Known(f"There is nothing at this address: {cause}."),
            f"ends in {right}.",
        )
        for path, cause, right in (
            (
                "/v3.6/agent/actions/list_chats",
                "it has /actions/ where /action/ belongs",
                "/v3.6/agent/action/list_chats",
            ),
            (
                "/v3.6/agents/action/list_chats",
                "it has /agents/ where /agent/ belongs",
                "/v3.6/agent/action/list_chats",
            ),
            (
                "/v3.6/agents/actions/list_chats",
                "it has /agents/actions/ where /agent/action/ belongs",
                "/v3.6/agent/action/list_chats",
            ),
            (
                "/v3.6/customers/action/start_chat",
                "it has /customers/ where /customer/ belongs",
                "/v3.6/customer/action/start_chat",
            ),
            (
                "/v3.5/config/action/list_agents",
                "it has /config/ where /configuration/ belongs",
                "/v3.5/configuration/action/list_agents",
            ),
            (
                "/v3.6/action/list_chats",
                "the part /agent/ is missing",
                "/v3.6/agent/action/list_chats",
            ),
            (
                "/v3.6/list_chats",
                "the part /agent/action/ is missing",
                "/v3.6/agent/action/list_chats",
            ),
            (
                "/v3.6/agent/action/list_chats/all",
                "something follows the method's name",
                "/v3.6/agent/action/list_chats",
            ),
            (
                "/v3.6/agent/actions/list_chat",
                "it has /actions/ where /action/ belongs. Nor has the documentation a method "
                "list_chat in the Agent Chat API",
                "/v3.6/agent/action/list_chats",
            ),
            (
                "/v3.6/agent/actions/foo",
                "it has /actions/ where /action/ belongs. Nor has the documentation a method "
                "foo in the Agent Chat API",
                "/v3.6/agent/action/list_chats",
            ),
            (
                "/v3.6/configurations/Action/foo",
                "its parts are not those of the platform's. Nor has the documentation a method "
                "foo in the Configuration API",
                "/v3.6/configuration/action/create_agent",
            ),
        )
    ),
    Row(
        "a GET",
        lambda s: s.send("GET", "/v3.6/agent/action/list_chats", s.token.access_token),
        "405 not_found",
        Known("The request was a GET; this address takes POST."),
        "Use requests.post in the cell.",
    ),
    Row(
        "the real-time API",
        lambda s: s.send("GET", "/v3.6/agent/rtm/ws", s.token.access_token),
        "404 not_found",
        Known("an address of the real-time API (RTM), which the sandbox does not imitate."),
        "on the live platform only",
    ),
    Row(
        "the Reports API",
        lambda s: s.send("POST", "/v3.6/reports/chats/total_chats", s.token.access_token, json={}),
        "404 not_found",
        Known("an address of the Reports API, which the sandbox does not imitate."),
        "on the live platform only",
    ),
    *(
        Row(
            f"no method at all, {path}",
            lambda s, path=path: s.send("POST", path, s.token.access_token, json={}),  # type: ignore[misc]
            "404 not_found",
            Known("There is nothing at this address: it names no method of an API."),
            "ends in /v3.6/agent/action/list_chats.",
        )
        for path in ("/v3.6/agent", "/v3.6/agent/action/", "/v3.6/agent/chats/list")
    ),
    Row(
        "the sample's placeholder for a method",
        lambda s: s.call("<action>"),
        "404 not_found",
        Known("The documentation has no such method in the Agent Chat API."),
        "there are list_chats",
    ),
    Row(
        "a page for people",
        lambda s: s.send("POST", "/signin", json={}),
        "405 ",
        Known("This is the address of a page for people, who open it in a browser."),
        "platform.list_chats_url",
    ),
    Row(
        "another region",
        lambda s: s.call(
            headers={"Authorization": f"Bearer {s.token.access_token}", "X-Region": "fra"}
        ),
        "421 misdirected_request",
        Known("The account lives in another region: dal. The header X-Region asks for fra."),
        "X-Region",
    ),
]

VALIDATION = [
    Row(
        "no body",
        lambda s: s.call(data=None, token=s.token.access_token),
        "400 validation",
        Known("The request had no body, and the API wants one even where nothing is asked."),
        "Send at least {}.",
    ),
    Row(
        "a form",
        lambda s: s.call(data={"limit": 10}, token=s.token.access_token),
        "400 validation",
        Known("The body was sent as a form, and the API wants JSON."),
        "json={...}",
    ),
    Row(
        "multipart",
        lambda s: s.call(files={"limit": (None, "10")}, data=None, token=s.token.access_token),
        "400 validation",
        Known("The body was sent as multipart/form-data"),
        "json={...}",
    ),
    Row(
        "JSON that breaks off",
        lambda s: s.call(data='{"limit": 10', token=s.token.access_token),
        "400 validation",
        Known("The body is not JSON: it breaks at line 1, column 13. It ends too early."),
        "json={...}",
    ),
    Row(
        "what Python prints of a dict",
        lambda s: s.call(data=str({"limit": 10}), token=s.token.access_token),
        "400 validation",
        Known("it breaks at line 1, column 2. There it is written as Python is"),
        "json={...}",
    ),
    Row(
        "JSON with a comment",
        lambda s: s.call(data="{\n  // all\n}", token=s.token.access_token),
        "400 validation",
        Known("it breaks at line 2, column 3. JSON has no comments."),
        "json={...}",
    ),
    Row(
        "not a number",
        lambda s: s.call(data='{"limit": NaN}', token=s.token.access_token),
        "400 validation",
        Known("The body has NaN in it, which is no JSON, though Python writes it."),
        "Leave the field out",
    ),
    Row(
        "a list",
        lambda s: s.call(body=[{"limit": 10}]),
        "400 validation",
        Known("The body is a list, and the service wants an object."),
        "Send an object",
    ),
    Row(
        "more than 10 MB",
        lambda s: s.call(data="x" * 10_500_000, token=s.token.access_token),
        "413 entity_too_large",
        Known("The request is larger than 10 MB."),
        "Send less at once.",
    ),
    Row(
        "a limit of 101",
        lambda s: s.call(body={"limit": 101}),
        "400 validation",
        Known("limit is 101."),
        "Send a whole number from 1 to 100.",
    ),
    Row(
        "a limit in quotation marks",
        lambda s: s.call(body={"limit": "10"}),
        "400 validation",
        Known('limit is "10".'),
        "from 1 to 100, without quotation marks.",
    ),
    Row(
        "another sort_order",
        lambda s: s.call(body={"sort_order": "down"}),
        "400 validation",
        Known('sort_order is "down".'),
        'Send "asc" or "desc".',
    ),
    Row(
        "group_ids as texts",
        lambda s: s.call(body={"filters": {"group_ids": ["0"]}}),
        "400 validation",
        Known('filters.group_ids is ["0"].'),
        "a list of whole numbers",
    ),
    Row(
        "201 group_ids",
        lambda s: s.call(body={"filters": {"group_ids": list(range(201))}}),
        "400 validation",
        Known("filters.group_ids is [0, 1, 2"),
        "a list of at most 200",
    ),
    Row(
        "filters as a list",
        lambda s: s.call(body={"filters": ["active"]}),
        "400 validation",
        Known('filters is ["active"].'),
        "an object",
    ),
    Row(
        "a filter of properties that says nothing",
        lambda s: s.call(body={"filters": {"properties": {"a": {"b": {}}}}}),
        "400 validation",
        Known("one of exists, values and exclude_values is needed"),
        "",
    ),
    Row(
        "page_id with filters",
        lambda s: s.call(body={"page_id": "x", "limit": 5, "filters": {}}),
        "400 validation",
        Known("page_id came together with filters and limit."),
        "Send page_id alone.",
    ),
    Row(
        "a page_id that was made up",
        lambda s: s.call(body={"page_id": "MTYxODM5"}),
        "400 validation",
        Known("This page_id is not one that the sandbox gave"),
        "Take next_page_id from an answer of this very method.",
    ),
    Row(
        "a page_id of another method",
        lambda s: s.call("list_archives", {"page_id": page_id(s)}),
        "400 validation",
        Known("This page_id belongs to list_chats."),
        "Take next_page_id from an answer of this very method.",
    ),
    Row(
        "a page_id of another chat",
        lambda s: s.call("list_threads", {"page_id": "x", "chat_id": chat_id(s)}),
        "400 validation",
        Known("This page_id is not one that the sandbox gave"),
        "Take next_page_id",
    ),
    Row(
        "get_chat without an id",
        lambda s: s.call("get_chat"),
        "400 validation",
        Known("chat_id is missing, and get_chat can't do without."),
        "list_chats",
    ),
    Row(
        "list_threads without an id",
        lambda s: s.call("list_threads"),
        "400 validation",
        Known("chat_id is missing, and list_threads can't do without."),
        "list_chats",
    ),
    Row(
        "get_chat with a number as the id",
        lambda s: s.call("get_chat", {"chat_id": 1}),
        "400 validation",
        Known("chat_id is 1."),
        "Send a text",
    ),
    Row(
        "get_chat of a chat that there is not",
        lambda s: s.call("get_chat", {"chat_id": "NOTACHAT00"}),
        "404 not_found",
        Known("There is nothing with the id that the body names."),
        "Check the ids in the body",
    ),
    Row(
        "list_threads with min_events_count and limit",
        lambda s: s.call(
            "list_threads", {"chat_id": chat_id(s), "min_events_count": 3, "limit": 3}
        ),
        "400 validation",
        Known("min_events_count came together with limit."),
        "Send it alone",
    ),
    Row(
        "list_archives from a date",
        lambda s: s.call("list_archives", {"filters": {"from": "2026-06-01"}}),
        "400 validation",
        Known('filters.from is "2026-06-01".'),
        "a time with its offset from UTC",
    ),
    Row(
        "list_archives from a time without its offset",
        lambda s: s.call("list_archives", {"filters": {"from": "2026-06-01T00:00:00"}}),
        "400 validation",
        Known('filters.from is "2026-06-01T00:00:00".'),
        "a time with its offset from UTC",
    ),
    Row(
        "list_archives with tags as a list",
        lambda s: s.call("list_archives", {"filters": {"tags": ["refund"]}}),
        "400 validation",
        Known('filters.tags is ["refund"].'),
        "an object",
    ),
    Row(
        "list_archives with thread_ids and more",
        lambda s: s.call("list_archives", {"filters": {"thread_ids": ["X"], "query": "a"}}),
        "400 validation",
        Known("filters.thread_ids came together with filters.query."),
        "Send thread_ids alone",
    ),
    Row(
        "list_archives with 21 thread_ids",
        lambda s: s.call("list_archives", {"filters": {"thread_ids": ["X"] * 21}}),
        "400 validation",
        Known("filters.thread_ids is"),
        "a list of at most 20",
    ),
    Row(
        "list_archives with a filter that only the sandbox's reader knows",
        lambda s: s.call("list_archives", {"filters": {"tags": {"values": "refund"}}}),
        "400 validation",
        Known("filters.tags.values is a text."),
        "Send a list",
    ),
    Row(
        "list_agents with a field that there is not",
        lambda s: agents(s, {"fields": ["shoe_size"]}),
        "400 validation",
        Known("has a value that it can't have."),
        "documentation",
    ),
]
