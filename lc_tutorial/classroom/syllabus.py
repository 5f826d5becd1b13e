"""The course as the board counts it, made of the outline: by it learner and board agree."""

from functools import cache

from lc_tutorial.board import Course, Notebook, Question, Step
from lc_tutorial.course import notebooks_directory, outline, questions


@cache
def course() -> Course:
    """The course of this installation, with its own questions; a teacher's own are not in it.

    Raises:
        TutorialError: the installation is incomplete.
    """
    return Course(
        tuple(
            Notebook(
                chapter.stem,
                chapter.title,
                tuple(Step(task.title, task.is_exercise) for task in chapter.tasks),
                tuple(
                    Question(each.id, each.topic)
                    for each in questions.of_notebook(chapter.stem, notebooks_directory())
                ),
            )
            for chapter in outline.outline()
        )
    )
