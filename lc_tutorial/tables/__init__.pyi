from .frames import Tables as Tables
from .frames import tables as tables
from .reading import decode_answer as decode_answer
