"""Which of the platform's services for programs an address belongs to.

One origin stands for several hosts here. Each service has a form of its own for what it refuses,
and browsers may read the answers of these and of nothing else.
"""

import re
from typing import Literal

Service = Literal["accounts", "customer accounts", "products"]

# An uploaded file opens by its address alone, which nobody guesses: apps show it wherever they are.
_PRODUCTS = re.compile(r"/v[0-9.]+/|/v[^/]*/(agent|configuration|customer)/|/api/file/")


def service_of(path: str) -> Service | None:
    """Return the service that answers programs at a path; None for pages and our own controls.

    >>> service_of("/v2/token"), service_of("/v3.6/agent/action/list_chats"), service_of("/login")
    ('accounts', 'products', None)
    """
    if path.startswith("/v2/customer/"):
        return "customer accounts"
    # Both specifications of livechat-public-docs, global-accounts-api and customer-accounts-api,
    # name the token endpoint without a version as their tokenUrl.
    if path.startswith("/v2/") or path == "/token":
        return "accounts"
    return "products" if _PRODUCTS.match(path) else None
