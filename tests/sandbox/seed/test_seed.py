"""The seeded chats look like those of a real account, and are the same every time."""

import hashlib
import ipaddress
import itertools
import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from statistics import median
from zoneinfo import ZoneInfo

import msgspec
import pytest

from lc_tutorial.sandbox.payloads import agents as payloads
from lc_tutorial.sandbox.seed import chats as seed
from lc_tutorial.sandbox.seed import details, phrases
from lc_tutorial.sandbox.seed.places import NAMES, PLACES
from lc_tutorial.sandbox.store.chat_store import NUMBER, SEED
from lc_tutorial.sandbox.world import people
from lc_tutorial.sandbox.world.chats import NOW, Chat
from lc_tutorial.sandbox.world.people import FERN_AND_FILTER, PAPER_LANTERN
from lc_tutorial.sandbox.world.versions import Version

END = int(NOW.timestamp()) * 1_000_000
DOCUMENTATION = [
    # Sources: RFC 5737, RFC 3849.
    ipaddress.ip_network(network)
    for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
EXAMPLE_DOMAIN = re.compile(r"(?:^|[.@/])example\.(?:com|org|net)$")


def generate(number: int = NUMBER, seed_number: int = SEED) -> list[Chat]:
    return seed.generate(FERN_AND_FILTER, number, seed_number)


@pytest.fixture(scope="module")
def chats() -> list[Chat]:
    return generate()


@pytest.fixture(scope="module")
def many() -> list[Chat]:
    return generate(3000)


def threads_of(chats):
    return [thread for chat in chats for thread in chat.threads]


def events_of(chats):
    return [event for thread in threads_of(chats) for event in thread.events]


def test_the_same_every_time(chats):
    assert generate() == chats


def test_another_seed_gives_other_chats(chats):
    others = generate(seed_number=7)
    assert len(others) == len(chats)
    assert not {chat.id for chat in others} & {chat.id for chat in chats}


def test_the_chats_are_those_that_the_notebooks_show(chats):
    # The notebooks' outputs are made of these: who changes the chats has to run them again, and to
    # put the new digest here.
    content = [
        (
            payloads.chat_summary(chat, Version.V3_6, sees_deleted=True),
            [
                payloads.thread(chat, index, Version.V3_6, sees_deleted=True)
                for index in range(len(chat.threads))
            ],
            sorted(chat.followers),
        )
        for chat in chats
    ]
    digest = hashlib.sha256(msgspec.json.encode(content)).hexdigest()
    assert digest[:16] == "af9a1b469bfa7f4f"


@pytest.mark.parametrize("number", [0, 1, 19, 1000])
def test_any_number_of_chats(number):
    assert len(generate(number)) == number


@pytest.mark.parametrize("number", [-1, 100_001])
def test_a_number_out_of_range(number):
    with pytest.raises(ValueError, match="0 to 100000"):
        generate(number)


def test_an_organization_without_conversations_has_no_chats():
    other = people.Organization("x", "Nobody's", "https://x.example.com", (), ())
    assert seed.generate(other, NUMBER, SEED) == []


def test_everything_has_happened_by_now(many):
    assert datetime(2026, 6, 15, 14, 30, tzinfo=UTC) == NOW
    for thread in threads_of(many):
        times = [thread.created_at, *(event.created_at for event in thread.events)]
        assert times == sorted(times)
        assert times[-1] <= END
    last = max(event.created_at for event in events_of(many))
    assert END - last < 60 * 1_000_000


def test_ids(many):
    ids = [chat.id for chat in many] + [thread.id for thread in threads_of(many)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Z0-9]{10}", value) for value in ids)
    for thread in threads_of(many):
        numbers = range(1, len(thread.events) + 1)
        assert [event.id for event in thread.events] == [f"{thread.id}_{n}" for n in numbers]
    customers = [chat.customer.id for chat in many]
    assert len(set(customers)) == len(customers)


def test_threads_of_a_chat_follow_each_other_and_only_the_last_may_be_active(many):
    for chat in many:
        for before, after in itertools.pairwise(chat.threads):
            assert before.created_at < after.created_at
            assert not before.active


def test_only_example_domains_and_documentation_addresses(many):
    for chat in many:
        customer = chat.customer
        assert customer.email is None or EXAMPLE_DOMAIN.search(customer.email)
        address = ipaddress.ip_address(customer.visit.ip)
        assert any(address in network for network in DOCUMENTATION)
        for page in customer.visit.last_pages:
            assert page.url.startswith(FERN_AND_FILTER.website + "/")
    for event in events_of(many):
        for text in map(str, event.body.values()):
            for host in re.findall(r"(?:https?://|[\w.]+@)([\w.-]+)", text):
                assert EXAMPLE_DOMAIN.search(host), text


def test_no_blank_is_left_to_be_filled(many):
    for event in events_of(many):
        assert not re.search(r"\{[a-z]+\}", str(event.body.get("text", "")))
    for thread in threads_of(many):
        assert thread.summary is None or "{" not in thread.summary


def test_places_are_coherent():
    for place in PLACES:
        offset = datetime(2026, 5, 20, tzinfo=ZoneInfo(place.timezone)).utcoffset()
        assert offset is not None
        assert offset.total_seconds() / 3600 == place.utc_offset, place.city
        assert place.names in NAMES
        # 15 degrees of longitude are an hour, give or take what states make of it
        assert abs(float(place.longitude) / 15 - place.utc_offset) < 3, place.city
        assert -60 < float(place.latitude) < 70
        assert re.fullmatch(r"-?\d+\.\d+", place.latitude)


def test_names_in_many_scripts(chats):
    names = [chat.customer.name for chat in chats if chat.customer.name]
    scripts = {unicodedata.name(name[0]).split()[0] for name in names}
    assert scripts >= {"LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC", "DEVANAGARI", "CJK"}
    assert any(not name.isascii() and name[0].isascii() for name in names)  # accents


@pytest.mark.parametrize(
    ("what", "least", "most", "select"),
    [
        ("chats that are going on", 8, 20, lambda c: c.active),
        ("chats in a queue", 2, 5, lambda c: c.active and c.threads[-1].queue is not None),
        ("chats without threads", 3, 12, lambda c: not c.threads),
        ("customers who came back", 30, 90, lambda c: len(c.threads) > 1),
        ("customers without a name", 15, 60, lambda c: c.customer.name is None),
        ("customers without an e-mail", 40, 110, lambda c: c.customer.email is None),
        ("followed by the owner", 10, 40, lambda c: "ada.lindqvist@example.com" in c.followers),
        ("session fields", 40, 140, lambda c: c.customer.session_fields),
        ("carts", 10, 60, lambda c: "carts" in c.customer.extras),
        ("tickets", 5, 60, lambda c: c.customer.tickets),
        ("phone numbers", 10, 50, lambda c: "phone_number" in c.customer.extras),
        ("referrers", 80, 180, lambda c: c.customer.visit.referrer),
        ("properties of an app", 50, 150, lambda c: details.LOYALTY_APP in c.properties),
        ("properties to test", 5, 30, lambda c: "test" in c.properties),
        ("a watcher", 2, 20, lambda c: any(p.visibility == "agents" for p in c.participants)),
        ("several agents", 8, 60, lambda c: c.threads and len(c.threads[-1].user_ids) > 2),
    ],
)
def test_there_is_some_of_everything(chats, what, least, most, select):
    assert least <= sum(bool(select(chat)) for chat in chats) <= most, what


@pytest.mark.parametrize(
    "kind",
    [
        "message",
        "system_message",
        "filled_form",
        "file",
        "rich_message",
        "custom",
        "form",
        "system",
    ],
)
def test_there_is_every_type_of_event(chats, kind):
    assert sum(event.type == kind for event in events_of(chats)) >= 5


def test_there_are_odd_events(chats):
    events = events_of(chats)
    assert any(event.deleted for event in events)
    assert any(event.visibility == "agents" for event in events)
    assert any("postback" in event.body for event in events)
    assert any("translation" in (event.properties or {}) for event in events)
    forms = Counter(event.body["form_type"] for event in events if event.type == "filled_form")
    assert set(forms) >= {"prechat", "postchat", "ask_for_email"}


def fields_of(events, kind):
    return [field for event in events if event.type == kind for field in event.body["fields"]]


def buttons_of(events):
    shown = [event for event in events if event.type == "rich_message"]
    return [b for event in shown for element in event.body["elements"] for b in element["buttons"]]


def test_there_is_every_type_of_form_field(chats):
    """Source: data-structures, "Form fields"."""
    types = {"name", "email", "question", "subject", "textarea", "checkbox", "radio", "select"}
    filled = fields_of(events_of(chats), "filled_form")
    assert {field["type"] for field in filled} == types | {"group_chooser"}
    for field in filled:
        answer = field["answers" if field["type"] == "checkbox" else "answer"]
        chosen = answer if isinstance(answer, list) else [answer]
        if field["type"] in ("radio", "select", "checkbox", "group_chooser"):
            assert all({"id", "label"} <= each.keys() for each in chosen)
        else:
            assert isinstance(answer, str)
    asked = fields_of(events_of(chats), "form")
    assert all(field["options"] for field in asked if field["type"] == "select")
    assert {field["type"] for field in asked} == {"email", "select"}


def test_there_is_every_type_of_button(many):
    """Source: data-structures, "Rich message"."""
    buttons = buttons_of(events_of(many))
    assert {button["type"] for button in buttons} == {"message", "url", "webview", "phone"}
    heights = {b["webview_height"] for b in buttons if b["type"] == "webview"}
    assert heights == {"compact", "full", "tall"}
    assert not any("webview_height" in b for b in buttons if b["type"] != "webview")


@pytest.mark.parametrize(
    "kind",
    [
        "message",
        "system_message",
        "filled_form",
        "file",
        "rich_message",
        "custom",
        "form",
        "system",
    ],
)
def test_some_events_of_each_type_have_an_id_of_their_sender(many, kind):
    ids = {event.body.get("custom_id") for event in events_of(many) if event.type == kind}
    assert len(ids) > 1 or kind == "system"
    assert (None in ids) == (kind != "system")


@pytest.mark.parametrize("kind", ["message", "filled_form", "file", "rich_message", "custom"])
def test_some_events_have_properties(chats, kind):
    found = [event.properties for event in events_of(chats) if event.type == kind]
    assert any(found)
    for properties in filter(None, found):
        assert all(isinstance(values, dict) and values for values in properties.values())


def test_some_customers_have_a_picture(chats):
    pictures = [chat.customer.avatar for chat in chats if chat.customer.avatar]
    assert len(chats) / 12 < len(pictures) < len(chats) / 4
    assert len(set(pictures)) == len(pictures)


@pytest.mark.parametrize("version", list(Version))
def test_who_is_on_the_website_is_told_with_what_they_do(chats, version):
    """Source: payloads/messaging of each version, agent-chat-api/users/customer."""
    states = Counter()
    for chat in chats:
        told = payloads.users(chat, version)[0]
        assert ("state" in told) == ("group_ids" in told) == (chat.customer.visit.ended_at is None)
        assert told.get("group_ids", chat.group_ids) == chat.group_ids
        states[told.get("state")] += 1
        if "state" in told:
            assert (told["state"] == "browsing") == (not chat.active)
            waits = bool(chat.threads) and chat.threads[-1].queue is not None
            assert (told["state"] == "queued") == waits
    assert set(states) == {None, "browsing", "chatting", "queued"}


def test_who_writes_is_in_the_thread(many):
    for chat in many:
        for thread in chat.threads:
            assert thread.user_ids[0] == chat.customer.id
            for event in thread.events:
                kinds = ("system_message", "system")
                assert (event.author_id is None) == (event.type in kinds)
                assert event.author_id is None or event.author_id in thread.user_ids
        watchers = [p for p in chat.participants if p.visibility == "agents"]
        assert all(p.agent.role == "administrator" for p in watchers)


def test_participants_are_the_agents_of_the_threads(many):
    for chat in many:
        in_threads = {user for thread in chat.threads for user in thread.user_ids[1:]}
        assert {participant.agent.email for participant in chat.participants} == in_threads


def test_queues(many):
    waiting = [thread for thread in threads_of(many) if thread.queue is not None]
    assert waiting
    for thread in waiting:
        assert thread.active
        assert len(thread.user_ids) == 1
        assert thread.queues_duration is None
    for group in FERN_AND_FILTER.groups:
        places = [t.queue.position for t in waiting if t.queue and t.group_ids == [group.id]]
        assert sorted(places) == list(range(1, len(places) + 1))


def test_forms_say_what_is_known_of_the_customer(many):
    for chat in many:
        for thread in chat.threads:
            for event in thread.events:
                if event.type == "filled_form" and event.body["form_type"] == "prechat":
                    fields = {field["type"]: field for field in event.body["fields"]}
                    assert fields["name"]["answer"] == (chat.customer.name or "")
                    assert fields["email"]["answer"] in (chat.customer.email, "")


def test_mondays_and_the_sale_are_busy(many):
    starts = [chat.threads[-1].created_at for chat in many if chat.threads]
    days = Counter(datetime.fromtimestamp(start / 1e6, UTC).date() for start in starts)
    del days[NOW.date()]
    sale = {
        day: n for day, n in days.items() if (day.month, day.day // 15) == (5, 1) and day.day < 22
    }
    usual = days - Counter(sale)
    assert len(sale) == 7
    assert sum(sale.values()) / 7 > 1.5 * sum(usual.values()) / len(usual)
    by_weekday = Counter[int]()
    for day, n in usual.items():
        by_weekday[day.weekday()] += n
    assert by_weekday.most_common(1)[0][0] == 0
    assert min(by_weekday, key=by_weekday.__getitem__) == 6


def first_answer(thread):
    """Seconds until somebody answered, or None."""
    for event in thread.events:
        if event.author_id in thread.user_ids[1:] and "lc2" not in (event.properties or {}):
            return (event.created_at - thread.created_at) / 1e6
    return None


def test_groups_and_agents_differ_in_how_fast_they_answer(many):
    by_group: dict[int, list[float]] = {}
    by_agent: dict[str, list[float]] = {}
    for thread in threads_of(many):
        seconds = first_answer(thread)
        if seconds is not None:
            by_group.setdefault(thread.group_ids[0], []).append(seconds)
            by_agent.setdefault(thread.user_ids[-1], []).append(seconds)
    agents = {email: median(seconds) for email, seconds in by_agent.items()}
    assert set(agents) == {agent.email for agent in FERN_AND_FILTER.agents}
    assert min(agents, key=agents.__getitem__) == "priya.raman@example.com"
    assert max(agents, key=agents.__getitem__) == "omar.elsayed@example.com"
    assert median(by_group[people.WHOLESALE]) > 1.5 * median(by_group[people.GENERAL])


def test_those_who_wait_are_less_pleased(many):
    waited, served = [], []
    for thread in threads_of(many):
        if "rating" in thread.properties:
            score = thread.properties["rating"]["score"]
            (waited if (thread.queues_duration or 0) > 150 else served).append(score)
    assert sum(waited) / len(waited) < sum(served) / len(served) - 0.1


def test_old_threads_are_out_of_reach(many):
    ages = [(END - t.created_at) / 86_400e6 for t in threads_of(many) if t.restricted_access]
    assert ages
    assert min(ages) > 60


def test_the_second_organization_is_another_company():
    chats = seed.generate(PAPER_LANTERN, 40, SEED)
    emails = {p.agent.email for chat in chats for p in chat.participants}
    assert emails == {agent.email for agent in PAPER_LANTERN.agents}
    groups = {group for chat in chats for group in chat.group_ids}
    assert groups <= {group.id for group in PAPER_LANTERN.groups}
    for chat in chats:
        for page in chat.customer.visit.last_pages:
            assert page.url.startswith(PAPER_LANTERN.website)


def test_conversations_are_read_as_written():
    text = """
# a comment
[delivery, damaged] Orders, de, 3, upset
• One
• Two
c Hallo?
= Hello?
a Ja!
| Jawohl!
parcel
"""
    (script,) = phrases.parse(text, FERN_AND_FILTER)
    assert script == phrases.Script(
        tags=["delivery", "damaged"],
        group_id=people.ORDERS,
        language="de",
        weight=3,
        upset=True,
        summary=["• One", "• Two"],
        lines=[
            phrases.Line("c", ["Hallo?"], "Hello?"),
            phrases.Line("a", ["Ja!", "Jawohl!"]),
            phrases.Line("parcel", [""]),
        ],
    )


def test_every_conversation_can_be_told():
    kinds = {"c", "a", "photo", "pdf", "cards", "choices", "pick", "parcel", "order", "note"}
    for organization in people.ORGANIZATIONS:
        for script in phrases.load(organization):
            assert {line.kind for line in script.lines} <= kinds | {"form", "oops"}
            assert script.lines[0].kind == "c"
            assert any(line.kind == "a" for line in script.lines)
            if script.language != "en":
                said = [line for line in script.lines if line.kind in ("c", "a", "note")]
                assert all(line.english for line in said if line.kind != "note")
