from . import api as api
from . import authorization as authorization
from . import connection as connection
from . import token as token
from .refused import Refused as Refused
