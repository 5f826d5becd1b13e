"""The questions of the notebooks: found, read and checked.

Those of a notebook are in a file beside it, ``<its stem>.questions.toml``. A schema says what may
stand in there (``questions.schema.json``), so that a teacher who adds a question and makes a
mistake is told where it is and what to do. The learner's folder comes first: a question there goes
before the course's own of the same id.
"""

import json
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lc_tutorial.course import laying_out
from lc_tutorial.course.answering import (
    AnyQuestion,
    Choice,
    ChoiceQuestion,
    Misplaced,
    OrderQuestion,
    ValueQuestion,
    comparable,
)
from lc_tutorial.course.laying_out import QUESTIONS, notebooks_directory
from lc_tutorial.errors import InputError, TutorialError
from lc_tutorial.system import in_words

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

_EXAMPLE = 'topic = "A few words"'


class QuestionsProblem(TutorialError):
    """A file with questions can't be used as it is."""


def find_question(question_id: str, folder: Path | None = None) -> AnyQuestion:
    """The question with this id, of the learner's folder or of the course.

    Args:
        question_id: as in the file.
        folder: the learner's; that of the notebook, if not given.

    Raises:
        InputError: there is no such question.
        QuestionsProblem: the file in which it stands can't be used.
    """
    known: list[str] = []
    for place in (folder or _here(), notebooks_directory()):
        questions, problems = _all_in(place)
        if isinstance(question_id, str) and question_id in questions:
            return questions[question_id]
        for path, problem in problems:
            # A broken file of other questions is of no concern to who asks for this one.
            if _mentions(path, question_id):
                raise problem
        known += questions
    near = get_close_matches(str(question_id).lower(), known, n=1, cutoff=0.5)
    hint = f'Is lc.quiz("{near[0]}") meant? ' if near else ""
    raise InputError(
        what=f"There is no question {question_id!r}.",
        why=f"No file {QUESTIONS} beside this notebook, or of the course, has one with this id.",
        remedy=f"{hint}There are: {', '.join(sorted(set(known))) or 'none yet'}.",
    )


def of_notebook(stem: str, folder: Path | None = None) -> tuple[AnyQuestion, ...]:
    """The questions of one notebook, in their order: of the learner's folder, or of the course.

    Args:
        stem: of the notebook's file.
        folder: the learner's; that of the notebook, if not given.

    Raises:
        QuestionsProblem: the course's own can't be used.
    """
    path = (folder or _here()) / f"{stem}{QUESTIONS}"
    if path.is_file():
        # What is wrong in it is said to who asks for a question of it.
        with suppress(QuestionsProblem):
            return read(path)
    path = notebooks_directory() / path.name
    return read(path) if path.is_file() else ()


def stems_beside(folder: Path | None = None) -> tuple[str, ...]:
    """The notebooks in the learner's folder that have questions, by the stems of their files."""
    found = (folder or _here()).glob(f"*{QUESTIONS}")
    return tuple(sorted(path.name.removesuffix(QUESTIONS) for path in found))


def read(path: Path) -> tuple[AnyQuestion, ...]:
    """The questions of one file.

    Raises:
        QuestionsProblem: it can't be used as it is; the error says where and why.
    """
    data = _data(path)
    if not _is_the_courses_own(path):
        _check_shape(path, data)
    for position, each in enumerate(data["question"]):
        for what, remedy in _slips(each, data["question"][:position]):
            raise _problem(path, _where_question(data, position), what, remedy)
    return tuple(_question(each) for each in data["question"])


def _is_the_courses_own(path: Path) -> bool:
    """Whether nobody has changed this file. Its shape is right then: the course's tests see to it.

    jsonschema takes 20 MB of a kernel's memory, and so is for those who write questions.
    """
    kept = laying_out.notebooks_directory() / path.name
    try:
        here, there = (each.read_bytes().replace(b"\r\n", b"\n") for each in (path, kept))
    except OSError:
        return False
    return here == there


def _check_shape(path: Path, data: dict[str, Any]) -> None:
    found = sorted(_validator().iter_errors(data), key=_order)
    if found:
        where = _where(data, found[0])
        what, remedy = _words(found[0])
        raise _problem(path, where, what, remedy, more=len(found) - 1)


def _order(error: "ValidationError") -> tuple[list[str], bool]:
    """As they stand in the file; a slip in a name before the name that is missing for it."""
    return list(map(str, error.path)), error.validator == "required"


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:
        # The notebook's folder was deleted.
        return notebooks_directory()


def _all_in(
    folder: Path,
) -> tuple[dict[str, AnyQuestion], list[tuple[Path, QuestionsProblem]]]:
    """All questions of a folder by their id, and the files that can't be used."""
    questions: dict[str, AnyQuestion] = {}
    read_from: dict[str, Path] = {}
    problems = []
    for path in sorted(folder.glob(f"*{QUESTIONS}")):
        try:
            for question in read(path):
                if question.id in questions:
                    raise _problem(
                        path,
                        f"question {question.id}",
                        f"{read_from[question.id].name} has a question with this id, too.",
                        "Give one of the two another id: lc.quiz finds a question by it.",
                    )
                questions[question.id], read_from[question.id] = question, path
        except QuestionsProblem as problem:
            problems.append((path, problem))
    return questions, problems


def _mentions(path: Path, question_id: str) -> bool:
    try:
        return f'"{question_id}"' in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True


def _data(path: Path) -> dict[str, Any]:
    try:
        # Editors on Windows may write a mark in front.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        why, remedy = f"The system says: {in_words(problem)}.", "Let it be read."
    except UnicodeDecodeError:
        why, remedy = "It is not in UTF-8.", "Save it as UTF-8 in your editor."
    # Also what Python says of a number with thousands of digits.
    except (ValueError, RecursionError) as problem:
        why = f"TOML's rules are broken: {problem or 'too deep'}."
        remedy = f"Look at that line. A text stands in quotation marks: {_EXAMPLE}."
    raise QuestionsProblem(what=f"{path.name} can't be read.", why=why, remedy=remedy)


@cache
def _validator() -> "Draft202012Validator":
    from jsonschema import Draft202012Validator

    path = Path(__file__).with_name("questions.schema.json")
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


def _problem(path: Path, where: str, what: str, remedy: str, more: int = 0) -> QuestionsProblem:
    others = {0: "", 1: " There is one more mistake in the file."}
    return QuestionsProblem(
        what=f"{path.name}, {where}: {what}",
        why="So the file can't be used."
        + others.get(more, f" There are {more} more mistakes in the file."),
        remedy=remedy,
    )


def _where(data: Any, error: "ValidationError") -> str:
    """The place of a mistake, in words."""
    path = list(error.path)
    words = []
    if path[:1] == ["question"] and len(path) > 1:
        words.append(_where_question(data, int(path[1])))
        path = path[2:]
    for step in path:
        if isinstance(step, int):
            words[-1] += f" {step + 1}"
        else:
            words.append(str(step))
    return ", ".join(words) or "as a whole"


def _where_question(data: Any, position: int) -> str:
    question = data["question"][position]
    name = question.get("id") if isinstance(question, dict) else None
    return f"question {position + 1}" + (f" ({name})" if isinstance(name, str) else "")


def _words(error: "ValidationError") -> tuple[str, str]:
    """What is wrong, and what to do, for the rule of the schema that was broken."""
    value, rule = error.validator_value, error.validator
    if rule == "required":
        lacking = next(name for name in value if name not in error.instance)
        return f"{lacking} is missing.", f"Add it: {_added(lacking)}."
    if rule == "additionalProperties":
        allowed = list(error.schema["properties"])
        extra = next(name for name in error.instance if name not in allowed)
        near = get_close_matches(extra, allowed, n=1)
        remedy = f"Is {near[0]} meant? " if near else ""
        return f"{extra} is not known here.", f"{remedy}There are: {', '.join(allowed)}."
    if rule == "enum":
        return f"{error.instance!r} is none.", f"Use one of: {', '.join(value)}."
    if rule == "type":
        kinds = {
            "string": 'a text in quotation marks, such as "8"',
            "array": "a list",
            "object": "a table of its own",
            "boolean": "true or false",
            "integer": "a whole number",
        }
        return "it is of another kind.", f"Write {kinds[value]}."
    if rule == "pattern" and error.path[-1] == "id":
        return (
            f"{error.instance!r} is no id.",
            'Use small letters, digits and hyphens, such as "whose-token".',
        )
    if rule == "pattern":
        return "it is empty.", "Write a text."
    if rule in ("minItems", "maxItems"):
        bound = "at least" if rule == "minItems" else "at most"
        return f"there are {len(error.instance)}.", f"Use {bound} {value}."
    return error.message, "Compare it with the other questions of the course."


def _added(name: str) -> str:
    return {
        "question": "a table [[question]] for each question",
        "choice": "a table [[question.choice]] for each choice",
        "item": "a table [[question.item]] for each item, in the right order",
        "answers": 'answers = ["8", "eight"], each way to write the right one',
        "reason": 'reason = "…", what is said of this answer, right or wrong',
        "otherwise": 'otherwise = "…", what is said of all other wrong answers',
        "kind": 'kind = "single", "several", "value" or "order"',
    }.get(name, f'{name} = "…"')


def _slips(question: dict[str, Any], before: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """What no schema sees: mistakes of one question, each with what to do."""
    if question["id"] in {each["id"] for each in before}:
        yield "another question of this file has the same id.", "Give it another id."
    choices = question.get("choice", [])
    right = [choice for choice in choices if choice.get("right")]
    if choices and not right:
        yield "no choice is right.", "Write right = true into the one that is."
    if question["kind"] == "single" and len(right) > 1:
        yield (
            f"{len(right)} choices are right.",
            'Leave one of them, or write kind = "several".',
        )
    texts = [each["text"] for each in (*choices, *question.get("item", []))]
    if len(set(texts)) < len(texts):
        yield "a text stands there twice.", "Nobody could tell the two apart: change one."
    answers = set(map(comparable, question.get("answers", [])))
    if "" in answers:
        yield "an answer is nothing but marks.", "Write a word or a number."
    for wrong in question.get("wrong", []):
        if "value" in wrong and comparable(wrong["value"]) in answers:
            yield f"{wrong['value']!r} is both right and wrong.", "Take it out of one of the two."
        if "before" in wrong and not (wrong["after"] < wrong["before"] < len(question["item"])):
            yield (
                f"before = {wrong['before']}, after = {wrong['after']} is no wrong order.",
                "Items count from 0. Name two of which the one in before belongs behind the other.",
            )


def _question(data: dict[str, Any]) -> AnyQuestion:
    common = data["id"], data["topic"], data["text"]
    if data["kind"] in ("single", "several"):
        choices = tuple(
            Choice(each["text"], each.get("right", False), each["reason"])
            for each in data["choice"]
        )
        return ChoiceQuestion(*common, choices, several=data["kind"] == "several")
    wrong = data.get("wrong", [])
    if data["kind"] == "value":
        pairs = tuple((each["value"], each["reason"]) for each in wrong)
        return ValueQuestion(
            *common, tuple(data["answers"]), data["reason"], pairs, data["otherwise"]
        )
    items = tuple(each["text"] for each in data["item"])
    misplaced = tuple(Misplaced(each["before"], each["after"], each["reason"]) for each in wrong)
    return OrderQuestion(*common, items, data["reason"], misplaced, data["otherwise"])
