"""The teacher's board in Chromium: both themes, a projector and a narrow window, live."""

import contextlib
import re
import time
from collections.abc import Callable, Iterator

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
from tests.browser.conftest import PATIENCE, THEMES, JupyterLab, Notebook, screenshot
from tests.sandbox.conftest import serving
from tests.unit.classroom.test_sending_reports import until

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
CLASS = (*NAMES, "W" * events.MOST_OF_A_NAME, *(f"Learner of a class {n}" for n in range(22)))


class Lesson:
    """A room in the middle of a notebook."""

    def __init__(self, names: tuple[str, ...] = NAMES, book: int = 1) -> None:
        self.room = Room(course())
        self.door = RoomDoor()
        self.learners = [self.room.admit(name, name) for name in names]
        started = time.time()
        for number, learner in enumerate(self.learners):
            self.room.clock = lambda number=number: started - 900 + 30 * number  # type: ignore[misc]
            for step in range(number % 4):
                self.tell(number, events.AtStep(book, step, DONE))
            state = STUCK if number % 2 else UNDER_WAY
            error = events.ErrorName.NOT_WHITELISTED if number != 5 else events.ErrorName.CHECK
            self.tell(number, events.AtStep(book, number % 4, state, error if number % 2 else None))
            self.tell(number, events.Answered(1, 1, right=number > 2))
            assert learner.at
        self.room.clock = time.time
        self.room.say("Stop at step 2")

    def tell(self, number: int, report: events.Report) -> None:
        self.room.hear(self.learners[number], course().edition, [report])


@contextlib.contextmanager
def shown(room: Room, door: RoomDoor) -> Iterator[str]:
    """The address of a board that shows this room."""
    with serving() as (stage, port):
        app = create_app(room, door, hosts=Hosts())
        stage.app = app
        yield f"http://127.0.0.1:{port}"
        app.state.live.end()


@pytest.fixture
def lesson() -> Iterator[tuple[Lesson, str]]:
    lesson = Lesson()
    with shown(lesson.room, lesson.door) as url:
        yield lesson, url


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
    page.get_by_label("Tell the room").fill("Half a wo")
    before = page.locator("td.done").count()
    told = events.Reports(course().edition, [events.AtStep(1, 0, DONE)])
    with asking.session_for() as session:
        asking.ask(session, f"{url}/report", told, "Mia", events.Heard)
    expect(page.locator("td.done")).to_have_count(before + 1)
    expect(page.get_by_label("Tell the room")).to_be_focused()
    expect(page.get_by_label("Tell the room")).to_have_value("Half a wo")

    # Names are hidden by one press, and stay hidden; the state is there for readers too.
    expect(page.get_by_role("rowheader", name="Bartholomäus")).to_be_visible()
    names = page.get_by_role("button", name="Hide names")
    names.focus()
    page.keyboard.press("Enter")
    expect(names).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.get_by_role("rowheader", name="Bartholomäus")).to_have_count(0)
    expect(page.get_by_role("rowheader", name="Learner 2")).to_be_visible()
    screenshot(page, f"board-{theme.lower()}-names-hidden")
    assert axe.violations(page) == []
    assert problems == []
    context.close()


#: The text that is seen, with its size in CSS pixels: that of rows apart.
SIZES = """() => {
    const sizes = { rows: [], all: [] };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        const is_seen = element.checkVisibility() && element.getBoundingClientRect().width > 1;
        if (!is_seen || !texts.currentNode.data.trim()) continue;
        const size = parseFloat(getComputedStyle(element).fontSize);
        sizes.all.push(size);
        if (element.closest('tbody')) sizes.rows.push(size);
    }
    return sizes;
}"""

#: Everything is in the window: the page, each row, and each row's cells in their table.
OUTSIDE = """() => [document.documentElement, ...document.querySelectorAll('tbody tr, .scroll')]
    .filter(each => {
        const box = each.getBoundingClientRect();
        return box.bottom > innerHeight + 1 || box.right > innerWidth + 1 ||
            each.scrollHeight > each.clientHeight + 1 && each.matches('html, .scroll') ||
            each.scrollWidth > each.clientWidth + 1 && each.matches('html, .scroll');
    })
    .map(each => `${each.className} ${each.innerText.slice(0, 40)}`)"""


@pytest.mark.parametrize("book", [1, 4], ids=["seven steps", "fifteen steps"])
def test_a_class_of_thirty_is_on_one_screen(page: Page, book: int) -> None:
    lesson = Lesson(CLASS, book)
    lesson.room.say("x" * 60 + " Stop at step 2. " + "x" * 60)
    with shown(lesson.room, lesson.door) as url:
        page.goto(f"{url}/teacher?key={lesson.door.key}")
        for width, height, least in ((1920, 1080, 20), (1280, 800, 18)):
            page.set_viewport_size({"width": width, "height": height})
            for theme in THEMES:
                page.emulate_media(color_scheme="dark" if theme == "Dark" else "light")
                screenshot(page, f"board-thirty-{book}-{theme.lower()}-{width}")
            expect(page.locator("tbody tr[data-key]")).to_have_count(30)
            assert page.evaluate(OUTSIDE) == []
            sizes = page.evaluate(SIZES)
            assert min(sizes["rows"]) >= least
            assert min(sizes["all"]) >= 16
        assert axe.violations(page) == []
        if book != 1:
            return

        # What is folded away lies over the page, and is read whole.
        for words in ("What the marks mean", "Save the session"):
            page.locator("summary", has_text=words).click()
            sheet = page.locator("details[open] .sheet")
            expect(sheet).to_be_in_viewport(ratio=1)
            assert sheet.evaluate("sheet => sheet.scrollHeight <= sheet.clientHeight")
            assert page.evaluate(OUTSIDE) == []
            assert axe.violations(page) == []

        # Who has gone is taken off with the keyboard, while the rows go on moving.
        gone = page.get_by_role("button", name=f"Take {NAMES[1]} off the board")
        gone.focus()
        at = page.locator("#room").get_attribute("data-at")
        lesson.tell(0, events.AtStep(1, 0, DONE))
        expect(page.locator("#room")).not_to_have_attribute("data-at", at or "")
        expect(page.get_by_role("button", name="Take Mia off the board")).to_have_count(0)
        expect(gone).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("tbody tr[data-key]")).to_have_count(29)
        expect(page.get_by_role("rowheader", name=NAMES[1])).to_have_count(0)
        # With the next sign it is back.
        lesson.tell(1, events.AtStep(1, 1, UNDER_WAY))
        expect(page.get_by_role("rowheader", name=NAMES[1])).to_have_count(1)


def test_a_few_have_large_rows(lesson: tuple[Lesson, str], page: Page) -> None:
    room, url = lesson
    page.goto(f"{url}/teacher?key={room.door.key}")
    for width, height, least in ((1920, 1080, 25), (1280, 800, 20)):
        page.set_viewport_size({"width": width, "height": height})
        without_overflow(page)
        screenshot(page, f"board-seven-{width}")
        sizes = page.evaluate(SIZES)
        assert min(sizes["rows"]) >= least
        assert min(sizes["all"]) >= 16


def test_from_joining_in_notebook_00_to_the_teachers_line(
    page: Page, jupyterlab: Callable[..., JupyterLab]
) -> None:
    """One learner and one teacher, each at a screen."""
    room, door = Room(course()), RoomDoor()
    lab = jupyterlab()
    with shown(room, door) as url:
        board = page.context.new_page()
        board.goto(f"{url}/teacher?key={door.key}")
        expect(board.locator("#room")).to_contain_text("Nobody has joined yet.")

        notebook = Notebook.open(page, lab, "00_start_here.ipynb")
        notebook.run("import lc_tutorial as lc")
        joining = f'lc.join("{url}/join/{door.code}", name="Mia")'
        notebook.add_at_end(joining)
        expect(notebook.run(joining)).to_contain_text("You are in the room, as Mia.")
        notebook.run("lc.check_environment()")
        row = board.get_by_role("row", name="Mia")
        expect(row.locator("td.done")).to_have_count(1)

        board.get_by_label("Tell the room").fill("Stop at <step> 2")
        board.get_by_role("button", name="Send").click()
        expect(board.locator(".told")).to_have_text("The room was told: Stop at <step> 2")

        def is_told() -> bool:
            output = notebook.run("lc.check_environment()")
            return "Your teacher: Stop at <step> 2" in output.inner_text()

        # It is fetched in the background: the check after that has it.
        until(is_told, PATIENCE / 1000)
