"""The course as the board shows it: whoever starts the board gives it, and learners count by it."""

import zlib

import msgspec


class Step(msgspec.Struct, frozen=True):
    """One column of the board: a check of a notebook.

    Attributes:
        title: of the check.
        is_exercise: whether it checks an exercise.
    """

    title: str
    is_exercise: bool = False

    @property
    def short(self) -> str:
        """What stands above its column: ``Step 2`` of a step with a number, else nothing."""
        head, colon, _ = self.title.partition(":")
        return head if colon and head.startswith("Step ") else ""

    @property
    def rest(self) -> str:
        """The title without what stands above it already."""
        return self.title.removeprefix(f"{self.short}: ") if self.short else self.title


class Question(msgspec.Struct, frozen=True):
    """A question of a notebook's quiz.

    Attributes:
        id: unique in the course.
        topic: a few words.
    """

    id: str
    topic: str


class Notebook(msgspec.Struct, frozen=True):
    """A notebook of the course.

    Attributes:
        stem: the file's name without its ending.
        title: with its number.
        steps: its checks, in their order.
        questions: of its quiz, in their order.
    """

    stem: str
    title: str
    steps: tuple[Step, ...]
    questions: tuple[Question, ...] = ()


class Course(msgspec.Struct, frozen=True):
    """All notebooks, in their order.

    Learners tell positions: the first notebook, step and question have the number 0.
    """

    notebooks: tuple[Notebook, ...]

    @property
    def edition(self) -> int:
        """A number by which two editions differ: positions mean the same only within one."""
        counted = [
            (book.stem, [step.title for step in book.steps], [each.id for each in book.questions])
            for book in self.notebooks
        ]
        return zlib.crc32(msgspec.json.encode(counted))

    def has_step(self, notebook: int, step: int) -> bool:
        """Whether there is such a step."""
        return notebook < len(self.notebooks) and step < len(self.notebooks[notebook].steps)

    def has_question(self, notebook: int, question: int) -> bool:
        """Whether there is such a question."""
        return notebook < len(self.notebooks) and question < len(self.notebooks[notebook].questions)
