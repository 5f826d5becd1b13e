"""``lc.join`` and ``lc.leave``: into the room of the teacher's board, and out of it."""

import atexit
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from html import escape

import requests
from IPython.core.getipython import get_ipython

from lc_tutorial import memory
from lc_tutorial.board import events
from lc_tutorial.classroom import asking, hub, kept, refusals
from lc_tutorial.classroom.addresses import Address, read_address
from lc_tutorial.classroom.sending import Sender, Target
from lc_tutorial.classroom.syllabus import course
from lc_tutorial.classroom.watching import Watch
from lc_tutorial.errors import InputError
from lc_tutorial.platforms import within

#: Seconds for joining and leaving as a whole.
_PATIENCE = 12.0

#: Seconds for which a kernel that ends may wait for its last reports.
_LAST_WORDS = 1.0


@dataclass
class _Joined:
    """What goes on in this kernel."""

    joined: kept.Joined
    watch: Watch
    sender: Sender

    def tells(self, joined: kept.Joined) -> bool:
        """Whether it is this that the board is told by; another notebook may have come in anew."""
        same = (self.joined.url, self.joined.token) == (joined.url, joined.token)
        return same and not self.sender.is_over

    def stop(self) -> None:
        self.watch.stop()
        self.sender.stop()
        memory.note_standing(None)
        memory.note_line("")


_now: _Joined | None = None


@dataclass(frozen=True)
class Note:
    """What a learner is told of joining or leaving; a notebook shows it.

    Attributes:
        title: in a few words.
        sentences: the rest.
    """

    title: str
    sentences: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join([self.title, *self.sentences])

    def _repr_html_(self) -> str:
        rest = "".join(f"<p>{escape(each)}</p>" for each in self.sentences)
        return f'<div class="lc-classroom"><b>{escape(self.title)}</b>{rest}</div>'


def join(address: str | None = None, name: str | None = None) -> Note:
    """Join the room of your teacher's board.

    From then on the board is told: at which step you are, whether it is under way, done or stuck,
    the name of an error that was explained to you, the number of a question and whether you
    answered it rightly, and the name that you choose. Never a secret, an id, or a cell's text.

    Args:
        address: that your teacher gave. On a hub that has a board it is not needed, nor is a name.
        name: that you want to be called by.

    Raises:
        InputError: the address or the name can't be right.
        TutorialError: the board doesn't answer, or doesn't let you in.
    """
    if address is None and hub.board():
        kept.forget()
        return go_on() or _note_of(hub.user())
    if address is None:
        raise InputError(
            what="Which room? The address is missing.",
            why="Your teacher has it; without a teacher there is nothing to join.",
            remedy='Write lc.join("http://…/join/…", name="Mia").',
        )
    room = read_address(address)
    chosen = _name(name)
    before = kept.kept()
    token = before.token if before is not None and before.url == room.url else ""
    token = token or kept.token_of_an_ended_jupyter(room.url, chosen)
    wish = events.Join(room.code, chosen, course().edition)
    admitted = _ask_to_join(room, wish, token)
    joined = kept.Joined(room.url, admitted.token, chosen, room.fingerprint)
    more = []
    if isinstance(name, str) and len(events.plain(name, len(name))) > len(chosen):
        more.append(f"The name was shortened: the board takes {events.MOST_OF_A_NAME} characters.")
    try:
        kept.keep(joined)
    except OSError:
        kept.forget()  # What is there is another room's.
        more.append("It could not be kept for your other notebooks: join in each.")
    _start(joined, admitted.token)
    if admitted.edition != course().edition:
        more.append("Your course is of another edition than the board's, which can't tell steps.")
    return _note_of(chosen, *more, readable=room.is_open_to_readers)


def leave() -> Note:
    """Leave the room: the board forgets you, and is told nothing more, by no notebook of yours."""
    global _now
    joined = kept.kept() or (_now.joined if _now is not None else _of_hub())
    if _now is not None:
        _now.stop()
        _now = None
    of_hub = hub.board()
    if of_hub is not None:
        _keep_that_one_left(of_hub)
    else:
        kept.forget()
    token = _token_of(joined) if joined is not None else ""
    if joined is None or not token:
        return Note("You are in no room.", ("Nothing is sent.",))
    url, session = joined.url, asking.session_for(joined.fingerprint)
    try:
        within(_PATIENCE, lambda: asking.say_goodbye(session, url, token))
    except (requests.RequestException, TimeoutError):
        return Note(
            "You have left the room.",
            ("Nothing is sent any more. The board did not answer, and may still show you.",),
        )
    return Note("You have left the room.", ("Nothing is sent any more, and you are forgotten.",))


def go_on() -> Note | None:
    """Go on telling the board that this learner joined before, or that their hub names.

    Returns:
        What to tell the learner, where they came in by this; None where nothing is new.
    """
    joined, of_hub = kept.kept(), _of_hub()
    is_new = joined is None and of_hub is not None
    if joined is None and of_hub is not None:
        joined = of_hub
        with suppress(OSError):  # Where it can't be kept, each notebook says so.
            kept.keep(joined)
    if joined is None or joined.left or (_now is not None and _now.tells(joined) and not is_new):
        return None
    token = _token_of(joined)
    if not token:
        return None
    _start(joined, token)
    return _note_of(joined.name) if is_new else None


# --- Parts ----------------------------------------------------------------------------------------


def _of_hub() -> kept.Joined | None:
    """The board that the hub names, as one that is joined; None where there is none."""
    url = hub.board()
    return None if url is None else kept.Joined(url, "", hub.user())


def _token_of(joined: kept.Joined) -> str:
    """What opens this board: what it gave; the hub's token for the hub's own, and no other's."""
    return joined.token or (hub.token() if joined.url == hub.board() else "")


def _start(joined: kept.Joined, token: str) -> None:
    global _now
    if _now is not None:
        _now.stop()
    target = Target(joined.url, token, course().edition, joined.fingerprint)
    is_joined = _still_joined(joined, is_kept=kept.kept() is not None)
    sender = Sender(target, is_joined)
    watch = Watch(course(), sender.put, sender.take_is_new)
    _now = _Joined(joined, watch, sender)
    memory.note_standing(lambda: _standing(sender, is_joined))
    watch.tell_what_is_done()
    sender.start()
    watch.start(get_ipython())
    atexit.register(sender.wait_until_sent, _LAST_WORDS)


def _still_joined(joined: kept.Joined, *, is_kept: bool) -> Callable[[], bool]:
    """Whether no notebook of this learner has left, or joined another room, since."""

    def asked() -> bool:
        now = kept.kept()
        if now is None:
            return not is_kept  # Where nothing can be written, only this notebook knows.
        return not now.left and now.url == joined.url

    return asked


def _standing(sender: Sender, is_joined: Callable[[], bool]) -> str:
    if sender.is_over or not is_joined():
        return ""  # Another notebook has left.
    return sender.trouble or "Your teacher's board is told how far you are. lc.leave() ends it."


def _ask_to_join(room: Address, wish: events.Join, token: str) -> events.Admitted:
    session = asking.session_for(room.fingerprint)
    try:
        return within(_PATIENCE, lambda: asking.join(session, room.url, wish, token))
    except asking.Refused as refused:
        raise refusals.refused(refused.status) from None
    except (requests.RequestException, TimeoutError) as problem:
        raise refusals.no_answer(problem, room.url) from None


def _name(name: object) -> str:
    if name is not None and not isinstance(name, str):
        raise _no_name(f"It is of the type {type(name).__name__}, and no text in quotes.")
    if not name or not name.strip():
        raise _no_name("Your teacher sees it on the board. Any name will do.")
    chosen = events.plain(name, events.MOST_OF_A_NAME)
    if not chosen:
        raise _no_name("Nothing in it can be seen. Any name will do.")
    return chosen


def _no_name(why: str) -> InputError:
    return InputError(
        what="The name is missing.",
        why=why,
        remedy='Write lc.join("http://…/join/…", name="Mia").',
    )


def _keep_that_one_left(url: str) -> None:
    # Where it can't be kept, this kernel is silent; a restarted one would come in, and say so.
    with suppress(OSError):
        kept.keep(kept.Joined(url, "", "", left=True))


def _note_of(name: str, *more: str, readable: bool = False) -> Note:
    unencrypted = (
        ("It travels unencrypted: who is in this network can read it.",) if readable else ()
    )
    return Note(
        f"You are in the room, as {name}.",
        (
            "Your notebooks in this Jupyter tell your teacher's board: the steps of the course "
            "that are under way, done or stuck; the name of an error that was explained to you; "
            "the numbers of questions, and whether you answered them rightly; and this name. Never "
            "a secret, an id, or what is in your cells.",
            *unencrypted,
            *more,
            "lc.leave() ends it, and so does the end of this Jupyter. lc.progress() says whether "
            "the board can be reached.",
        ),
    )
