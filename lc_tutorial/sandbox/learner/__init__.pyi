from .browser import Stuck as Stuck
from .colleague import Colleague as Colleague
from .learner import Learner as Learner
from .learner import Person as Person
