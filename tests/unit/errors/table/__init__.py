"""Every error of the platform, by service, method and kind of credential.

Each row makes one happen against a real sandbox that this kernel is connected to, and says what is
held to be its cause, whether that is known or likely, and what the remedy is.
"""

from tests.unit.errors.table import (
    accounts,
    bad_days,
    customers,
    exchange,
    exchange_app,
    exchange_code,
    tokens,
    what_is_asked,
    who_asks,
    writing,
)
from tests.unit.errors.table.row import Row

TABLE: dict[str, list[Row]] = {
    "exchange": exchange.EXCHANGE,
    "exchange, app": exchange_app.APP,
    "exchange, code": exchange_code.CODE,
    "refresh": tokens.REFRESH,
    "inspect": tokens.INSPECT,
    "accounts": accounts.ACCOUNTS,
    "customer token": customers.CUSTOMER_TOKEN,
    "customer grants": customers.CUSTOMER_GRANTS,
    "authentication": who_asks.AUTHENTICATION,
    "authorization": who_asks.AUTHORIZATION,
    "address": what_is_asked.ADDRESS,
    "validation": what_is_asked.VALIDATION,
    "writing": writing.WRITING,
    "customer chat": customers.CUSTOMER_CHAT,
    "bad day": bad_days.BAD_DAYS,
    # The last: what the other rows use is gone then.
    "reset": bad_days.RESET,
}
