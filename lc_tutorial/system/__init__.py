"""The system that this runs on: all that Linux, macOS and Windows do differently, and no more.

Both sides stand on it, the kernel's and the sandbox: it knows nothing of either. Nobody else asks
which system it is, or calls what one of the three has not. So each way that is gone elsewhere can
be gone here too: tests put another name in the place of :data:`which.name`, and what that system
would answer in the place of its answers.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
