"""The errors of the product APIs, as the platform words them.

Source: livechat-public-docs, src/constants (types and messages) and agent-chat-api ("Errors").
"""

from collections.abc import Mapping
from typing import Any

import msgspec

# assumed: the statuses but 400 and 401, which lc-sdk-go's tests show.
_ERRORS = {
    "agent_offline": (403, "Agent offline"),
    "already_exists": (400, "Already exists"),
    "authentication": (401, "Authentication error"),
    "authorization": (403, "Authorization error"),
    "chat_anonymized": (403, "Chat anonymized"),
    "chat_inactive": (403, "Chat is inactive"),
    "customer_banned": (403, "Customer is banned"),
    "entity_too_large": (413, "Upload limit exceeded (10MB)."),
    "group_not_found": (404, "Group not found"),
    "group_offline": (403, "Group is offline"),
    "groups_offline": (403, "Groups offline"),
    "license_expired": (403, "License expired"),
    "license_not_found": (404, "License not found"),
    "limit_reached": (403, "Limit reached"),
    "misdirected_request": (421, "Wrong region"),
    "missing_access": (403, "Missing access"),
    "not_allowed": (403, "Not allowed"),
    "not_found": (404, "Not found"),
    # The sandbox's own, for what the platform has and the sandbox has not.
    "not_imitated": (501, "The sandbox does not imitate this."),
    "too_many_requests": (429, "Too many requests"),
    "unsupported_version": (400, "Cannot call unsupported API versions."),
    "validation": (400, "Wrong format of request"),
    "wrong_product_version": (403, "Wrong product version"),
}


class ApiError(Exception):
    """A refusal, as the platform words it.

    Args:
        kind: The error's type, one of those that the platform documents.
        message: What to say instead of the type's default message.
        data: What else the answer holds.
        why: What was wrong with the request, for the sandbox's log only; never a value from it.

    """

    def __init__(
        self,
        kind: str,
        message: str | None = None,
        *,
        data: Mapping[str, str] | None = None,
        why: str = "",
    ) -> None:
        self.kind = kind
        self.status, default = _ERRORS[kind]
        self.message = message or default
        self.data = data
        self.why = why
        super().__init__(f"{kind}: {self.message}")

    def body(self) -> bytes:
        """Write the answer's body."""
        error: dict[str, Any] = {"type": self.kind, "message": self.message}
        if self.data:
            error["data"] = self.data
        return msgspec.json.encode({"error": error})
