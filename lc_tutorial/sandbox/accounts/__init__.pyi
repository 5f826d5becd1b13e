from . import authorize as authorize
from . import customer_requests as customer_requests
from . import customer_tokens as customer_tokens
from . import exceptions as exceptions
from . import redirect_uris as redirect_uris
from . import refusals as refusals
from . import tokens as tokens
from .tokens import describe as describe
