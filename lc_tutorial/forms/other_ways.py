"""The forms of notebook 05: a personal access token, the example app, publication.

Each opens a page, and has "Do it for me" in the sandbox.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from lc_tutorial import memory
from lc_tutorial.errors import InputError, StepIncomplete
from lc_tutorial.forms import base
from lc_tutorial.forms.courier import SecretField
from lc_tutorial.forms.doorway import Doorway
from lc_tutorial.oauth import PersonalAccessToken
from lc_tutorial.platforms import Platform, check_platform

_VARIABLE = "LC_PERSONAL_ACCESS_TOKEN"


class PersonalTokenForm(base.Form):
    """Takes a personal access token, as the Console shows it.

    It is in the kernel's memory alone: the form, made anew, has it again. It is taken from the
    environment variable ``LC_PERSONAL_ACCESS_TOKEN``, where one is set.

    Args:
        platform: from :func:`lc_tutorial.connect`.
    """

    def __init__(self, platform: Platform) -> None:
        check_platform(platform, "lc.PersonalTokenForm(platform)")
        super().__init__(
            "A personal access token", "A form for a personal access token of your own."
        )
        self.platform = platform
        self._pasted = base.field(
            SecretField, "Token", "the Base64 encoded token", "lc-personal-token"
        )
        self._pasted.observe(self._take, names="value")
        use = self.button("Use this", self._nothing_entered, "lc-use-token")
        base.submits(self._pasted, button=use)
        row = [use]
        if platform.is_sandbox:
            row.append(self.button("Do it for me", self.do_it_for_me, "lc-do-it-for-me"))
            # The live Console's address below its first page is in no source.
            link = ("Create a token", f"{platform.console_url}settings/authorization/new")
        else:
            link = ("Open the Developer Console", platform.console_url)
        door = Doorway(self, platform, *link, "lc-console")
        self._lay_out(*door.parts, self._pasted, base.buttons(*row))
        self._begin()

    def _begin(self) -> None:
        if self.is_complete:
            self.say("done", "The token that you entered before is still here.")
        elif not self.platform.is_sandbox and (given := os.environ.get(_VARIABLE, "")):
            self.attempt(lambda: self._read(given))
        elif base.autopilot_is_on(self.platform):
            self.attempt(self.do_it_for_me)
        else:
            self.say("waiting", "Paste the <b>Base64 encoded token</b> that the Console shows.")

    @property
    def token(self) -> PersonalAccessToken:
        """The token, with the account that it belongs to.

        Raises:
            StepIncomplete: before there is one.
        """
        entered = memory.entered_personal_token(self.platform.accounts_url)
        if entered is None:
            raise StepIncomplete(
                what="There is no personal access token yet.",
                why="The form is waiting for you.",
                remedy="Create one in the Console, paste it above, and run this cell again.",
            )
        return PersonalAccessToken(entered.account_id, entered.token)

    @property
    def is_complete(self) -> bool:
        """Whether a token was entered."""
        return memory.entered_personal_token(self.platform.accounts_url) is not None

    def do_it_for_me(self) -> None:
        """Let the scripted learner create a token in the Console, and copy it."""
        from lc_tutorial.forms.scripted import create_personal_access_token

        self._read(create_personal_access_token(self.platform))
        banner = base.AUTOPILOT_BANNER if base.autopilot_is_on(self.platform) else ""
        self.say("done", f"The scripted learner created a token in the Console. {banner}")

    def _take(self, change: dict[str, Any]) -> None:
        pasted = change["new"]
        if pasted.strip():
            self._pasted.value = ""
            self.attempt(lambda: self._read(pasted))

    def _read(self, pasted: str) -> None:
        token = PersonalAccessToken.parse(pasted)
        memory.note_entered_personal_token(
            self.platform.accounts_url, token.account_id, token.personal_access_token
        )
        self.say("done", "The token is here; the first call shows whether it serves.")
        self._tell_done()

    def _nothing_entered(self) -> None:
        # The field hands over what it holds when it loses the focus, so before this click.
        if not self.is_complete and "lc-problem" not in self._speech.value:
            raise InputError(
                what="Nothing is entered yet.",
                why="The field is empty.",
                remedy="Paste the Base64 encoded token that the Console shows.",
            )


class _PageForm(base.Form):
    """Sends the learner to a page, on which all is done; or does it for them.

    Args:
        platform: a sandbox.
        title: one line, in words.
        fallback: one sentence for places that don't run widgets.
        link: its text, and the address of the page.
        words: what to do there.
        do_it: lets the scripted learner do it, and returns what it did.
    """

    def __init__(
        self,
        platform: Platform,
        title: str,
        fallback: str,
        link: tuple[str, str],
        words: str,
        do_it: Callable[[], str],
    ) -> None:
        super().__init__(title, fallback)
        self.platform = platform
        self._do_it = do_it
        door = Doorway(self, platform, *link, "lc-page")
        button = self.button("Do it for me", self.do_it_for_me, "lc-do-it-for-me")
        self._lay_out(*door.parts, base.buttons(button))
        self.say("waiting", words)
        if base.autopilot_is_on(platform):
            self.attempt(self.do_it_for_me)

    def do_it_for_me(self) -> None:
        """Let the scripted learner do it."""
        did = self._do_it()
        banner = base.AUTOPILOT_BANNER if base.autopilot_is_on(self.platform) else ""
        self.say("done", f"{did} {banner}")
        self._tell_done()


class ExampleAppForm(_PageForm):
    """Opens the sandbox's example app: a page that goes through the flow in its own JavaScript.

    Args:
        platform: a sandbox.

    Raises:
        InputError: on the live platform, which has no such page.
    """

    def __init__(self, platform: Platform) -> None:
        from lc_tutorial.forms.scripted import EXAMPLE_APP

        check_platform(platform, "lc.ExampleAppForm(platform)")
        _only_in_the_sandbox(platform, "The example app is a page of the sandbox.")
        super().__init__(
            platform,
            "The example app",
            "A form with the link to an app that runs in the browser.",
            ("Open the example app", f"{platform.authorization_url}{EXAMPLE_APP}"),
            "Open the page and go through its steps. The check below looks how far you are.",
            self._run,
        )

    def _run(self) -> str:
        """Create the app, and send what the page would send."""
        from lc_tutorial.forms.scripted import run_example_app

        run_example_app(self.platform)
        return (
            "The scripted learner created a JavaScript app, and sent the requests of the page by "
            "itself: it can't run the page's script. Open the page to see that."
        )


class PublishForm(_PageForm):
    """Opens the Console, where an app is published.

    Args:
        platform: a sandbox.
        app: from step 1, or ``session.app``.

    Raises:
        InputError: on the live platform, where the vendor reviews an app first.
    """

    def __init__(self, platform: Platform, app: Any) -> None:
        check_platform(platform, "lc.PublishForm(platform, session.app)")
        _only_in_the_sandbox(platform, "On the live platform an app is reviewed first.")
        self._client_id = str(app.client_id)
        shown = escape(self._client_id)
        super().__init__(
            platform,
            "Publish your app",
            "A form with the link to the Console, where an app is published.",
            ("Open the Developer Console", platform.console_url),
            f"In the Console, open the app with the Client Id <code>{shown}</code>, "
            "choose <b>Publication</b>, and press <b>Publish app</b>.",
            self._publish,
        )

    def _publish(self) -> str:
        from lc_tutorial.forms.scripted import publish_app

        publish_app(self.platform, self._client_id)
        return "The scripted learner published the app in the Console."


@dataclass(frozen=True)
class Somebody:
    """A person of another organization.

    Attributes:
        name: in full.
        organization: where they work.
        email: with which they sign in. Fake, as their password is, which the login page lists.
        platform: the sandbox, where "Do it for me" signs in as them.
    """

    name: str
    organization: str
    email: str
    platform: Platform = field(repr=False)

    def __str__(self) -> str:
        return f"{self.name}, owner of {self.organization}, {self.email}"


def somebody_else(platform: Platform) -> Somebody:
    """Find the owner of another organization than that of your app.

    Args:
        platform: a sandbox.

    Raises:
        InputError: on the live platform.
        ConnectionProblem: the sandbox does not answer.
    """
    from lc_tutorial.forms import scripted

    check_platform(platform, "lc.somebody_else(platform)")
    _only_in_the_sandbox(platform, "On the live platform people do this step themselves.")
    person = scripted.somebody_else(platform)
    assert platform.login is not None  # noqa: S101
    login = replace(platform.login, email=person.email, password=person.password)
    return Somebody(person.name, person.organization, person.email, replace(platform, login=login))


def _only_in_the_sandbox(platform: Platform, why: str) -> None:
    if not platform.is_sandbox:
        raise InputError(
            what="This is for the sandbox alone.",
            why=why,
            remedy='Use a sandbox for it: platform = lc.connect("sandbox").',
        )
