"""What stands in the place of a value: samples and placeholders, empty words, dots that hide it.

Source of the samples' placeholders: livechat-public-docs, the samples of all APIs and of
authorization/*; the page "Authorization in practice".
"""

import re

from lc_tutorial.pasting.kinds import FILLERS, REGION, words_of

_WORDS = r"[A-Za-z][\w |./-]{0,60}?"

#: The marks that samples put around a placeholder. Mark, name and mark together are the
#: placeholder: whoever puts a value in its place puts it in the place of the marks too.
MARKED = re.compile(
    rf"\{{\{{\s*(?P<double_braces>{_WORDS})\s*\}}\}}"  # Postman, Mustache
    rf"|\$\{{(?P<shell_braces>{_WORDS})\}}"
    rf"|\{{\s*(?P<braces>{_WORDS})\s*\}}"  # OpenAPI, Python's f-strings
    rf"|<<?\s*(?P<angles>{_WORDS})\s*>>?"  # the platform's documentation
    rf"|\[\[?\s*(?P<brackets>{_WORDS})\s*\]\]?"
    rf"|«\s*(?P<guillemets>{_WORDS})\s*»"
    rf"|‹\s*(?P<single_guillemets>{_WORDS})\s*›"
    r"|%(?P<percents>[A-Za-z]\w{2,60})%"
    r"|__(?P<underscores>[A-Za-z][A-Za-z_]{1,60}?)__"
    r"|\$(?P<dollar>[A-Za-z_]\w{1,60})"
    r"|(?<![\w:]):(?P<colon>[A-Za-z][A-Za-z_]{1,60})(?![\w:])"  # Express
)

# fmt: off
#: Marks that an address may have for other reasons.
_IN_ADDRESSES = ("percents", "underscores", "dollar", "colon")

# Words of which placeholders are made, beside the ones that only adorn them.
_NOUNS = frozenset(
    {
        "client",
        "id",
        "secret",
        "key",
        "token",
        "access",
        "refresh",
        "bearer",
        "basic",
        "personal",
        "pat",
        "code",
        "auth",
        "authorization",
        "oauth",
        "redirect",
        "callback",
        "uri",
        "url",
        "address",
        "account",
        "api",
        "agent",
        "customer",
        "credential",
        "credentials",
        "password",
        "value",
        "base64",
        "encoded",
        "verifier",
        "domain",
        "host",
        "hostname",
        "port",
        "organization",
        "state",
        "user",
        "username",
        "clientid",
        "clientsecret",
        "accesstoken",
        "redirecturi",
        "getpass",
    }
)
#: What people write, and tools suggest, where a value is still to come.
_TO_COME = frozenset(
    {
        "changeme",
        "changeit",
        "change me",
        "change it",
        "replaceme",
        "replace me",
        "fillme",
        "fill me",
        "todo",
        "fixme",
        "tbd",
        "placeholder",
        "example",
        "sample",
        "dummy",
        "string",
        "test",
        "testing",
        "foo",
        "bar",
        "foobar",
    }
)
#: What programs write where they have no value.
_EMPTY = frozenset(
    {
        "none",
        "null",
        "undefined",
        "nil",
        "nan",
        "n/a",
        "object object",
    }
)
#: The values of the samples. Source: livechat-public-docs, default-credentials.
_SAMPLES = frozenset(
    {
        "9cbf3a968289727cb3cdfe83ab1d9836",
        "0805e283233042b37f460ed8fbf22160",
        "test_d7MEp1YYo3",
        "test_tnlRmy73mg9eaFESA",
        "test_DQTRHGbZCFkAoss4Q",
        "test_gfalskcakg2347o8326",
    }
)
# fmt: on
_FIRST = frozenset(
    {"your", "my", "insert", "enter", "paste", "replace", "put", "add", "fill", "change"}
)
_ALLOWED = _NOUNS | FILLERS | _FIRST | {"example", "sample", "with", "goes", "me", "in", "or"}
# Several of them written as one, mysecret. Longer ones first, and none that is made of others.
_AS_ONE = re.compile(
    "(?:your|my|the|client|access|refresh|personal|bearer|api|app|oauth|auth)*"
    "(?:secret|token|password|code|uri|url|key|id)"
)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_. -]{0,60}(?:\(\))?")

#: xxxxxxxx, xxxx-xxxx
CROSSES = re.compile(r"[xX]{3,}(?:[-_][xX]{3,})*")

_BULLETS = "•●∙⋅◦‧·⚫⬤▪■█▮"
_BULLET = re.compile(rf"[{_BULLETS}]|\u2026|\.{{3,}}|\u22ef")
_ASTERISKS = re.compile(r"[*\u2217\uff0a✱∗]{3,}")
_ONLY_STAND_INS = re.compile(rf"[{_BULLETS}*\u2217\uff0a✱.\u2026\u22ef\s]+")
_SAYS = "redacted|masked|hidden|filtered|removed|censored|scrubbed|saniti[sz]ed|omitted"
# The word, alone or beside one other: REDACTED, token-redacted.
_SAYS_IT = rf"(?:[a-z]{{1,20}}[ _:-])?({_SAYS})(?:[ _:-][a-z]{{1,20}})?"
_SAID = re.compile(
    rf"[\[<({{*#]\s?{_SAYS_IT}\s?[\])>}}*#]|\A[_-]{{0,9}}{_SAYS_IT}[_-]{{0,9}}\Z", re.IGNORECASE
)


def placeholder_in(text: str) -> str:
    """The placeholder that a text is, with its marks; empty if it is none.

    >>> placeholder_in("<your_access_token>"), placeholder_in("YOUR_CLIENT_SECRET")
    ('<your_access_token>', 'YOUR_CLIENT_SECRET')
    >>> placeholder_in("dal:{token}"), placeholder_in("<dal:not-a-real-token>")
    ('{token}', '')
    """
    text = text.strip()
    rest = REGION.sub("", text, count=1)
    marked = MARKED.fullmatch(rest)
    if marked:
        return rest if _is_made_of_words(marked[marked.lastgroup or 0]) else ""
    if CROSSES.fullmatch(rest) or (_PLAIN.fullmatch(rest) and _speaks_of_a_value(rest)):
        return rest
    return ""


def placeholders_within(text: str) -> tuple[str, ...]:
    """The placeholders that stand anywhere in a text, with marks that no address has.

    >>> placeholders_within("https://<your-domain>/callback")
    ('<your-domain>',)
    """
    return tuple(
        found[0]
        for found in MARKED.finditer(text)
        if found.lastgroup not in _IN_ADDRESSES and _is_made_of_words(found[found.lastgroup or 0])
    )


def _is_made_of_words(name: str) -> bool:
    words = [word for word in words_of(name) if not word.isdigit()]
    if not words:
        return False
    begins = words[0] in _FIRST or words[-1] == "here"
    return begins or (set(words) <= _ALLOWED and not _NOUNS.isdisjoint(words))


def _speaks_of_a_value(text: str) -> bool:
    """Whether a text without marks is no value: only the name of one, or "your" and a name."""
    words = words_of(text)
    if any(not word.isalpha() and word != "base64" for word in words):
        return False
    if " ".join(words) in _TO_COME or _AS_ONE.fullmatch(text.lower()):
        return True
    # "your" alone proves little: a secret may be any word. Joined to others it does.
    joined = len(words) > 1 and (
        words[0] in ("your", "insert", "enter", "paste") or words[-1] == "here"
    )
    return joined or (set(words) <= _ALLOWED and not _NOUNS.isdisjoint(words))


def empty_in(text: str) -> str:
    """The word that a program writes where it has no value; empty if the text is none.

    >>> empty_in("undefined"), empty_in("dal:null"), empty_in("nullify")
    ('undefined', 'null', '')
    """
    rest = REGION.sub("", text.strip().strip("[]()<>"), count=1)
    return rest if rest.lower() in _EMPTY else ""


def is_sample(text: str) -> bool:
    """Whether a text is the value of the documentation's samples, which is nobody's.

    >>> is_sample("0805e283233042b37f460ed8fbf22160")
    True
    """
    return REGION.sub("", text.strip(), count=1) in _SAMPLES


def hidden_in(text: str) -> str:
    """How a text says that something in it is hidden; empty if it doesn't.

    Asked of a value: dots and asterisks mean other things in a sentence, or in a pattern.

    >>> hidden_in("dal:••••••••"), hidden_in("******"), hidden_in("[REDACTED]")
    ('dots', 'asterisks', 'the word REDACTED')
    """
    text = text.strip()
    if said := _SAID.search(REGION.sub("", text, count=1)):
        return f"the word {said[1] or said[2]}"
    if _ASTERISKS.search(text) or (text and not text.strip("* ")):
        return "asterisks"
    if _BULLET.search(text) or (text and _ONLY_STAND_INS.fullmatch(text)):
        return "dots"
    return ""


def hidden_sentence(text: str) -> str:
    """What :func:`hidden_in` finds, as a sentence; empty if it finds nothing.

    >>> hidden_sentence("dal:••••••••")
    'It has dots in it, which stand for something hidden.'
    """
    how = hidden_in(text)
    if not how:
        return ""
    return (
        f"It has {how} in it, which {'stands' if 'word' in how else 'stand'} for something hidden."
    )
