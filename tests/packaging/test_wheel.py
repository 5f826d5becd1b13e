"""A wheel, in an environment that has nothing else: that of the kit."""

import zipfile
from pathlib import Path

from tests.packaging.offline import Kit, alone, run


def test_it_holds_the_notebooks_and_the_pages_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "lc_tutorial/_notebooks/01_authorization_in_practice.ipynb" in names
    assert "lc_tutorial/_notebooks/02_explore_chats.ipynb" in names
    assert "lc_tutorial/_notebooks/01_authorization_in_practice.questions.toml" in names
    assert "lc_tutorial/_solutions/02_explore_chats.md" in names
    assert "lc_tutorial/course/questions.schema.json" in names
    assert "lc_tutorial/forms/courier.js" in names
    assert "lc_tutorial/forms/quiz.js" in names
    assert "lc_tutorial/sandbox/web/templates/base.html" in names
    assert "lc_tutorial/sandbox/web/static/style.css" in names
    assert "lc_tutorial/course/jupyter_config/labconfig/default_setting_overrides.json" in names
    assert not [name for name in names if name.startswith(("tests", "notebooks"))]


def test_it_works_in_an_empty_environment(kit: Kit, tmp_path: Path) -> None:
    assert "sandbox" in run(kit.python.with_name("lc-tutorial"), "--help", cwd=tmp_path)
    program = (
        "from pathlib import Path; from lc_tutorial.course import laying_out as course;"
        "print(course.notebooks_directory()); print(*course.lay_out(Path('mine')).added)"
    )
    directory, *added = run(kit.python, "-c", program, cwd=tmp_path).splitlines()
    assert directory.startswith(str(kit.folder / ".environment"))
    assert "00_start_here.ipynb" in added[0].split()
    # A sandbox of the installed package answers and ends.
    program = (
        "import lc_tutorial as lc; p = lc.connect('sandbox', fresh=True);"
        "print(lc.catch_up(p).token.scopes)"
    )
    assert "chats--all:ro" in run(*alone(), kit.python, "-c", program, cwd=tmp_path)
