"""What the sandbox's pages share.

Templates, static files, forms and sessions; and below them connections and TLS.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
