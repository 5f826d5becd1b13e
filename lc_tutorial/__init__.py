"""Learn by doing how an app gets access to the Text Platform (LiveChat).

Notebooks use it as ``import lc_tutorial as lc``. The names in ``__init__.pyi`` are all they use.
Each is loaded on first use, so that the import costs nothing and the sandbox, which runs from this
package too, starts without the notebook's libraries.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

__version__ = "0.1.0"
