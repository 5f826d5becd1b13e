"""What happens in a kernel, and what is made of it for the board."""

from types import SimpleNamespace

import pytest

from lc_tutorial import memory
from lc_tutorial.board.events import Answered, AtStep, ErrorName, Report, State
from lc_tutorial.classroom.syllabus import course
from lc_tutorial.classroom.watching import Watch
from lc_tutorial.course import outline, records
from lc_tutorial.course.findings import MISSING, RIGHT, Check, Finding
from lc_tutorial.errors import AuthorizationError, StepIncomplete

STEP_1, STEP_2 = (step.title for step in course().notebooks[1].steps[:2])
REFUSED = AuthorizationError.from_parameters("invalid_request", "invalid_redirect_uri")


@pytest.fixture
def reports() -> list[Report]:
    return []


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, reports: list[Report]) -> Watch:
    monkeypatch.setenv("JPY_SESSION_NAME", "course/01_authorization_in_practice.ipynb")
    return Watch(course(), reports.append, clock=lambda: 0)


def run_cell(watch: Watch, source: str = "x = 1", cell_id: str | None = None) -> None:
    watch._begin_cell(SimpleNamespace(raw_cell=source, cell_id=cell_id))
    watch._end_cell()


def check(title: str, *findings: Finding) -> memory.News:
    """What is told of a check that found this."""
    told: list[memory.News] = []
    memory.listen(told.append)
    Check(title, findings, "")
    memory.stop_listening(told.append)
    return told[0]


def test_a_check_that_passes_is_a_step_done(watch: Watch, reports: list[Report]) -> None:
    watch.hear(check(STEP_1, Finding(RIGHT, "")))
    assert reports == [AtStep(1, 0, State.DONE)]


def test_a_check_that_finds_something_missing(watch: Watch, reports: list[Report]) -> None:
    watch.hear(check(STEP_1, Finding(MISSING, "what is missing")))
    watch.hear(check(STEP_2, Finding(RIGHT, ""), Finding(MISSING, str(REFUSED), REFUSED)))
    assert reports == [
        AtStep(1, 0, State.STUCK, ErrorName.CHECK),
        AtStep(1, 1, State.STUCK, ErrorName.NOT_WHITELISTED),
    ]


def test_a_check_of_no_step_tells_nothing(watch: Watch, reports: list[Report]) -> None:
    watch.hear(check("A teacher's own", Finding(MISSING, "")))
    assert not reports


def test_an_explained_error_belongs_to_the_step_after_the_check_that_passed_last(
    watch: Watch, reports: list[Report]
) -> None:
    watch.hear(memory.Explained(StepIncomplete("")))
    watch.hear(memory.Checked(STEP_2, True))
    watch.hear(memory.Explained(REFUSED))
    assert reports == [
        AtStep(1, 0, State.STUCK, ErrorName.STEP_INCOMPLETE),
        AtStep(1, 1, State.DONE),
        AtStep(1, 2, State.STUCK, ErrorName.NOT_WHITELISTED),
    ]


def test_cells_are_a_sign_now_and_then(
    reports: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "01_authorization_in_practice.ipynb")
    now = [0.0]
    watch = Watch(course(), reports.append, clock=lambda: now[0])
    for _ in range(3):
        run_cell(watch)
    now[0] = 30
    run_cell(watch)
    assert reports == [AtStep(1, 0, State.UNDER_WAY)] * 2


def test_what_fails_on_purpose_is_not_told(watch: Watch, reports: list[Report]) -> None:
    failing = outline.outline()[1].failing
    assert failing
    for told in failing:
        for info in (
            SimpleNamespace(raw_cell=f"{told}\n", cell_id=None),
            SimpleNamespace(raw_cell="changed", cell_id=told),
        ):
            watch._begin_cell(info)
            watch.hear(memory.Explained(REFUSED))
            watch._end_cell()
    assert {report.state for report in reports if isinstance(report, AtStep)} == {State.UNDER_WAY}
    watch.hear(memory.Explained(REFUSED))
    assert reports[-1] == AtStep(1, 0, State.STUCK, ErrorName.NOT_WHITELISTED)


def test_every_case_of_the_clinic_fails_on_purpose() -> None:
    clinic = outline.outline()[4]
    assert {f"04-{number:02}" for number in (4, 6, 8, 12, 14, 16, 18, 20, 22)} <= clinic.failing


def test_a_question_is_told_by_its_number(watch: Watch, reports: list[Report]) -> None:
    watch.hear(memory.QuestionAnswered("pkce", False))
    watch.hear(memory.QuestionAnswered("a-teachers-own", False))
    assert reports == [Answered(1, 1, False)]


def test_in_a_notebook_of_ones_own_an_error_tells_nothing(
    reports: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "my_own.ipynb")
    watch = Watch(course(), reports.append)
    run_cell(watch)
    watch.hear(memory.Explained(REFUSED))
    assert not reports


def test_what_was_done_before_is_told_at_joining(
    watch: Watch, reports: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_in_a_notebook", lambda: True)
    records.note_check(STEP_1, passed=False)
    records.note_check(STEP_1, passed=True)
    records.note_check(STEP_2, passed=False)
    records.note_answer("state", right=True)
    records.note_answer("pkce", right=False)
    records.note_answer("pkce", right=True)
    watch.tell_what_is_done()
    assert reports == [
        AtStep(1, 0, State.DONE),
        Answered(1, 0, True),
        Answered(1, 1, False),
        Answered(1, 1, True),
    ]
    # And the step that is open is the one after it.
    run_cell(watch)
    assert reports[-1] == AtStep(1, 1, State.UNDER_WAY)


def test_a_board_that_forgot_is_told_again_after_the_next_cell(
    reports: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_in_a_notebook", lambda: True)
    records.note_check(STEP_1, passed=True)
    watch = Watch(course(), reports.append, must_tell_all=iter([False, True, False]).__next__)
    for _ in range(3):
        run_cell(watch)
    assert reports == [AtStep(1, 0, State.DONE)]


def test_a_listener_that_fails_disturbs_nobody() -> None:
    def fail(_: memory.News) -> None:
        raise RuntimeError

    memory.listen(fail)
    check(STEP_1, Finding(RIGHT, ""))
    memory.stop_listening(fail)
