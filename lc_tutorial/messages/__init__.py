"""What stands in an HTTP request and its answer.

Bodies read as text, fields and JSON, and Basic credentials. Nothing here knows the platform.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
