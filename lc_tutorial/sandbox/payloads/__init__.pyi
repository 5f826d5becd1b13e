from . import agents as agents
from . import customers as customers
