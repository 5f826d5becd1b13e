"""The teacher's board in Chromium: both themes, a projector and a narrow window, live."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from lc_tutorial.board import events
from lc_tutorial.board.app import create_app
from lc_tutorial.board.entering import RoomDoor
from lc_tutorial.board.room import Room
from lc_tutorial.classroom import asking
from lc_tutorial.classroom.syllabus import course
from lc_tutorial.sandbox.web import Hosts
from tests.browser import axe
from tests.browser.conftest import THEMES, screenshot
from tests.sandbox.conftest import serving

UNDER_WAY, DONE, STUCK = events.State.UNDER_WAY, events.State.DONE, events.State.STUCK
NAMES = (
    "Mia",
    "Bartholomäus-Alexander von Hohenfels",
    "李雷",
    "Tom <b>",
    "Zoë",
    "Ada",
    "Kim",
)


class Lesson:
    """A room in the middle of notebook 01."""

    def __init__(self) -> None:
        self.room = Room(course())
        self.door = RoomDoor()
        self.learners = [self.room.admit(name, name) for name in NAMES]
        started = time.time()
        for number, learner in enumerate(self.learners):
            self.room.clock = lambda number=number: started - 400 + 40 * number  # type: ignore[misc]
            for step in range(number % 4):
                self.tell(number, events.AtStep(1, step, DONE))
            state = STUCK if number % 2 else UNDER_WAY
            error = events.ErrorName.NOT_WHITELISTED if number != 5 else events.ErrorName.CHECK
            self.tell(number, events.AtStep(1, number % 4, state, error if number % 2 else None))
            self.tell(number, events.Answered(1, 1, right=number > 2))
            assert learner.at
        self.room.clock = time.time
        self.room.say("Stop at step 2")

    def tell(self, number: int, report: events.Report) -> None:
        self.room.hear(self.learners[number], course().edition, [report])


@pytest.fixture
def lesson() -> Iterator[tuple[Lesson, str]]:
    lesson = Lesson()
    with serving() as (stage, port):
        app = create_app(lesson.room, lesson.door, hosts=Hosts())
        stage.app = app
        yield lesson, f"http://127.0.0.1:{port}"
        app.state.live.end()


def without_overflow(page: Page) -> None:
    """Nothing makes the page wider than the window; a table may scroll within its box."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


@pytest.mark.parametrize("theme", THEMES)
def test_the_board_on_a_projector(
    lesson: tuple[Lesson, str], chromium: Browser, theme: str
) -> None:
    room, url = lesson
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900},
        color_scheme="dark" if theme == "Dark" else "light",
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{url}/teacher?key={room.door.key}")
    expect(page).to_have_url(f"{url}/")
    expect(page.locator("#room")).to_have_attribute("data-at", re.compile(r"\d"))
    for width in (1280, 700):
        page.set_viewport_size({"width": width, "height": 900})
        without_overflow(page)
        assert axe.violations(page) == []
        screenshot(page, f"board-{theme.lower()}-{width}")
    page.set_viewport_size({"width": 1280, "height": 900})

    # Live, and the keyboard's focus stays where it is.
    page.get_by_label("One line, shown below").fill("Half a wo")
    before = page.locator("td.done").count()
    told = events.Reports(course().edition, [events.AtStep(1, 0, DONE)])
    with asking.session_for() as session:
        asking.ask(session, f"{url}/report", told, "Mia", events.Heard)
    expect(page.locator("td.done")).to_have_count(before + 1)
    expect(page.get_by_label("One line, shown below")).to_be_focused()
    expect(page.get_by_label("One line, shown below")).to_have_value("Half a wo")

    # Names are hidden by one press, and stay hidden; the state is there for readers too.
    expect(page.get_by_text("Bartholomäus")).to_be_visible()
    names = page.get_by_role("button", name="Hide names")
    names.focus()
    page.keyboard.press("Enter")
    expect(names).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.get_by_text("Bartholomäus")).to_be_hidden()
    expect(page.get_by_role("rowheader", name="Learner 2")).to_be_visible()
    screenshot(page, f"board-{theme.lower()}-names-hidden")
    assert axe.violations(page) == []
    assert problems == []
    context.close()
