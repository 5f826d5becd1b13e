"""The request lab without its widget: requests to import, edit, send, keep and copy.

- :mod:`request`: a request before it is sent.
- :mod:`vault`: the values that it refers to by name, secrets above all.
"""
