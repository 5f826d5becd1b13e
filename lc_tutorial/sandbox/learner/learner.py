"""The scripted learner: does the steps of the course in the sandbox's own pages, over HTTP.

It follows links and fills in forms as a person with a browser would, and so proves each time that
the pages work. It knows the sandbox only by its address.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from lc_tutorial.sandbox.learner.browser import Browser, Element, Page, Stuck

_MOST_PAGES = 5


@dataclass(frozen=True)
class Person:
    """Somebody of the sandbox, as the login page lists them."""

    name: str
    organization: str
    role: str
    email: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Credentials:
    """What the Developer Console shows of an app; a JavaScript app has no secret."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


class Learner:
    """Somebody who works in the sandbox's pages.

    Args:
        url: The sandbox's address on this machine.
        email: Of the account to use.
        password: Of the same.
    """

    def __init__(self, url: str, email: str, password: str) -> None:
        self._url = url.rstrip("/")
        self._email = email
        self._password = password
        self._browser = Browser(self._url)

    def create_app(
        self,
        name: str = "List Chats",
        redirect_uri: str | None = None,
        scopes: tuple[str, ...] = ("chats--all:ro", "chats--access:ro", "chats--my:ro"),
        client_type: str = "server_side",
        *,
        installed: bool = False,
    ) -> Credentials:
        """Create an app in the Developer Console, and set it up.

        Args:
            name: The app's name.
            redirect_uri: What to whitelist; the callback address that the page suggests, if None.
            scopes: What the app may ask for.
            client_type: "server_side", or "javascript": then there is no secret, and it is empty.
            installed: Whether the others of the organisation may use it too.

        Raises:
            Stuck: A page refused what was entered; the text says why.
            requests.RequestException: The sandbox does not answer.
        """
        browser = self._browser
        page = self._act_as_myself(browser.open(f"{self._url}/console/"))
        page = browser.click(page, page.need("a", id="create-app"))
        page = _accepted(browser.press(page, page.need("button", id="create"), {"name": name}))
        page = browser.click(page, page.need("a", id="get-started"))
        page = browser.press(
            page, page.need("button", id="continue"), ticked={"client_type": (client_type,)}
        )
        # The secret is shown on this page and on no later one.
        client_id = page.need("input", id="client-id").get("value")
        client_secret = ""
        if client_type == "server_side":
            client_secret = page.need("input", id="client-secret").get("value")
        if redirect_uri is None:
            redirect_uri = page.need("input", name="callback_address").get("value")
            page = self._change(page, "use-callback-address")
        else:
            page = self._change(page, "add-redirect-uri", {"typed_uri": redirect_uri})
        page = self._change(page, "save-client")
        page = self._change(page, "add-scope", ticked={"scope": scopes})
        page = self._change(page, "save-scopes")
        if installed:
            page = browser.click(page, _with_text(page, "a", "Private installation"))
            browser.press(page, page.need("button", id="install-app"))
        return Credentials(client_id, client_secret, redirect_uri)

    def publish(self, client_id: str) -> None:
        """Publish one's own app, in the Developer Console.

        Args:
            client_id: Of the app.

        Raises:
            Stuck: There is no such app.
            requests.RequestException: The sandbox does not answer.
        """
        browser = self._browser
        page = self._act_as_myself(browser.open(f"{self._url}/console/"))
        entry = _with_text(page, "li", client_id)
        page = browser.click(page, next(entry.find_all("a")))
        page = browser.click(page, _with_text(page, "a", "Publication"))
        publish = page.find("button", id="publish-app")
        if publish is not None:
            browser.press(page, publish)

    def create_personal_access_token(self, name: str, scopes: tuple[str, ...]) -> str:
        """Create a personal access token in the Developer Console.

        Args:
            name: Of the token; with a number behind it where there is one of that name.
            scopes: What it may do.

        Returns:
            The Base64 of account id and token, as the Console shows it this once.

        Raises:
            Stuck: A page refused what was entered; the text says why.
            requests.RequestException: The sandbox does not answer.
        """
        browser = self._browser
        self._act_as_myself(browser.open(f"{self._url}/console/"))
        settings = f"{self._url}/console/settings/authorization"
        page = browser.open(settings)
        taken = page.find("ul", id="tokens")
        number = len(list(taken.find_all("li"))) + 1 if taken else 1
        page = browser.open(f"{settings}/new")
        entered = {"name": name if number == 1 else f"{name} {number}"}
        page = browser.press(page, page.need("button", id="create"), entered, {"scope": scopes})
        return _accepted(page).need("input", id="token-base64").get("value")

    def people(self) -> list[Person]:
        """Read who lives in the sandbox, from its login page.

        Raises:
            requests.RequestException: The sandbox does not answer.
        """
        with_nobody = Browser(self._url)  # Who is signed in is not shown the page.
        try:
            return list(_people(with_nobody.open(f"{self._url}/login")))
        finally:
            with_nobody.close()

    def authorize(self, authorization_url: str) -> str:
        """Open an authorization URL, sign in where asked to, and allow the access.

        Returns:
            The address that the browser is sent to in the end, with the code in it; it is not
            opened. Where the request was refused it is the error page's, which names the error.

        Raises:
            Stuck: The account was not let in, or a page is not one of these.
            requests.RequestException: The sandbox does not answer.
        """
        wanted = parse_qs(urlsplit(authorization_url).query).get("redirect_uri", [""])[0] or None
        page = self._browser.open(authorization_url, until=wanted)
        signed_in = False
        for _ in range(_MOST_PAGES):
            if page.root is None or urlsplit(page.url).path.endswith("/ooops"):
                return page.url
            allow = page.find("button", name="decision", value="allow")
            if allow is not None:
                page = self._browser.press(page, allow, until=wanted)
            elif page.find("input", name="password") and not signed_in:
                page = self._sign_in(page, wanted)
                signed_in = True
            else:
                break
        raise Stuck(f'The authorization ends at the page "{page.title}". {page.problem}'.strip())

    def _sign_in(self, page: Page, until: str | None) -> Page:
        entered = {"email": self._email, "password": self._password}
        return self._browser.press(page, page.need("button", id="sign-in"), entered, until=until)

    def _act_as_myself(self, page: Page) -> Page:
        """Make sure that the Console takes this browser for the account that is meant."""
        link = _with_text(page, "a", "People")
        people = self._browser.click(page, link)
        button = _with_text(people, "li", self._email).find("button")
        return self._browser.press(people, button) if button else page

    def _change(
        self,
        page: Page,
        action: str,
        entered: dict[str, str] | None = None,
        ticked: dict[str, tuple[str, ...]] | None = None,
    ) -> Page:
        button = page.need("button", name="action", value=action)
        return _accepted(self._browser.press(page, button, entered, ticked))


def _people(page: Page) -> Iterator[Person]:
    assert page.root is not None  # noqa: S101
    organization = ""
    for element in page.root:
        if element.tag == "h3":
            organization = element.text
        fill_in = element.find("button") if element.tag == "tr" else None
        name, role = element.find("th", scope="row"), element.find("td")
        if fill_in is not None and name is not None and role is not None:
            email, password = fill_in.get("data-email"), fill_in.get("data-password")
            yield Person(name.text, organization, role.text, email, password)


def _accepted(page: Page) -> Page:
    if page.problem:
        raise Stuck(f'The page "{page.title}" did not take what was entered. {page.problem}')
    return page


def _with_text(page: Page, tag: str, text: str) -> Element:
    assert page.root is not None  # noqa: S101
    for element in page.root.find_all(tag):
        if text in element.text:
            return element
    raise Stuck(f'The page "{page.title}" does not name {text}.')
