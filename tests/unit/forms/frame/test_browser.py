"""The browser behind the frame: which addresses it opens, and which it does not."""

from collections.abc import Iterator

import pytest

from lc_tutorial.forms.frame import browser as browser_module
from lc_tutorial.forms.frame.addresses import Site, is_on_this_machine, resolve
from lc_tutorial.forms.frame.browser import MOST_BYTES, MOST_PAGES, MOST_REDIRECTS, Browser
from lc_tutorial.lab import history
from tests.unit.filling import free_port
from tests.unit.forms.frame.pages import Answer, Place, serving


@pytest.fixture
def sandbox_place() -> Iterator[Place]:
    with serving() as place:
        yield place


@pytest.fixture
def app() -> Iterator[Place]:
    with serving() as place:
        place.answers["/callback"] = Answer(body=b"<title>The app</title>")
        yield place


@pytest.fixture
def opened(sandbox_place: Place) -> Browser:
    sandbox_place.answers["/"] = Answer(body=b"<title>Home</title>")
    browser = Browser(sandbox_place.site)
    browser.open(f"{sandbox_place.url}/")
    sandbox_place.asked.clear()
    return browser


def shows(browser: Browser) -> str:
    return browser.document(word="fake", dark=False).partition("</script>")[2]


def leads(place: Place, path: str, location: str, status: int = 302) -> None:
    place.answers[path] = Answer(status, b"", {"Location": location})


# --- Addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "is_its"),
    [
        ("http://127.0.0.1:8000/w/x/console/?a=b#c", True),
        ("http://127.0.0.1:8000/w/x/", True),
        ("http://127.0.0.1:8000/w/x", False),
        ("http://127.0.0.1:8000/w/", False),
        ("http://127.0.0.1:8000/w/x/../y/", False),
        ("http://127.0.0.1:8000/w/x/%2E%2e/y/", False),
        ("http://127.0.0.1:8000/w/x/..\\..\\y", False),
        ("http://127.0.0.1:8001/w/x/", False),
        ("https://127.0.0.1:8000/w/x/", False),
        ("http://localhost:8000/w/x/", False),
        ("http://127.0.0.1:8000@evil.example/w/x/", False),
        ("http://a@127.0.0.1:8000/w/x/", False),
        ("file:///w/x/", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_the_sandbox_s_own_addresses(url: str, is_its: bool) -> None:
    assert Site("http://127.0.0.1:8000/w/x/", ()).has(url) is is_its


def test_a_browser_s_address_becomes_the_kernel_s() -> None:
    site = Site("http://127.0.0.1:8000/", ("/user/mia/proxy/8000/", "https://hub.example/x/"))
    for address in ("/user/mia/proxy/8000/console/", "https://hub.example/x/console/"):
        assert site.for_kernel(address) == "http://127.0.0.1:8000/console/"
    assert site.for_kernel("https://evil.example/") == "https://evil.example/"


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:8377/callback", True),
        ("http://localhost:8377/", True),
        ("http://[::1]:8377/", True),
        ("https://127.0.0.1:8377/", False),
        ("http://127.0.0.1.evil.example/", False),
        ("http://127.0.0.1@evil.example/", False),
        ("http://evil@127.0.0.1/", False),
        ("http://169.254.169.254/", False),
        ("http://10.0.0.1/", False),
        ("ftp://127.0.0.1/", False),
        ("http://[", False),
    ],
)
def test_what_is_on_this_machine(url: str, is_here: bool) -> None:
    assert is_on_this_machine(url) is is_here


def test_a_link_is_read_as_a_browser_reads_it() -> None:
    base = "http://127.0.0.1:8000/a/b"
    assert resolve(base, " ja\nvascript:x") == "javascript:x"
    assert resolve(base, "//evil.example/x") == "http://evil.example/x"
    assert resolve(base, "\n \x01c\td \x00 e?f g#h i \t") == f"{base[:-1]}cd%20\x00%20e?f%20g#h%20i"
    assert resolve(base, "c\N{NO-BREAK SPACE}") == f"{base[:-1]}c\N{NO-BREAK SPACE}"


# --- Links and forms ------------------------------------------------------------------------------


def test_a_link_is_relative_to_the_page(sandbox_place: Place, opened: Browser) -> None:
    sandbox_place.answers["/console/apps"] = Answer()
    opened.open("console/apps?a=b#part")
    assert opened.shown is not None
    assert opened.shown.address == f"{sandbox_place.url}/console/apps?a=b#part"
    assert sandbox_place.asked == [("GET", "/console/apps?a=b", "", "")]
    opened.open("../x")
    assert sandbox_place.asked[-1].path == "/x"


def test_a_form_is_sent_as_the_page_has_it(sandbox_place: Place, opened: Browser) -> None:
    fields = [("csrf", "a b&c"), ("uri", "http://x/?é"), ("scope", "1"), ("scope", "2"), ("", "")]
    opened.submit("login?next=1#top", "POST", fields)
    body = "csrf=a+b%26c&uri=http%3A%2F%2Fx%2F%3F%C3%A9&scope=1&scope=2&="
    assert sandbox_place.asked == [("POST", "/login?next=1", body, "")]
    opened.submit("", "GET", [("q", "x y")])
    assert sandbox_place.asked[-1][:2] == ("GET", "/login?q=x+y")


def test_cookies_are_kept_for_the_sandbox_alone(
    sandbox_place: Place, app: Place, opened: Browser
) -> None:
    sandbox_place.answers["/in"] = Answer(
        303, b"", {"Location": f"{app.url}/callback", "Set-Cookie": "session=fake; Path=/"}
    )
    opened.open("/in")
    assert app.asked == [("GET", "/callback", "", "")]
    opened.open(f"{sandbox_place.url}/")
    assert sandbox_place.asked[-1].cookie == "session=fake"


def test_each_frame_has_cookies_of_its_own(sandbox_place: Place, opened: Browser) -> None:
    sandbox_place.answers["/in"] = Answer(headers={"Set-Cookie": "session=fake; Path=/"})
    opened.open("/in")
    another = Browser(sandbox_place.site)
    another.open("/")
    assert sandbox_place.asked[-1].cookie == ""


# --- Redirects ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "sent"),
    [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")],
)
def test_a_chain_within_the_sandbox(
    sandbox_place: Place, opened: Browser, status: int, sent: str
) -> None:
    leads(sandbox_place, "/a", "b?x=1", status)
    sandbox_place.answers["/b"] = Answer()
    opened.submit("/a", "POST", [("f", "1")])
    assert [(asked.method, asked.path) for asked in sandbox_place.asked] == [
        ("POST", "/a"),
        (sent, "/b?x=1"),
    ]
    assert sandbox_place.asked[1].body == ("f=1" if sent == "POST" else "")


def test_the_address_bar_has_all_that_came(
    sandbox_place: Place, app: Place, opened: Browser
) -> None:
    came = f"{app.url}/callback?code=dal%3Anot-a-real-code&state=st#fragment"
    leads(sandbox_place, "/grant-access", came)
    opened.submit("/grant-access", "POST", [("decision", "allow")])
    assert opened.shown is not None
    assert opened.shown.address == came
    assert "The app" in shows(opened)
    assert app.asked == [("GET", "/callback?code=dal%3Anot-a-real-code&state=st", "", "")]
    # A code is in the address.
    assert "not-a-real-code" not in repr(opened.shown)


def test_where_nobody_listens_the_page_says_what_to_do(
    sandbox_place: Place, opened: Browser
) -> None:
    came = f"http://127.0.0.1:{free_port()}/callback?code=not-a-real-code"
    leads(sandbox_place, "/in", came)
    opened.open("/in")
    assert opened.shown is not None
    assert opened.shown.address == came
    assert "copy the whole address" in shows(opened)
    assert "not-a-real-code" not in shows(opened)


@pytest.mark.parametrize(
    "target",
    [
        "https://app.example/callback?code=not-a-real-code",
        "http://169.254.169.254/latest/meta-data?code=not-a-real-code",
        "com.example.app:/callback?code=not-a-real-code",
        "file:///etc/passwd?code=not-a-real-code",
    ],
)
def test_an_app_elsewhere_is_never_asked(
    sandbox_place: Place, opened: Browser, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    leads(sandbox_place, "/in", target)
    monkeypatch.setattr(browser_module, "_Session", None)
    opened.open("/in")
    assert opened.shown is not None
    assert opened.shown.address == target
    assert "own page would open" in shows(opened)
    assert "not-a-real-code" not in shows(opened)
    opened.reload()
    assert "own page would open" in shows(opened)


def test_a_form_is_not_handed_on_to_an_app(
    sandbox_place: Place, app: Place, opened: Browser
) -> None:
    leads(sandbox_place, "/in", f"{app.url}/callback", 307)
    opened.submit("/in", "POST", [("password", "fake")])
    opened.reload()
    assert app.asked == []


def test_an_app_s_page_leads_nowhere(sandbox_place: Place, app: Place, opened: Browser) -> None:
    """What the sandbox sent the browser to is opened; what that sends it to is not."""
    leads(app, "/callback", "/inner")
    leads(sandbox_place, "/in", f"{app.url}/callback")
    opened.open("/in")
    assert [asked.path for asked in app.asked] == ["/callback"]
    app.answers["/callback"] = Answer(body=b'<link rel=stylesheet href="/x"><img src=/y>')
    opened.reload()
    assert [asked.path for asked in app.asked] == ["/callback", "/callback"]
    opened.open("/inner")
    opened.reload()
    opened.submit("/form", "POST", [])
    assert len(app.asked) == 2


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("../inner?token=not-a-real-token", "sends you on to {app}/inner."),
        ("https://app.example/", "sends you on to https://app.example/."),
        ("com.example.app:/done", "sends you on to an address of the kind com.example.app:."),
        ("http://[", "sends you on to an address that can&#x27;t be read."),
    ],
)
def test_an_app_that_sends_the_browser_on_has_the_code(
    sandbox_place: Place, app: Place, opened: Browser, location: str, said: str
) -> None:
    leads(app, "/a/callback", location)
    leads(sandbox_place, "/in", f"{app.url}/a/callback?code=not-a-real-code")
    opened.open("/in")
    assert "The app has taken what came along" in shows(opened)
    assert said.format(app=app.url) in shows(opened)
    assert "copy" not in shows(opened)
    assert "not-a-real" not in shows(opened)


def test_an_app_s_redirect_without_an_address_is_a_page(
    sandbox_place: Place, app: Place, opened: Browser
) -> None:
    app.answers["/callback"] = Answer(302, b"<p>To nowhere")
    leads(sandbox_place, "/in", f"{app.url}/callback")
    opened.open("/in")
    assert shows(opened) == "<p>To nowhere"


@pytest.mark.parametrize(
    ("link", "is_advised"),
    [
        ("https://text.example/", True),
        ("mailto:somebody@example.com", False),
        ("javascript:x", False),
        ("http://[", False),
    ],
)
def test_an_address_of_the_web_can_be_copied(opened: Browser, link: str, is_advised: bool) -> None:
    opened.open(link)
    assert ("copy the address above" in shows(opened)) is is_advised


def test_no_link_of_a_page_leads_outside(sandbox_place: Place, app: Place, opened: Browser) -> None:
    for link in (f"{app.url}/callback", "file:///etc/passwd", "javascript:x", "http://["):
        opened.open(link)
        assert "This link leads elsewhere" in shows(opened)
        opened.reload()
        assert "This link leads elsewhere" in shows(opened)
        opened.back()
    opened.submit(f"{app.url}/callback", "POST", [("csrf", "x")])
    assert app.asked == []


def test_pages_that_lead_to_each_other(sandbox_place: Place, opened: Browser) -> None:
    leads(sandbox_place, "/a", "/b")
    leads(sandbox_place, "/b", "/a")
    opened.open("/a")
    assert len(sandbox_place.asked) == MOST_REDIRECTS
    assert "lead to each other" in shows(opened)


# --- What came ------------------------------------------------------------------------------------


def test_what_a_page_loads_comes_with_it_once(
    sandbox_place: Place, app: Place, opened: Browser
) -> None:
    policy = {"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'"}
    app.answers["/x.js"] = Answer(headers={"Content-Type": "text/javascript"})
    page = f'<link rel=stylesheet href="s.css"><script src="{app.url}/x.js"></script>'.encode()
    sandbox_place.answers["/p/"] = Answer(body=page, headers=policy)
    sandbox_place.answers["/p/s.css"] = Answer(body=b"a {}", headers={"Content-Type": "text/css"})
    opened.open("/p/")
    assert shows(opened) == "<style>a {}</style>"
    opened.reload()
    assert shows(opened) == "<style>a {}</style>"
    assert [asked.path for asked in sandbox_place.asked] == ["/p/", "/p/s.css", "/p/"]
    assert app.asked == []


def test_a_stylesheet_that_leads_elsewhere_is_left_out(
    sandbox_place: Place, app: Place, opened: Browser
) -> None:
    leads(sandbox_place, "/s.css", f"{app.url}/s.css")
    policy = {"Content-Security-Policy": "style-src 'self'"}
    sandbox_place.answers["/p"] = Answer(body=b"<link rel=stylesheet href=/s.css>", headers=policy)
    opened.open("/p")
    assert shows(opened) == ""
    assert app.asked == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(body=b"x" * (MOST_BYTES + 1)), "too large"),
        (Answer(body=b"{}<b>", headers={"Content-Type": "application/json"}), "{}&lt;b&gt;"),
        (Answer(body=b"\x89PNG", headers={"Content-Type": "image/png"}), "image/png"),
        (
            Answer(headers={"Content-Security-Policy": "default-src 'self'; connect-src 'self'"}),
            "needs a tab of a browser",
        ),
        (Answer(body=b"\xff\xfe<p>"), "\ufffd\ufffd<p>"),
        (Answer(500, b"<p>Broken"), "<p>Broken"),
        (Answer(302, b"<p>To nowhere"), "<p>To nowhere"),
    ],
)
def test_what_is_no_usual_page(
    sandbox_place: Place, opened: Browser, answer: Answer, said: str
) -> None:
    sandbox_place.answers["/x"] = answer
    opened.open("/x")
    assert said in shows(opened)


def test_a_sandbox_that_is_gone() -> None:
    with serving() as place:
        browser = Browser(place.site)
    browser.open("console/?secret=fake")
    assert "The sandbox does not answer" in shows(browser)
    assert "fake" not in shows(browser)


def broken_off(place: Place, path: str) -> None:
    """An answer that ends before it is whole."""
    place.answers[path] = Answer(body=b"<p>half", headers={"Content-Length": "1000"})


def test_an_answer_that_is_cut_off(sandbox_place: Place, opened: Browser) -> None:
    broken_off(sandbox_place, "/x")
    opened.open("/x")
    assert "The sandbox does not answer" in shows(opened)
    opened.submit("/x", "POST", [("a", "b")])
    assert "The sandbox does not answer" in shows(opened)
    opened.reload()
    assert "the answer to a form" in shows(opened)
    assert [asked.method for asked in sandbox_place.asked] == ["GET", "POST"]


def test_an_app_whose_answer_is_cut_off(sandbox_place: Place, app: Place, opened: Browser) -> None:
    broken_off(app, "/callback")
    leads(sandbox_place, "/in", f"{app.url}/callback?code=not-a-real-code")
    opened.open("/in")
    assert "The app does not answer" in shows(opened)
    assert "no program listens" not in shows(opened)


# --- Back and reload ------------------------------------------------------------------------------


def test_back_asks_anew(sandbox_place: Place, opened: Browser) -> None:
    sandbox_place.answers["/a"] = Answer(body=b"<p>first")
    opened.open("/a")
    opened.open("/b")
    sandbox_place.answers["/a"] = Answer(body=b"<p>second")
    opened.back()
    assert shows(opened) == "<p>second"
    opened.back()
    assert not opened.can_go_back
    opened.back()
    assert "Home" in shows(opened)


def test_a_form_is_never_sent_twice(sandbox_place: Place, opened: Browser) -> None:
    opened.submit("/login", "POST", [("a", "b")])
    opened.reload()
    assert "the answer to a form" in shows(opened)
    opened.open("/c")
    opened.back()
    assert "the answer to a form" in shows(opened)
    assert [asked.method for asked in sandbox_place.asked].count("POST") == 1


def test_the_same_address_is_no_further_page(sandbox_place: Place, opened: Browser) -> None:
    opened.open("/#a")
    opened.reload()
    opened.open("/#b")
    assert not opened.can_go_back


def test_the_way_back_has_an_end(opened: Browser) -> None:
    for number in range(MOST_PAGES + 5):
        opened.open(f"/{number}")
    assert len(opened._pages) == MOST_PAGES


def test_the_request_lab_hears_nothing_of_it(opened: Browser) -> None:
    from lc_tutorial.lab import hook

    hook.install()
    try:
        opened.open("/")
    finally:
        hook.uninstall()
    assert list(history.entries()) == []
