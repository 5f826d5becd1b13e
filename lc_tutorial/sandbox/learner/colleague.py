"""Somebody who works on an app in the Console, and who may say no to it on the consent page.

What goes wrong with an app is mostly what people do around it: they generate a new secret, choose
another client type, press Cancel. The clinic of notebook 04 has it done here, in the same pages.
"""

from urllib.parse import parse_qs, urlsplit

from lc_tutorial.sandbox.learner.browser import Element, Page, Stuck
from lc_tutorial.sandbox.learner.learner import Learner


class Colleague(Learner):
    """Somebody who changes apps that exist.

    Every method raises :class:`Stuck` where a page refuses, or the app is not this account's, and
    ``requests.RequestException`` where the sandbox does not answer.
    """

    def generate_secret(self, client_id: str) -> str:
        """Generate a new Client Secret, which ends the old one, and return it."""
        page = self._open(client_id, "authorization/secret")
        page = self._browser.press(page, page.need("button", id="confirm-new-secret"))
        return page.need("input", id="client-secret").get("value")

    def become_javascript(self, client_id: str) -> None:
        """Choose the client type JavaScript app."""
        page = self._open(client_id, "authorization")
        self._change(page, "save-client", {"client_type": "javascript"})

    def add_scopes(self, client_id: str, *scopes: str) -> None:
        """Let the app ask for these scopes too. Those that it has stay as they are."""
        page = self._open(client_id, "authorization")
        offered = tuple(s for s in scopes if page.find("input", name="scope", value=s))
        if offered:
            page = self._change(page, "add-scope", ticked={"scope": offered})
            self._change(page, "save-scopes")

    def install(self, client_id: str) -> None:
        """Install the app, so that everybody of the organisation may use it."""
        page = self._open(client_id, "installation")
        button = page.find("button", id="install-app")
        if button is not None:
            self._browser.press(page, button)

    def refuse(self, authorization_url: str) -> str:
        """Open an authorization URL, sign in where asked to, and press Cancel.

        Returns:
            The address of the page where the browser ends.
        """
        wanted = parse_qs(urlsplit(authorization_url).query).get("redirect_uri", [""])[0] or None
        page = self._browser.open(authorization_url, until=wanted)
        if page.find("input", name="password"):
            page = self._sign_in(page, wanted)
        cancel = page.need("button", name="decision", value="cancel")
        return self._browser.press(page, cancel, until=wanted).url

    def _open(self, client_id: str, rest: str) -> Page:
        """A page of the Console about the app with this Client Id."""
        page = self._act_as_myself(self._browser.open(f"{self._url}/console/"))
        assert page.root is not None  # noqa: S101
        row = next((li for li in page.root.find_all("li") if client_id in li.text), None)
        link: Element | None = row.find("a") if row is not None else None
        if link is None:
            raise Stuck(f"The Console of {self._email} has no app with this Client Id.")
        return self._browser.open(f"{self._browser.click(page, link).url}/{rest}")
