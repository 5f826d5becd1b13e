"""What clients wrote of customers, bounded: of too much, that of who was written of first goes.

A loop that gives every customer a hundred session fields must not fill a machine. The platform has
no such bound. A name, an e-mail address and an avatar stay: they are small.
"""

from collections import OrderedDict
from collections.abc import Callable

import msgspec

from lc_tutorial.sandbox.world import Customer

MOST_BYTES = 12 * 1024 * 1024

#: What clients may add to a customer from version 3.6 on.
WRITTEN_EXTRAS = ("phone_number", "address", "omnichannel")

_FIELD = 200  # what a field takes beside its name and its text


class CustomerData:
    """How much was written of whom, those written of longest ago first."""

    def __init__(self) -> None:
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._bytes = 0

    def note(self, customer: Customer, forget: Callable[[str], None]) -> None:
        """Note a customer as they are now; `forget` is called for each of whom is too much."""
        self.drop(customer.id)
        extras = [customer.extras.get(name) for name in WRITTEN_EXTRAS]
        written = msgspec.json.encode((customer.session_fields, extras))
        size = len(written) + _FIELD * (1 + len(customer.session_fields))
        self._sizes[customer.id] = size
        self._bytes += size
        while self._bytes > MOST_BYTES:
            oldest, size = self._sizes.popitem(last=False)
            self._bytes -= size
            forget(oldest)

    def drop(self, customer_id: str) -> None:
        """Note that a customer has gone."""
        self._bytes -= self._sizes.pop(customer_id, 0)
