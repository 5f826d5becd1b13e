"""A client of the Agent Chat API.

Calls that survive a bad day, parameters that are checked before they are sent, all pages of a list,
and pulls that go on where they were stopped.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
