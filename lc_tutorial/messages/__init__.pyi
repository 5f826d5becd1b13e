from . import basic as basic
from .bodies import fields_of as fields_of
from .bodies import json_object as json_object
from .bodies import lifetime_of as lifetime_of
from .bodies import split_scopes as split_scopes
from .bodies import text_of as text_of
