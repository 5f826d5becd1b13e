"""What this kernel has seen of the flow: apps, requests, codes, tokens.

It is kept in memory only. Explanations, checks and the request lab draw on it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
