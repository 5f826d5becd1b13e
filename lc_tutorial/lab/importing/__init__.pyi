from . import json_comments as json_comments
from .importing import Imported as Imported
from .importing import import_request as import_request
