"""Lets an app that exists ask for more, and installs it, in the Console's pages."""

from lc_tutorial.sandbox.learner.browser import Page, Stuck
from lc_tutorial.sandbox.learner.learner import Learner


class Widener(Learner):
    """Somebody whose app is to do more than it could so far."""

    def widen(self, client_id: str, scopes: tuple[str, ...]) -> None:
        """Add scopes to an app of this account, and install it.

        Args:
            client_id: The app's.
            scopes: What it may ask for from now on, too.

        Raises:
            Stuck: A page refused, or the app is not this account's.
            requests.RequestException: The sandbox does not answer.
        """
        app = self._app(client_id)
        page = self._browser.open(f"{app}/authorization")
        # Those that it has are not offered any more.
        new = tuple(s for s in scopes if page.find("input", name="scope", value=s))
        if new:
            page = self._change(page, "add-scope", ticked={"scope": new})
            self._change(page, "save-scopes")
        page = self._browser.open(f"{app}/installation")
        install = page.find("button", id="install-app")
        if install is not None:
            self._browser.press(page, install)

    def _app(self, client_id: str) -> str:
        """The address of the page of the app with this Client Id."""
        page: Page = self._browser.open(f"{self._url}/console/")
        self._act_as_myself(page)
        page = self._browser.open(f"{self._url}/console/")
        assert page.root is not None  # noqa: S101
        row = next((li for li in page.root.find_all("li") if client_id in li.text), None)
        link = row.find("a") if row is not None else None
        if link is None:
            raise Stuck(f"The Console of {self._email} has no app with this Client Id.")
        return self._browser.click(page, link).url
