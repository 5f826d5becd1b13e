from . import page as page
from . import routes as routes
from .controls import Controls as Controls
from .faults import FaultInjection as FaultInjection
from .faults import Faults as Faults
from .journal import Journal as Journal
from .journal import Journaling as Journaling
from .routes import Activity as Activity
