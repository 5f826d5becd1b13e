from .client import AgentChat as AgentChat
