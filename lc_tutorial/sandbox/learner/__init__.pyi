from .browser import Stuck as Stuck
from .learner import Learner as Learner
