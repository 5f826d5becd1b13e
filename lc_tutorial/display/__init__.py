"""One request and its answer, for a person.

Secrets are masked; a page that opens once reveals them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
