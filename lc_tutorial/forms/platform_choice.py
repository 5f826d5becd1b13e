"""The form of notebook 00: sandbox or live."""

from typing import Any

from lc_tutorial.errors import TutorialError
from lc_tutorial.forms import base
from lc_tutorial.forms.choices import Choices
from lc_tutorial.platforms import choice, jupyter
from lc_tutorial.system import in_words

_ABOUT = {
    "sandbox": (
        "The <b>sandbox</b> is chosen: a stand-in for the platform that runs beside this notebook. "
        "You need no account and no network, and nothing you do costs anything."
    ),
    "live": (
        "The <b>live platform</b> is chosen. You need an Owner or Admin account of LiveChat. "
        "API calls are billed, USD 0.27 per 1,000 after the first 1,000, failed ones too. "
        "The next notebook makes a handful."
    ),
}


class PlatformChoice(base.Form):
    """Asks for the platform and keeps the answer in the learner's folder. It starts nothing."""

    def __init__(self) -> None:
        super().__init__(
            "Where do you want to practise?",
            "A form with two buttons: the sandbox or the live platform.",
        )
        self._buttons = Choices([("Sandbox", "sandbox"), ("Live platform", "live")])
        self._buttons.value = choice.remembered()
        self._buttons.add_class("lc-platform-choice")
        self._buttons.observe(self._chosen, names="value")
        self._lay_out(self._buttons)
        self.attempt(lambda: self._tell(self._buttons.value))

    def _chosen(self, change: dict[str, Any]) -> None:
        def keep() -> None:
            self._tell(change["new"])
            try:
                choice.remember(change["new"])
            except OSError as problem:
                raise TutorialError(
                    what="The choice could not be saved.",
                    why=f"This folder can't be written ({in_words(problem)}).",
                    remedy=f'In the next notebook, write lc.connect("{change["new"]}") instead.',
                ) from None

        self.attempt(keep)

    def _tell(self, name: str) -> None:
        if name == "live" and jupyter.on_binder():
            self.say(
                "note",
                "This notebook runs on Binder, a machine that belongs to somebody else. Real "
                "secrets should not pass it: use the sandbox here, and the live platform on your "
                "own computer.",
            )
            return
        self.say("done", f"{_ABOUT[name]} The other notebooks in this folder follow.")
