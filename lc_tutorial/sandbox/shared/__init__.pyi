from .doorkeeper import Doorkeeper as Doorkeeper
from .doorkeeper import HubDoorkeeper as HubDoorkeeper
from .doorkeeper import NoHub as NoHub
from .front import Front as Front
from .worlds import MOST_WORLDS as MOST_WORLDS
from .worlds import Place as Place
from .worlds import World as World
from .worlds import Worlds as Worlds
