"""The one reader for what people paste and type: values, and what came along with them.

It keeps nothing and asks nobody: each function takes a text and returns what is meant, or a
sentence that says what is wrong.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
