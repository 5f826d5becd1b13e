"""The world's chats and customers as the APIs write them, in the shape of each version."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
