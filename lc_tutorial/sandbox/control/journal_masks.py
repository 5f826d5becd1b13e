"""What the journal shows of a request or an answer: never a secret.

Nothing that might be one is shown because it is not known to be one. Of parameters and headers
only those are shown that are named here, and only where the value has the form that it should; a
secret in the wrong field is thus hidden, too. JSON of the product APIs is shown but for fields
whose names speak of secrets. Pages are not shown at all: the Console's hold secrets to be copied.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

DOTS = "••••"

# Codes and tokens carry their region in front.
# Source: livechat-public-docs, authorization/oauth-authorization.
_TOKEN = re.compile(r"\b(dal|fra-a|fra-b|fra)(:|%(?:25)*3[Aa])[A-Za-z0-9_-]{10,}")
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_WORD = r"[a-z][a-z_]{0,39}"
_SCOPE = r"[a-z_-]{1,60}:[a-z]{1,10}"

#: The parameters of forms and queries that are shown, and the forms of their values.
_PARAMETERS = {
    name: re.compile(form)
    for name, form in {
        "bearer_type": _WORD,
        "client_id": r"[0-9a-f]{32}",
        "code_challenge_method": r"[A-Za-z0-9]{1,8}",
        "customer_id": _UUID,
        "entity_id": _UUID,
        "error": _WORD,
        "exception_details": _WORD,
        "expires_in": r"\d{1,9}",
        "flow": _WORD,
        "grant_type": _WORD,
        "identity_exception": _WORD,
        "license_id": r"\d{1,12}",
        "oauth_exception": _WORD,
        "organization_id": _UUID,
        "prompt": _WORD,
        "response_type": _WORD,
        "scope": rf"{_SCOPE}(?:[ ,]+{_SCOPE})*",
        "token_type": r"(?i:bearer)",
    }.items()
}
_ADDRESSES = frozenset({"redirect_uri"})

_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "access-control-allow-credentials",
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-max-age",
        "access-control-request-headers",
        "access-control-request-method",
        "access-control-request-private-network",
        "allow",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "deprecation",
        "host",
        "legacy",
        "pragma",
        "retry-after",
        "transfer-encoding",
        "user-agent",
        "vary",
        "x-api-version",
        "x-region",
    }
)
_ADDRESS_HEADERS = frozenset({"access-control-allow-origin", "location", "origin", "referer"})

_SECRET_KEY = re.compile(
    r"(?i)token|secret|passw|verifier|challenge|credential|authori[sz]ation|cookie|csrf|nonce"
    r"|^\s*(?:code|state|key)\s*$"
)
# A text that is an address from its beginning to its end, such as that of a webhook.
_WHOLE_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,20}://\S+")
_OPEN_KEYS = frozenset({"token_type", "code_challenge_method"})


class Mask:
    """Masks one exchange.

    Args:
        secrets: Values that are hidden wherever they are, whatever the rules above show.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for value in secrets for form in (value, quote(value, safe=""))}
        # Longest first: one value may be part of another.
        self._known = sorted((form for form in forms if form), key=len, reverse=True)

    def text(self, text: str) -> str:
        """Hide the known values, and whatever has a token's form."""
        for value in self._known:
            if value in text:
                text = text.replace(value, DOTS)
        return _TOKEN.sub(rf"\1:{DOTS}", text)

    def url(self, path: str, query: bytes) -> str:
        """Mask a path and its query."""
        masked = self.text(path)
        return f"{masked}?{self.parameters(query.decode('latin-1'))}" if query else masked

    def address(self, address: str) -> str:
        """Mask a full or relative address: its query, its fragment, and who signs in with it."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return DOTS
        netloc = (
            f"{DOTS}@{parts.netloc.rpartition('@')[2]}" if "@" in parts.netloc else parts.netloc
        )
        masked = f"{parts.scheme}:" if parts.scheme else ""
        masked += f"//{netloc}" if netloc else ""
        masked = self.text(masked + parts.path)
        if parts.query:
            masked += f"?{self.parameters(parts.query)}"
        if parts.fragment:
            masked += f"#{self.parameters(parts.fragment)}"
        return masked

    def parameters(self, text: str) -> str:
        """Mask a query or a form."""
        try:
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=1000)
        except ValueError:
            return DOTS
        if not pairs and text:
            return DOTS
        return "&".join(f"{self._name(name)}={self._value(name, value)}" for name, value in pairs)

    def headers(self, headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
        """Mask headers; those of the same name are put together."""
        masked: dict[str, str] = {}
        for raw_name, raw_value in headers:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
            shown = self._header(name, value)
            name = self._name(name)
            masked[name] = f"{masked[name]}, {shown}" if name in masked else shown
        return masked

    def body(
        self,
        body: bytes,
        headers: Iterable[tuple[bytes, bytes]],
        *,
        only_known_names: bool,
    ) -> str:
        """Mask a body.

        Args:
            body: The whole of it.
            headers: Its headers, of which the content type matters.
            only_known_names: Whether of a JSON object, too, only known parameters are shown.
        """
        if not body:
            return ""
        kinds = [value for name, value in headers if name.lower() == b"content-type"]
        kind = kinds[0].decode("latin-1").partition(";")[0].strip().lower() if kinds else ""
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return f"({len(body):,} bytes, no text)"
        if kind.startswith(("text/", "multipart/")) or kind == "application/octet-stream":
            return f"({len(body):,} bytes of {self.text(kind)}, not shown)"
        try:
            data = json.loads(text)
            masked = self._known_members(data) if only_known_names else self._json(data)
            shown = json.dumps(masked, ensure_ascii=False)
        except (ValueError, RecursionError):
            if kind == "application/x-www-form-urlencoded" or "=" in text:
                return self.parameters(text)
            return f"({len(body):,} bytes that cannot be read, not shown)"
        # JSON can smuggle in text that has no UTF-8 form.
        return shown.encode("utf-8", "replace").decode()

    def _header(self, name: str, value: str) -> str:
        if name in _HEADERS:
            return self.text(value)
        if name in _ADDRESS_HEADERS:
            return self.address(value)
        scheme = value.strip().partition(" ")[0]
        if name == "authorization" and scheme.lower() in ("bearer", "basic"):
            return f"{scheme} {DOTS}"
        return DOTS

    def _name(self, name: str) -> str:
        # A whole secret may stand where a name should: a form without names, for example.
        is_known = name in _HEADERS or name in _ADDRESS_HEADERS
        return self.text(name) if len(name) <= 24 or is_known else DOTS

    def _value(self, name: str, value: str) -> str:
        name = name.strip()
        if not value:
            return ""
        if name in _ADDRESSES:
            return self.address(value) if "://" in value else DOTS
        form = _PARAMETERS.get(name)
        return self.text(value) if form and form.fullmatch(value) else DOTS

    def _known_members(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return DOTS
        return {
            self._name(name): self._value(name, value) if isinstance(value, str) else DOTS
            for name, value in data.items()
        }

    def _json(self, data: Any) -> Any:
        if isinstance(data, str):
            is_address = "://" in data and _WHOLE_ADDRESS.fullmatch(data)
            return self.address(data) if is_address else self.text(data)
        if isinstance(data, list):
            return [self._json(item) for item in data]
        if isinstance(data, Mapping):
            return {
                self.text(key): DOTS if _is_secret(key) else self._json(value)
                for key, value in data.items()
            }
        return data


def _is_secret(key: str) -> bool:
    return key not in _OPEN_KEYS and _SECRET_KEY.search(key) is not None
