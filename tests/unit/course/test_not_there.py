"""A name that is not there is told by the notebook itself: which cell makes it."""

import dis
import json
import linecache
from pathlib import Path
from types import SimpleNamespace

import pytest

import lc_tutorial
from lc_tutorial.course import makers
from lc_tutorial.course.slips import explain
from lc_tutorial.errors import TutorialError

NOTEBOOKS = Path(lc_tutorial.__file__).parents[1] / "notebooks"

#: Every name that a notebook makes: the cell, and the line there on which it depends.
MADE = {
    "00_start_here": [
        ("the first cell", "", "lc"),
    ],
    "01_authorization_in_practice": [
        ("the first cell", "", "lc platform requests"),
        ("step 1", "", "app"),
        ("step 2", "", "authorization_url parameters pkce urlencode"),
        ("step 2", "", "authorization"),
        ("step 3", "if platform.is_sandbox:", "address came parse_qs urlsplit"),
        ("step 3", "if platform.is_sandbox:", "changed changed_url code guessed stolen"),
        ("step 3", "", "token_response"),
        ("step 3", "", "token"),
        ("step 4", "", "response version"),
        ("step 4", "", "columns tables"),
        ("the exercise of step 4", "", "going_on"),
        ("step 4", "", "lab"),
        ("step 5", "if platform.is_sandbox:", "expired"),
        ("step 5", "", "refreshed"),
        ("step 5", "", "inspected"),
        (
            'the first cell under "Your turn: a token that can do less"',
            "",
            "narrower refused repaired",
        ),
        ('the second cell under "Take it with you"', "", "revoked"),
    ],
    "02_explore_chats": [
        ("the first cell", "", "lc pd platform requests"),
        ("the second cell", "", "session"),
        ('the first cell under "1. Get the chats"', "", "client pages"),
        ('the second cell under "1. Get the chats"', "", "tables"),
        ('the third cell under "1. Get the chats"', "", "columns"),
        ('the first cell under "2. Ask for less"', "", "first headers"),
        ('the second cell under "2. Ask for less"', "", "page_id"),
        ('the second cell under "2. Ask for less"', "if page_id:", "second"),
        ('the first cell under "What if?"', "elif platform.is_sandbox:", "mistaken"),
        ('the first cell under "3. Answer questions"', "", "archive_pages since"),
        ('the second cell under "3. Answer questions"', "", "archives"),
        ('the first cell under "How busy is it?"', "", "days groups per_day plt threads"),
        ('the first cell under "How busy is it?"', "if len(per_day):", "axes"),
        ('the second cell under "How busy is it?"', "", "per_hour"),
        ('the first cell under "Who does the work?"', "", "agents messages"),
        ('the second cell under "Who does the work?"', "", "bars busiest by_agent work"),
        ('the third cell under "Who does the work?"', "", "by_hour there"),
        ('the first cell under "How long do customers wait in the queue?"', "", "queued waits"),
        (
            'the first cell under "How soon do they get an answer, and how long does it take then?"',  # noqa: E501
            "",
            "first_replies minute of_customers replies times",
        ),
        ('the first cell under "Where do the customers come from?"', "", "countries"),
        ('the first cell under "Which tags go together?"', "", "pairs tags"),
        ('the first cell under "Who is waiting now?"', "", "since_when waiting"),
        ('the first cell under "What may the token not do?"', "", "missing_scope"),
        ('the first cell under "Who waits for an answer?"', "", "unanswered"),
        ('the first cell under "If your account is large"', "", "importlib kept_in"),
        ('the third cell under "If your account is large"', "", "question"),
        (
            'the third cell under "If your account is large"',
            "elif len(archives.threads):",
            "duckdb",
        ),
    ],
    "03_keep_access": [
        ("the first cell", "", "UTC datetime lc pd platform requests timedelta"),
        ("the second cell", "", "session"),
        ("the third cell", "", "app token"),
        ('the second cell under "1. What is in a token"', "", "info"),
        ('the first cell under "2. Renew it"', "if platform.is_sandbox:", "control late"),
        ('the second cell under "2. Renew it"', "", "refresh refresh_response"),
        ('the third cell under "2. Renew it"', "", "renewed"),
        ('the first cell under "Your turn: refresh in time"', "", "fresh"),
        (
            'the first cell under "A JavaScript app"',
            "if platform.is_sandbox:",
            "first in_browser once second",
        ),
        ('the first cell under "What if?"', "if platform.is_sandbox:", "again"),
        ('the first cell under "3. When it ends"', "", "each inspected number response tokens"),
        ('the first cell under "Your turn: what lives, and until when?"', "", "living"),
        ('the first cell under "Give it back"', "", "last refused revoked"),
        ('the first cell under "Somebody else ends it"', "if platform.is_sandbox:", "ended"),
        ('the first cell under "4. Where to keep it"', "", "keyring write"),
        ('the first cell under "4. Where to keep it"', "if write:", "found"),
        ('the first cell under "Let a library do it"', "", "OAuth2Session save saved secrets"),
        (
            'the first cell under "Let a library do it"',
            "if OAuth2Session:",
            "authorization client state url verifier",
        ),
        ('the second cell under "Let a library do it"', "if OAuth2Session:", "answer"),
    ],
    "04_when_it_fails": [
        ("the first cell", "", "lc parse_qsl pd platform requests time urlencode urlsplit"),
        ("the second cell", "", "app clinic control session token"),
        ('the first cell under "A JavaScript app"', "", "came_back link parameters pkce state"),
        ('the first cell under "Your turn: take only your own code"', "", "take_code"),
        ('the first cell under "A field of another name"', "", "response"),
        ('the first cell under "Eight hours later"', "", "access_token"),
        ('the first cell under "A new secret"', "", "new_secret"),
        ('the first cell under "Bearer and Basic"', "", "personal"),
        ('the first cell under "Invalid message"', "", "headers"),
        ('the first cell under "A page id with filters"', "", "first page_id"),
        ('the first cell under "5. Your turn"', "", "answer journal"),
    ],
    "05_other_ways_in": [
        ("the first cell", "", "b64encode lc platform requests urlencode"),
        ("the second cell", "", "session"),
        ('the first cell under "2. A script of your own: a personal access token"', "", "personal"),
        (
            'the second cell under "2. A script of your own: a personal access token"',
            "",
            "encoded pair response",
        ),
        ('the first cell under "What if?"', "if platform.is_sandbox:", "mistaken"),
        ('the second cell under "4. Other people\'s accounts"', "", "theirs"),
        (
            'the second cell under "4. Other people\'s accounts"',
            "if platform.is_sandbox:",
            "authorization parameters pkce somebody url",
        ),
        (
            'the third cell under "4. Other people\'s accounts"',
            "if platform.is_sandbox:",
            "answer token token_response whose",
        ),
        ('the first cell under "Who is it? Sign in with LiveChat"', "", "profile"),
        ('the first cell under "5. The customers"', "", "customer_api"),
        (
            'the first cell under "5. The customers"',
            "if platform.is_sandbox:",
            "organization refused",
        ),
        ('the second cell under "5. The customers"', "", "customer_response"),
        ('the third cell under "5. The customers"', "", "listed started"),
        (
            'the third cell under "5. The customers"',
            "if platform.is_sandbox:",
            "as_customer chat message said",
        ),
        (
            'the fourth cell under "5. The customers"',
            "if platform.is_sandbox:",
            "action body chat_id event",
        ),
        ('the first cell under "6. Your turn"', "", "again"),
        ('the third cell under "6. Your turn"', "", "client_id tables"),
        ('the third cell under "6. Your turn"', "if platform.is_sandbox:", "as_agent grant"),
        ('the fourth cell under "6. Your turn"', "", "came_in"),
    ],
    "06_do_something": [
        ("the first cell", "", "lc platform requests"),
        ("the second cell", "", "session"),
        (
            'the second cell under "1. What may this token do?"',
            "if platform.is_sandbox:",
            "refused",
        ),
        ('the first cell under "2. Ask for more"', "", "more scopes"),
        ('the second cell under "2. Ask for more"', "", "token"),
        ('the first cell under "3. Answer one chat"', "", "call change_a_real_account may_write"),
        (
            'the second cell under "3. Answer one chat"',
            "",
            "chat chat_id chats listed waiting waits",
        ),
        ('the third cell under "3. Answer one chat"', "if platform.is_sandbox:", "message"),
        ('the fourth cell under "3. Answer one chat"', "", "me"),
        ('the fourth cell under "3. Answer one chat"', "if may_write and chat_id:", "account join"),
        ('the fifth cell under "3. Answer one chat"', "", "tag"),
        (
            'the fifth cell under "3. Answer one chat"',
            "if may_write and chat_id:",
            "groups made tagged thread_id",
        ),
        ('the sixth cell under "3. Answer one chat"', "if may_write and chat_id:", "handed to"),
        ('the seventh cell under "3. Answer one chat"', "", "closed"),
        ('the eighth cell under "3. Answer one chat"', "if may_write and chat_id:", "archived"),
        ('the first cell under "4. Be told"', "if platform.is_sandbox:", "listener registered"),
        ('the second cell under "4. Be told"', "if platform.is_sandbox:", "text webhook"),
        ('the first cell under "What if?"', "if platform.is_sandbox:", "forged"),
        ('the first cell under "5. A bot in 25 lines"', "", "answer_the_waiting"),
        ('the second cell under "5. A bot in 25 lines"', "", "again first"),
        ('the first cell under "Your turn"', "", "answer"),
        ('the third cell under "Your turn"', "", "now tables"),
        ('the first cell under "What next"', "if platform.is_sandbox:", "own"),
        ('the second cell under "What next"', "", "ended"),
    ],
}


def ran(monkeypatch: pytest.MonkeyPatch, *sources: str, cell_id: str = "") -> None:
    """Be a kernel in which these cells ran; the last of them is the one that fails."""
    shell = SimpleNamespace(
        get_parent=lambda: {"metadata": {"cellId": cell_id}},
        history_manager=SimpleNamespace(input_hist_raw=["", *sources]),
    )
    monkeypatch.setattr(makers, "get_ipython", lambda: shell)


def said_of(cell: str, **known: object) -> TutorialError | None:
    """What is said of a cell that fails."""
    try:
        exec(compile(cell, "<cell>", "exec"), {"__name__": "__main__", **known})
    except NameError as problem:
        return explain(problem, problem.__traceback__.tb_next)  # type: ignore[union-attr]
    raise AssertionError("It did not fail.")


def source_of(notebook: str, cell_id: str) -> str:
    cells = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    return next("".join(cell["source"]) for cell in cells if cell["id"] == cell_id)


@pytest.mark.parametrize("notebook", MADE)
def test_a_name_used_too_early(monkeypatch: pytest.MonkeyPatch, notebook: str) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", f"/nowhere/{notebook}.ipynb")
    for where, condition, names in MADE[notebook]:
        line = f', after "{condition}"' if condition else ""
        for name in names.split():
            said = said_of(name)
            assert said is not None, name
            assert said.what == f"This kernel has no {name} yet."
            assert str(said.cause) == f"This cell needs it, and it is made in {where}{line}."
            assert said.remedy.startswith("Run the cells above in their order")


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_no_name_of_a_notebook_is_left_out(path: Path) -> None:
    """What Python compiles stores the same names."""
    made = set()
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            code = compile("".join(cell["source"]), path.name, "exec")
            steps = dis.get_instructions(code)
            made |= {step.argval for step in steps if step.opname == "STORE_NAME"}
    told = [name for *_, names in MADE[path.stem] for name in names.split()]
    # A loop counts with "_"; and what an "except" names is gone when it ends.
    assert sorted(told) == sorted(made - {"_", "problem"})


@pytest.mark.parametrize(
    ("cell_id", "name", "cause"),
    [
        ("04-14", "token", "it is made in the second cell."),
        ("04-18", "response", 'it is made in the first cell under "Taken back".'),
        ("04-12", "response", 'it is made further down, in the first cell under "Eight hours'),
        ("04-22", "headers", 'it is made further down, in the first cell under "Invalid message".'),
    ],
)
def test_of_several_cells_it_is_the_last_one_above(
    monkeypatch: pytest.MonkeyPatch, cell_id: str, name: str, cause: str
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "04_when_it_fails.ipynb")
    for told in (
        {"sources": ["changed"], "cell_id": cell_id},
        {"sources": [source_of("04_when_it_fails", cell_id)], "cell_id": ""},
    ):
        ran(monkeypatch, *told["sources"], cell_id=str(told["cell_id"]))
        said = said_of(name)
        assert said is not None
        assert cause in str(said.cause)


_ME = source_of("06_do_something", "06-18")
_ACCOUNT = 'the fourth cell under "3. Answer one chat", after "if may_write and chat_id:"'


@pytest.mark.parametrize(
    ("cells", "name", "what", "cause"),
    [
        ([_ME], "me", "no me.", "That cell ran, but did not get there."),
        ([_ME], "account", "no account.", f"It is made in {_ACCOUNT}. That cell ran, but"),
        (["tag = 'x'", "del tag"], "tag", "no tag any more.", "A cell deleted it. It is made in"),
        # Deleted where nobody made it: that is not why it isn't there.
        (["del tag"], "tag", "no tag yet.", "made in the fifth cell"),
        (["for x in []:\n    del tag", "tag = 1"], "tag", "no tag any more.", "A cell deleted it."),
        # No cell of this notebook makes these two, and of no other is said that it would.
        ([], "client", "no client.", "No cell made it so far."),
        (["client = 1", "del client"], "client", "no client.", "A cell deleted it."),
        (["tag = 1", "%reset -f"], "tag", "no tag any more.", "A cell deleted it."),
        (["%time tag = 1", "%xdel tag"], "tag", "no tag any more.", "A cell deleted it."),
    ],
)
def test_what_became_of_the_cell_that_makes_it(
    monkeypatch: pytest.MonkeyPatch, cells: list[str], name: str, what: str, cause: str
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "06_do_something.ipynb")
    ran(monkeypatch, *cells, name)
    said = said_of(name)
    assert said is not None
    assert said.what.endswith(what)
    assert cause in str(said.cause)


@pytest.mark.parametrize(
    ("cell", "known"),
    [
        ("my_own_name", {}),
        # The learner's own, whatever the course's is called.
        ("tokn_of_mine", {"token": 1}),
        # A function's own name that has no value yet; there is another of that name.
        ("def f():\n    token += 1\nf()", {"token": 1}),
        ("def f():\n    token += 1\nf()", {}),
        ("def f():\n    def g():\n        client\n    g()\n    client = 1\nf()", {}),
        # What other notebooks make says nothing of this one.
        ("listener", {}),
    ],
)
def test_what_is_the_learners_own_is_left_to_python(
    monkeypatch: pytest.MonkeyPatch, cell: str, known: dict[str, object]
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "02_explore_chats.ipynb")
    assert said_of(cell, **known) is None


@pytest.mark.parametrize("cell", ["del tag", "print(tag); del tag", "del tag; tag"])
def test_of_a_cell_that_deletes_the_name_itself_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, cell: str
) -> None:
    """Whether the cell that makes it failed, or this one has deleted it, nobody knows."""
    monkeypatch.setenv("JPY_SESSION_NAME", "06_do_something.ipynb")
    ran(monkeypatch, "tag = wrong", cell)
    assert said_of("tag") is None


@pytest.mark.parametrize(
    ("cell", "is_known"),
    [
        ("del tag\ntag", True),
        ("del other, tag\nprint(1)\ntag", True),
        ("tag\ndel tag", False),
        ("if False:\n    del tag\ntag", False),
        ("def show():\n    return tag\ndel tag\nshow()", False),
    ],
)
def test_a_cell_that_came_past_the_line_that_deletes_a_name_has_deleted_it(
    monkeypatch: pytest.MonkeyPatch, cell: str, is_known: bool
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "06_do_something.ipynb")
    ran(monkeypatch, "tag = 1", cell)
    there = {} if cell.startswith(("tag", "if")) else {"tag": 1, "other": 2}
    said = said_of(cell, **there)
    assert (said is not None) is is_known
    assert said is None or "A cell deleted it" in said.why


def test_what_is_made_below_is_reached_by_running_as_far_as_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "04_when_it_fails.ipynb")
    ran(monkeypatch, "headers", cell_id="04-22")
    said = said_of("headers")
    assert said is not None
    assert said.remedy == (
        "Run the cells in their order as far as that one, and then this one again."
    )


def test_reading_a_cell_warns_of_nothing(recwarn: pytest.WarningsRecorder) -> None:
    assert makers.names_of("a = '\\d' is 1")[0] == {"a": ""}
    assert not recwarn.list


def test_a_name_that_the_learner_made_and_lost_is_not_called_mistyped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "02_explore_chats.ipynb")
    ran(monkeypatch, "tokn = 1", "del tokn", "tokn")
    assert said_of("tokn", token=1) is None


def test_a_library_that_fails_below_the_cell_is_left_to_python() -> None:
    library = {"__name__": "library"}
    exec("def f():\n    return token", library)
    assert said_of("f()", f=library["f"]) is None


def test_a_notebook_of_the_learners_own_is_read_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cells = [
        {"cell_type": "code", "id": "a", "source": "%matplotlib inline\nmine = 1"},
        {"cell_type": "code", "id": "b", "source": ["not python ("]},
        {"cell_type": "markdown", "id": "c", "source": "## Later"},
        {"cell_type": "code", "id": "d", "source": ["with open('x') as theirs:\n", "    pass"]},
    ]
    path = tmp_path / "my own.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    causes = {name: str(getattr(said_of(name), "cause", "")) for name in ("mine", "theirs", "own")}
    assert causes == {
        "mine": "This cell needs it, and it is made in the first cell.",
        "theirs": 'This cell needs it, and it is made in the first cell under "Later".',
        "own": "",
    }


@pytest.mark.parametrize("content", ["", "[]", '{"cells": 3}', '{"cells": [{}]}'])
def test_a_notebook_that_can_not_be_read_is_that_of_the_course(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "06_do_something.ipynb"
    path.write_text(content, encoding="utf-8")
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    assert "fifth cell" in str(getattr(said_of("tag"), "cause", ""))


@pytest.mark.parametrize(
    ("cells", "cause"),
    [
        # Where nobody tells the notebook, the cells that ran do.
        ([source_of("06_do_something", "06-12")], "the fourth cell"),
        ([source_of("06_do_something", "06-02")], None),  # 02 has that one too
        ([], None),
    ],
)
def test_without_a_name_the_notebook_is_known_by_its_cells(
    monkeypatch: pytest.MonkeyPatch, cells: list[str], cause: str | None
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    ran(monkeypatch, *cells, "me")
    said = said_of("me")
    assert (said is None) if cause is None else (said is not None and cause in str(said.cause))


@pytest.mark.parametrize(
    ("source", "made", "deleted"),
    [
        ("a = b = 1; c, (*d, e.f) = x; g[0] = 1", "a b c d", ""),
        ("for a in x:\n    b = 1\nelse:\n    c = 1", "a b c", ""),
        ("with x as a, y as (b, c):\n    pass", "a b c", ""),
        ("try:\n    a = 1\nexcept E as e:\n    b = 1\nfinally:\n    c = 1", "a b c", ""),
        ("def a(b=(c := 1)):\n    d = 1\nclass e:\n    f = 1\nasync def g(): pass", "a e g", ""),
        ("[a for a in x]; {b: 1 for b in x}; f = lambda c: (d := c)", "f", ""),
        ("import a.b, c.d as e\nfrom f import g, h as i", "a e g i", ""),
        ("a += 1; b: int; c: int = 1; (d := 1)", "c d", ""),
        ("a = 1\ndel a, b", "a", "a b"),
        ("%%time\na = 1\n!ls\nif x:\n    b = 2", "a b", ""),
        ("%time a = 1", "a", ""),
        ("%%timeit\na = 1", "", ""),
        ("%%capture\n%time a = 1", "a", ""),
        ("%%time\nnot python (", "", ""),
        ("%reset -f\na = 1", "a", "*"),
        ("-" * 20_000 + "a", "", ""),  # deeper than Python reads
    ],
)
def test_the_names_that_a_cell_makes(source: str, made: str, deleted: str) -> None:
    names, gone = makers.names_of(source)
    assert " ".join(sorted(names)) == made
    assert " ".join(sorted(gone)) == deleted


@pytest.mark.parametrize(
    ("source", "condition"),
    [
        ("if x:\n    a = 1", "if x:"),
        ("if x:\n    b = 1\nelif y:\n    a = 1", "elif y:"),
        ("if x:\n    b = 1\nelse:\n    a = 1", "else:"),
        ("a = 1\nif x:\n    a = 2", ""),
        ("if x:\n    a = 2\na = 1", ""),
        ("if (a := x):\n    pass", ""),
        (f"if {'x' * 80}:\n    a = 1", "if …:"),
        ("if token == 'dal:not-a-real-token':\n    a = 1", "if …:"),
        ("if f'{x} not-a-real-token':\n    a = 1", "if …:"),
    ],
)
def test_on_what_it_depends(source: str, condition: str) -> None:
    assert makers.names_of(source)[0]["a"] == condition


def test_who_calls_what_has_the_name_of_a_function_of_pythons_is_left_to_python(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cells = [{"cell_type": "code", "source": "sum = 5\nmine = 5"}]
    path = tmp_path / "my own.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    said = {}
    for name in ("sum", "mine"):
        cell = f"{name}([1])"
        file = f"<a cell of {name}>"
        linecache.cache[file] = (len(cell), None, [cell], file)
        with pytest.raises(TypeError) as caught:
            exec(compile(cell, file, "exec"), {"__name__": "__main__", name: 5})
        trace = caught.value.__traceback__
        assert trace is not None
        said[name] = explain(caught.value, trace.tb_next)
    assert said["sum"] is None
    assert said["mine"] is not None
