"""A request to take along: as cURL, as Python, and as a Postman collection."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
