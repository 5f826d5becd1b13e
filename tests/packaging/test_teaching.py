"""The teacher's guide: commands, names, links, buttons and sentences of which it speaks exist."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import lc_tutorial
from lc_tutorial import cli
from lc_tutorial.course import find_question
from lc_tutorial.errors import TutorialError
from lc_tutorial.platforms import Control

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "teaching.md"
TEXT = GUIDE.read_text(encoding="utf-8")
CODE = [
    span
    for pair in re.findall(r"```python\n(.*?)```|`([^`\n]+)`", TEXT, re.DOTALL)
    for span in pair
]

#: What the guide quotes, by the file that says it.
QUOTED = {
    "lc_tutorial/sandbox/web/templates/control.html": (
        "Expire all access tokens",
        "Back to real time",
        "Clock",
        "Faults",
        "World",
        "Journal",
    ),
    "notebooks/01_authorization_in_practice.ipynb": (
        "# What if somebody has read the code",
        "Tomasz Zieliński",
        "Sign out and use another account",
        "how many chats go on?",
        "Your turn: a token that can do less",
        "invalid_grant",
        "Invalid access token",
        "Step 1 is done",
    ),
    "notebooks/06_do_something.ipynb": ("change_a_real_account",),
    "lc_tutorial/course/configured_app.py": ("A scope for List Chats",),
    "lc_tutorial/errors/explaining/authorization.py": (
        "fits no entry in the whitelist of your app",
    ),
    "lc_tutorial/errors/explaining/code.py": (
        "This code was exchanged before, and a code works once.",
    ),
    "lc_tutorial/platforms/platform.py": ("API calls are billed",),
    "lc_tutorial/forms/credentials.py": ("Your callback address",),
    "lc_tutorial/forms/authorization.py": ("Do it for me",),
    "lc_tutorial/sandbox/web/templates/console_authorization.html": ("Add it",),
    "lc_tutorial/course/progress.py": ("my_progress.json",),
    "lc_tutorial/board/events.py": (
        "redirect URI not on the whitelist",
        "Client Id that the platform does not know",
        "scopes refused on the authorization page (invalid_scope)",
        "access denied on the authorization page (access_denied)",
        "refused at the token endpoint: unauthorized_client",
        "refused at the token endpoint: invalid_grant",
        "the API refused the token (authentication)",
        "the API does not allow it (authorization)",
        "a cell above was not run, or a step not done",
        "a check found something missing",
        "the port of the redirect URI is taken",
        "the sandbox does not answer",
    ),
    "lc_tutorial/board/templates/board.html": (
        "Hide names",
        "Tell the room",
        "Save the session",
        "done",
        "under way",
        "not begun",
    ),
    "classroom/README.md": ("Services → board", "Between two groups"),
}


def test_each_name_of_the_package_exists() -> None:
    names = {name for span in CODE for name in re.findall(r"\blc\.([A-Za-z]\w*)", span)}
    assert len(names) > 8
    assert names <= set(lc_tutorial.__all__)
    handles = {
        name for span in CODE for name in re.findall(r"Control\.of\(platform\)\.(\w+)", span)
    }
    assert handles
    assert all(hasattr(Control, name) for name in handles)


def test_each_command_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    commands = {span for span in CODE if span.startswith("lc-tutorial")}
    assert len(commands) > 2
    for command in commands:
        cli._parser().parse_args(command.split()[1:])
    targets = {span.split()[1] for span in CODE if span.startswith("make ")}
    assert targets
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize(
    "page", ["docs/teaching.md", "README.md", "classroom/README.md", "classroom/kubernetes.md"]
)
def test_each_link_leads_somewhere(page: str) -> None:
    here = ROOT / page
    links = re.findall(r"\]\(([^)]+)\)", here.read_text(encoding="utf-8"))
    inside = [link for link in links if not link.startswith("https://")]
    assert inside
    for link in inside:
        name, _, anchor = link.partition("#")
        place = (here.parent / name).resolve() if name else here
        assert place.exists(), link
        if anchor:
            assert anchor in anchors(place.read_text(encoding="utf-8")), link


def anchors(page: str) -> set[str]:
    """Of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("where", QUOTED)
def test_what_it_quotes_is_said_there(where: str) -> None:
    said = (ROOT / where).read_text(encoding="utf-8")
    for quoted in QUOTED[where]:
        assert quoted.rstrip(".") in TEXT, quoted
        assert quoted in said, quoted


def test_each_variable_is_read_somewhere() -> None:
    sources = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "lc_tutorial").rglob("*.py"))
    variables = {name for span in CODE for name in re.findall(r"\bLC_[A-Z_]+", span)}
    assert len(variables) > 3
    assert all(name in sources for name in variables)


#: As where the project's folder, with a question of the teacher's, was installed.
ASKED = """
import json, os
from pathlib import Path
from lc_tutorial import cli
from lc_tutorial.classroom.syllabus import course
from lc_tutorial.course import find_question
from lc_tutorial.course.laying_out import lay_out
topics = [each.topic for notebook in course().notebooks for each in notebook.questions]
lay_out(Path("learner"))
question = find_question("our-apps", Path("learner"))
print(json.dumps([cli.__file__, topics, question.topic, [c.right for c in question.choices]]))
"""


def test_a_question_of_ones_own_comes_to_the_learners_and_the_board(tmp_path: Path) -> None:
    """The guide's example, at the end of a file of the project's folder."""
    (example,) = re.findall(r"(?ms)^```toml\n(.+?)^```$", TEXT)
    project = tmp_path / "project"
    for folder in ("lc_tutorial", "notebooks"):
        without = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, project / folder, ignore=without)
    with (project / "notebooks" / "01_authorization_in_practice.questions.toml").open("a") as file:
        file.write(f"\n{example}")
    told = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    where, topics, topic, right = json.loads(told)
    assert where.startswith(str(project))
    assert topic == "Which of our apps has a secret"
    assert topic in topics
    assert right == [False, True]


def test_a_slip_in_a_question_of_ones_own_is_named(tmp_path: Path) -> None:
    (example,) = re.findall(r"(?ms)^```toml\n(.+?)^```$", TEXT)
    reason = next(line for line in example.splitlines() if line.startswith("reason = "))
    (tmp_path / "ours.questions.toml").write_text(example.replace(f"\n{reason}", "", 1))
    with pytest.raises(TutorialError, match=r"ours\.questions\.toml") as problem:
        find_question("our-apps", tmp_path)
    assert "reason" in str(problem.value)
