from .agents import working_hours as working_hours
from .chats import generate as generate
