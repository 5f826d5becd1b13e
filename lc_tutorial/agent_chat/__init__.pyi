from .client import AgentChat as AgentChat
from .pages import Pages as Pages
from .unknown_parameters import ignored as ignored
from .webhooks import WebhookListener as WebhookListener
from .what_can import Abilities as Abilities
from .what_can import allows as allows
from .what_can import what_can as what_can
