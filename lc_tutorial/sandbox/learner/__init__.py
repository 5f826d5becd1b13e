"""The scripted learner: goes through the pages as a person does, over HTTP.

It takes nothing of the sandbox but its pages, so that the forms can use it too.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
