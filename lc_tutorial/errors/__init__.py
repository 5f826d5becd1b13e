"""What can go wrong, each error with its reason and its remedy.

Under it are the explanations of what the platform refuses, and of answers that did not come.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
