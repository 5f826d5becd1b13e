"""Where am I: the picture of the flow, and what of its steps this kernel has really done."""

from dataclasses import dataclass
from html import escape

from lc_tutorial import memory
from lc_tutorial.course.flow_picture import STEPS, alternative, draw
from lc_tutorial.errors import InputError
from lc_tutorial.lab import FormBody, JsonBody, Sent, history
from lc_tutorial.platforms import Platform, check_platform


@dataclass(frozen=True)
class Flow:
    """The picture at one moment, as a notebook shows it.

    Attributes:
        step: whose arrows are marked, from 1 to 5; None for the picture at the beginning.
        done: the steps that this kernel has done.
    """

    step: int | None
    done: frozenset[int]

    def __repr__(self) -> str:
        return f"{self.line}\n{alternative(self.step, self.done)}"

    def _repr_html_(self) -> str:
        # Where a notebook is only shown, as on GitHub, the drawing may be left out; this is not.
        words = escape(alternative(self.step, self.done))
        # A narrow window breaks the line between two steps, and not within one.
        pieces = (f'<span style="white-space:nowrap">{escape(each)}</span>' for each in self._row)
        return (
            f'<div class="lc-flow"><p style="margin:2px 0 6px">{" → ".join(pieces)}</p>'
            f"{draw(self.step, self.done)}"
            f"<details><summary>The picture in words</summary>{words}</details></div>"
        )

    @property
    def line(self) -> str:
        """The steps in a row: done, here, to come."""
        return " → ".join(self._row)

    @property
    def _row(self) -> list[str]:
        return [f"{self._sign(number)} {number} {name}" for number, name in STEPS.items()]

    def _sign(self, number: int) -> str:
        return "✓" if number in self.done else "●" if number == self.step else "○"


def flow(platform: Platform, step: int | None = None) -> None:
    """Show the picture of the flow, with the arrow of the moment, and what is done of it.

    A step has its tick when this kernel has done it on this platform: the app was entered, a code
    came back, a token was issued, List Chats answered, a refresh token brought a new token.

    Args:
        platform: whose steps are meant.
        step: which arrow is marked, from 1 to 5; none, if not given.

    Raises:
        InputError: there is no such step.
    """
    check_platform(platform, "lc.flow(platform, step=1)")
    if step is not None and not (isinstance(step, int) and step in STEPS):
        raise InputError(
            what="The flow has no such step.",
            why=f"Its steps are numbers from 1 to {max(STEPS)}.",
            remedy="Write lc.flow(platform, step=1), or lc.flow(platform).",
        )
    from IPython.core.getipython import get_ipython

    shown = Flow(step, steps_done(platform))
    if get_ipython() is None:
        print(shown)
        return
    from IPython.display import display

    display(shown)


def steps_done(platform: Platform) -> frozenset[int]:
    """The steps that this kernel has done on this platform, as far as it remembers."""
    origin = platform.accounts_url
    done = {
        1: memory.newest_app(origin) is not None,
        2: memory.newest_code(origin) is not None,
        3: memory.newest_token("access token", origin) is not None,
        4: any(_listed_chats(sent, platform) for sent in history.entries()),
        5: any(_refreshed(sent, platform) for sent in history.entries()),
    }
    return frozenset(number for number, is_done in done.items() if is_done)


def _listed_chats(sent: Sent, platform: Platform) -> bool:
    request = sent.request
    return (
        _succeeded(sent)
        and request.url.startswith(f"{platform.api_url}/")
        and request.url.endswith("/agent/action/list_chats")
    )


def _refreshed(sent: Sent, platform: Platform) -> bool:
    request = sent.request
    fields = dict(request.body.fields) if isinstance(request.body, FormBody) else {}
    if isinstance(request.body, JsonBody):
        data = request.body.data()
        fields = data if isinstance(data, dict) else {}
    return (
        _succeeded(sent)
        and request.url == platform.token_url
        and fields.get("grant_type") == "refresh_token"
    )


def _succeeded(sent: Sent) -> bool:
    return sent.answer is not None and sent.answer.status_code == 200
