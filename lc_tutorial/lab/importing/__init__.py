"""What was pasted becomes a request.

``unwrapping`` finds the command or the address; ``shell_words`` (with ``ansi_c``) and ``curl``
(with ``curl_options``, ``curl_data`` and ``json_comments``) read the one, ``pasted_url`` the
other; ``placeholders`` and ``schemes`` know what samples mean. ``importing`` puts them together.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
