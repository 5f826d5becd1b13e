"""The flow as an app does it, in the words of RFC 6749.

Credentials, the authorization request, what comes back to the redirect URI, tokens; and personal
access tokens, which can take its place.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
