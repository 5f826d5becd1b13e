"""What a platform is, and how this machine reaches it.

The addresses of the sandbox and of the live platform, the sandbox's process, the Jupyter around
this kernel, the learner's choice, what only a sandbox can do, and what live calls cost.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
