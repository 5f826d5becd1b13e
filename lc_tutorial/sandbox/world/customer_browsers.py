"""Which browser is which customer: what the accounts service's cookies for customers stand for.

A browser has one pair of cookies, `__lc_cid` and `__lc_cst`. What customer it is depends on the
organisation and, where these are kept apart, on the group.

Source: livechat-public-docs, authorization/customer-authorization, "Cookie grant".
"""

import secrets
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field

from lc_tutorial.sandbox.world.secret_values import same

#: How many are remembered; the one that was not seen for longest goes.
MOST_BROWSERS = 1_000

#: How many customers one browser can be: of each organisation, and of each of its groups.
_MOST_CUSTOMERS = 100


@dataclass
class CustomerBrowser:
    """A browser that acts for customers.

    Attributes:
        cid: The value of the cookie that names it.
        cst: The value of the cookie that proves it.
        customers: Who it is, by organisation and group; None is for all groups together.
    """

    cid: str
    cst: str = field(repr=False)
    customers: OrderedDict[tuple[str, int | None], str] = field(default_factory=OrderedDict)

    def become(self, organization_id: str, group_id: int | None, entity_id: str) -> None:
        """Remember that this browser is that customer there."""
        self.customers[organization_id, group_id] = entity_id
        while len(self.customers) > _MOST_CUSTOMERS:
            self.customers.popitem(last=False)


class CustomerBrowsers:
    """The browsers of customers, by their cookies."""

    def __init__(self) -> None:
        self._by_cid: OrderedDict[str, CustomerBrowser] = OrderedDict()

    def known(self, cid: str, cst: str) -> CustomerBrowser | None:
        """Return the browser with these cookies; None unless both are right."""
        browser = self._by_cid.get(cid)
        if browser is None or not same(browser.cst, cst):
            return None
        self._by_cid.move_to_end(cid)
        return browser

    def take_in(self) -> CustomerBrowser:
        """Give a browser that has no cookies a pair of them."""
        # As long as those in the guide.
        browser = CustomerBrowser(str(uuid.uuid4()), secrets.token_hex(38))
        self._by_cid[browser.cid] = browser
        while len(self._by_cid) > MOST_BROWSERS:
            self._by_cid.popitem(last=False)
        return browser

    def secrets(self) -> list[str]:
        """Return the values of all cookies that prove something."""
        return [browser.cst for browser in self._by_cid.values()]
