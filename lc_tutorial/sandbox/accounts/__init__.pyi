from . import authorize as authorize
from . import customer_tokens as customer_tokens
from . import exceptions as exceptions
from . import redirect_uris as redirect_uris
from . import tokens as tokens
from .tokens import describe as describe
