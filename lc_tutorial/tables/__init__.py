"""From the platform's answers to DataFrames.

Reading them, filling the columns, a chat as people read it, and all tables as files.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
