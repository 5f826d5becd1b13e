"""From what goes over the wire back to a request: the inverse of :mod:`lc_tutorial.lab.prepare`.

What is recorded holds no secret. The values that are known become their references, and what looks
secret and isn't known is kept in the vault under a name. So it can be looked at, edited and copied,
and sent again with the values of that later time.
"""

import json
import re
from dataclasses import replace
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

import requests

from lc_tutorial.lab.request import (
    Authorization,
    Basic,
    Bearer,
    Body,
    FormBody,
    JsonBody,
    Pairs,
    Request,
    TextBody,
)
from lc_tutorial.lab.secret_names import (
    is_certain,
    looks_secret,
    secret_name,
    secrets_within,
    stands_in,
)
from lc_tutorial.lab.vault import PUBLIC, Vault
from lc_tutorial.masking import SECRET_HEADERS, mask_data
from lc_tutorial.messages import basic, header_text

#: Shorter values are words that may stand anywhere.
_SHORTEST = 8

#: What follows from the body, or says how it is carried.
_OF_THE_WIRE = frozenset({"content-length", "transfer-encoding"})

#: What ``requests`` sends by itself.
_DEFAULTS = {name.lower(): value for name, value in requests.utils.default_headers().items()}

#: A string of JSON, and the colon behind it if it is a name.
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"(\s*:)?')


def from_prepared(prepared: requests.PreparedRequest, vault: Vault) -> Request:
    """Take a request as ``requests`` would send it apart, with references for its secrets.

    Prepared again with the same vault it is the same request: method, address, headers and body.
    What ``requests`` adds by itself is left out. A body without a Content-Type is taken for text,
    and gets that type when it is sent again.

    Args:
        prepared: as it is sent. A body that is a stream, or no text in UTF-8, is left out:
            :func:`holds_all` tells.
        vault: has the values that are known, and gets those that only look secret.
    """
    parts = urlsplit(prepared.url or "")
    url = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    headers = [(name, header_text(value)) for name, value in prepared.headers.items()]
    headers = [(name, value) for name, value in headers if not _is_of_requests(name, value)]
    body, content_type = _body(prepared, headers)
    if content_type is not None:
        headers = [pair for pair in headers if pair[0].lower() != "content-type"]
    request = Request(
        method=prepared.method or "GET",
        url=url,
        query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
        headers=tuple(headers),
        body=body,
    )
    return with_references(request, vault)


def holds_all(prepared: requests.PreparedRequest) -> bool:
    """Whether :func:`from_prepared` keeps the body of this one."""
    return not prepared.body or _text(prepared.body) is not None


def with_references(request: Request, vault: Vault) -> Request:
    """The request with references in the place of all secrets that stand in it in plain text.

    Args:
        request: any.
        vault: has the values that are known, and gets those that only look secret.
    """
    return _Concealing(vault).request(request)


class _Concealing:
    """Puts references in the place of secrets."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        values = {name: vault.value(name) or "" for name in vault.names}
        known = [(name, str(value)) for name, value in values.items() if len(value) >= _SHORTEST]
        self._public = {value: f"{{{{{name}}}}}" for name, value in known if name in PUBLIC}
        # The longest first: one may be part of another.
        secrets = [pair for pair in known if pair[0] not in PUBLIC]
        self._secrets = sorted(secrets, key=lambda pair: -len(pair[1]))

    def request(self, request: Request) -> Request:
        authorization = request.authorization
        rest = []
        for name, value in request.headers:
            taken = _read_authorization(name, value) if authorization is None else None
            if taken is None:
                rest.append((name, self._header(name, value)))
            else:
                authorization = taken
        return replace(
            request,
            url=self._free(request.url),
            query=self._pairs(request.query),
            headers=tuple(rest),
            authorization=self._authorization(authorization),
            body=self._body(request.body),
        )

    def _authorization(self, authorization: Authorization) -> Authorization:
        match authorization:
            case Bearer(token):
                return Bearer(self._certain("access_token", token))
            case Basic(user, password):
                password = self._certain("personal_access_token", password)
                return Basic(self._public.get(user) or self._known(user), password)
        return None

    def _header(self, name: str, value: str) -> str:
        if name.lower() not in SECRET_HEADERS:
            return self._field(name, value, is_header=True)
        scheme, space, credential = value.partition(" ")
        if not space or "cookie" in name.lower():
            return self._certain(name.lower().replace("-", "_"), value)
        kept = {"bearer": "access_token", "basic": "basic_credential"}
        return f"{scheme} {self._certain(kept.get(scheme.lower(), 'credential'), credential)}"

    def _pairs(self, pairs: Pairs) -> Pairs:
        return tuple((self._free(name), self._field(name, value)) for name, value in pairs)

    def _body(self, body: Body) -> Body:
        match body:
            case FormBody(fields):
                return FormBody(self._pairs(fields))
            case JsonBody(text):
                return JsonBody(self._json(text))
            case TextBody(text):
                return TextBody(self._free(text))
        return None

    def _json(self, text: str) -> str:
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return self._free(text)
        name = ""
        made, end = [], 0
        for found in _JSON_STRING.finditer(text):
            literal = found[0][: -len(found[1])] if found[1] else found[0]
            between = text[end : found.start()]
            value = json.loads(literal, strict=False)
            # The value of a name follows its colon at once; what is deeper is another name's.
            name = name if not between.strip() else ""
            if found[1]:
                name, concealed = value, self._free(value)
            else:
                concealed = self._field(name, value, in_json=True)
                name = ""
            written = literal if concealed == value else _quoted(concealed)
            made += [between, written, found[1] or ""]
            end = found.end()
        return "".join([*made, text[end:]])

    def _field(
        self, name: str, value: str, *, in_json: bool = False, is_header: bool = False
    ) -> str:
        """The value of a field, or of a header that is not certain to be secret."""
        if value in self._public:
            return self._public[value]
        kept = secret_name(name.strip())
        if kept is None:
            return self._free(value)
        if kept == "code":
            # Many things in JSON are called a code. In a form or a query it is always the one.
            certain = not is_header
            if in_json:
                certain = mask_data({"code": value})["code"] != value
        else:
            certain = looks_secret(value) or (is_certain(kept) and not is_header)
        return self._certain(kept, value) if certain else self._free(value)

    def _certain(self, name: str, value: str) -> str:
        """What is a secret where it stands, unless it is a reference or a sample's placeholder."""
        exact = next((each for each, secret in self._secrets if secret == value), None)
        if exact is not None:
            return f"{{{{{exact}}}}}"
        known = self._known(value)
        if known != value or not value.strip() or stands_in(value):
            return known
        return self._vault.keep(name, value)

    def _free(self, text: str) -> str:
        """A text in which secrets may stand anywhere."""
        text = self._known(text)
        for name, value in secrets_within(text):
            if value in text and not stands_in(value):
                text = text.replace(value, self._vault.keep(name, value))
        return text

    def _known(self, text: str) -> str:
        for name, value in self._secrets:
            text = text.replace(value, f"{{{{{name}}}}}")
            # What was encoded once too often would be another request without that.
            for form in {quote(value, safe=""), quote_plus(value)} - {value}:
                if form in text:
                    text = text.replace(form, self._vault.keep(name, form))
        return text


def _read_authorization(name: str, value: str) -> Authorization:
    """What the header says; None where :class:`Request` has no fields for that."""
    scheme, _, credential = value.partition(" ")
    if name.lower() != "authorization":
        return None
    if scheme == "Bearer" and credential:
        return Bearer(credential)
    if scheme != "Basic":
        return None
    user, colon, password = basic.decode(credential).partition(":")
    # Sent again, it has to be the same to the letter.
    same = colon and basic.encode(user, password) == credential
    return Basic(user, password) if same else None


def _body(
    prepared: requests.PreparedRequest, headers: list[tuple[str, str]]
) -> tuple[Body, str | None]:
    """The body, and its Content-Type where that follows from it."""
    if not prepared.body or (text := _text(prepared.body)) is None:
        return None, None
    found = [value for name, value in headers if name.lower() == "content-type"]
    sent_as = found[-1] if found else None
    kind = (sent_as or "").partition(";")[0].strip().lower()
    body: FormBody | JsonBody | TextBody = TextBody(text)
    if kind == "application/json" or kind.endswith("+json"):
        body = JsonBody(text)
    elif kind == FormBody.content_type:
        fields = _form(text)
        body = TextBody(text) if fields is None else FormBody(fields)
    return body, sent_as if sent_as == body.content_type else None


def _form(text: str) -> Pairs | None:
    """The fields of a form; None where they would not make that form again."""
    try:
        fields = tuple(parse_qsl(text, keep_blank_values=True, errors="strict"))
    except ValueError:
        return None
    again = urlencode(fields)
    return fields if parse_qsl(again, keep_blank_values=True) == list(fields) and fields else None


def _text(body: object) -> str | None:
    if isinstance(body, str):
        return body
    try:
        return body.decode("utf-8") if isinstance(body, bytes) else None
    except UnicodeDecodeError:
        return None


def _is_of_requests(name: str, value: str) -> bool:
    name = name.lower()
    return name in _OF_THE_WIRE or _DEFAULTS.get(name) == value


def _quoted(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(text)
    return json.dumps(text, ensure_ascii=False)
