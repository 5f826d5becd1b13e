from . import events as events
from . import server as server
from .syllabus import Course as Course
from .syllabus import Notebook as Notebook
from .syllabus import Question as Question
from .syllabus import Step as Step
