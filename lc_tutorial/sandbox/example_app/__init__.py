"""A JavaScript app of our own, which shows its requests: a page, as any company might have one.

It is no part of the platform that the sandbox imitates, but a client of it, in the browser.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
