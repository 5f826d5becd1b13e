from .agents import working_hours as working_hours
from .generate import generate as generate
