from .client import AgentChat as AgentChat
from .unknown_parameters import ignored as ignored
