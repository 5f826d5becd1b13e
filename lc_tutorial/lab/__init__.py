"""The request lab without its widget.

- ``request``: a request before it is sent; ``vault``: the values that it refers to by name, secrets
  above all; ``values_at_hand``: where these come from, the forms and what this kernel has seen.
- ``importing``: what was pasted becomes a request. ``copying``: a request to take along.
- ``prepare`` and ``recorded``: to what goes over the wire, and back.
- ``hosts`` and ``addresses``: where a request may go, and where a sample's goes.
- ``sending``: sends it, once. ``hook``, ``history`` and ``sent``: what this kernel sent.
- ``tabled``: whether an answer can be tables. ``collection``: the requests of the course.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
