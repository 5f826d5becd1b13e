"""What the sandbox holds, and which versions of the API there are.

People and organisations, apps, grants, scopes, customers, chats.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
