from . import web_api as web_api
from .reasons import Reasons as Reasons
from .web_api import ApiError as ApiError
from .web_api import Call as Call
from .web_api import Message as Message
from .web_api import RateLimit as RateLimit
from .web_api import Requester as Requester
