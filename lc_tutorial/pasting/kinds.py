"""The kinds of values that people paste, and the names that each goes by."""

import enum
import re


class Kind(enum.Enum):
    """What a value is. Its value is what a person calls it."""

    CLIENT_ID = "Client Id"
    CLIENT_SECRET = "Client Secret"  # noqa: S105
    REDIRECT_URI = "redirect URI"
    CODE = "code"
    CODE_VERIFIER = "PKCE verifier"
    ACCESS_TOKEN = "access token"  # noqa: S105
    REFRESH_TOKEN = "refresh token"  # noqa: S105
    PERSONAL_ACCESS_TOKEN = "personal access token"  # noqa: S105
    ACCOUNT_ID = "account id"


#: The form of a Client Id. Source: livechat-public-docs, authorization/oauth-authorization.
CLIENT_ID = re.compile(r"[0-9a-fA-F]{32}")

#: The data centre in front of codes and tokens, with its colon.
#: Source: livechat-public-docs, authorization/oauth-authorization.
REGION = re.compile(r"(?:dal|fra-a|fra-b|fra):")

# The names of fields, headers and variables, without the words that only adorn them.
_NAMES: dict[str, tuple[Kind, ...]] = {
    "client_id": (Kind.CLIENT_ID,),
    "clientid": (Kind.CLIENT_ID,),
    "client": (Kind.CLIENT_ID,),
    "client_secret": (Kind.CLIENT_SECRET,),
    "clientsecret": (Kind.CLIENT_SECRET,),
    "secret": (Kind.CLIENT_SECRET,),
    "redirect_uri": (Kind.REDIRECT_URI,),
    "redirect_url": (Kind.REDIRECT_URI,),
    "redirecturi": (Kind.REDIRECT_URI,),
    "redirecturl": (Kind.REDIRECT_URI,),
    "redirect": (Kind.REDIRECT_URI,),
    "callback": (Kind.REDIRECT_URI,),
    "callback_uri": (Kind.REDIRECT_URI,),
    "callback_url": (Kind.REDIRECT_URI,),
    "callback_address": (Kind.REDIRECT_URI,),
    "code": (Kind.CODE,),
    "auth_code": (Kind.CODE,),
    "authorization_code": (Kind.CODE,),
    "code_verifier": (Kind.CODE_VERIFIER,),
    "verifier": (Kind.CODE_VERIFIER,),
    "access_token": (Kind.ACCESS_TOKEN,),
    "accesstoken": (Kind.ACCESS_TOKEN,),
    "agent_token": (Kind.ACCESS_TOKEN,),
    "agent_access_token": (Kind.ACCESS_TOKEN,),
    "bearer": (Kind.ACCESS_TOKEN,),
    "bearer_token": (Kind.ACCESS_TOKEN,),
    "token": (Kind.ACCESS_TOKEN, Kind.PERSONAL_ACCESS_TOKEN, Kind.REFRESH_TOKEN),
    "authorization": (Kind.ACCESS_TOKEN, Kind.PERSONAL_ACCESS_TOKEN),
    "proxy_authorization": (Kind.ACCESS_TOKEN, Kind.PERSONAL_ACCESS_TOKEN),
    "refresh_token": (Kind.REFRESH_TOKEN,),
    "refreshtoken": (Kind.REFRESH_TOKEN,),
    "personal_access_token": (Kind.PERSONAL_ACCESS_TOKEN,),
    "personal_token": (Kind.PERSONAL_ACCESS_TOKEN,),
    "pat": (Kind.PERSONAL_ACCESS_TOKEN,),
    "basic": (Kind.PERSONAL_ACCESS_TOKEN,),
    "base64": (Kind.PERSONAL_ACCESS_TOKEN,),
    "base64_encoded_token": (Kind.PERSONAL_ACCESS_TOKEN,),
    "account_id": (Kind.ACCOUNT_ID,),
    "accountid": (Kind.ACCOUNT_ID,),
    "account": (Kind.ACCOUNT_ID,),
}

# fmt: off
#: What adds nothing to the name of a value.
FILLERS = frozenset(
    {
        "your",
        "my",
        "the",
        "a",
        "an",
        "of",
        "app",
        "apps",
        "lc",
        "livechat",
        "text",
        "platform",
        "new",
        "own",
        "os",
        "env",
        "environ",
        "process",
        "getenv",
        "here",
    }
)
# fmt: on


def words_of(name: str) -> tuple[str, ...]:
    """The words in a name, in small letters, however they are joined.

    >>> words_of("yourClientId"), words_of("LC_ACCESS_TOKEN")
    (('your', 'client', 'id'), ('lc', 'access', 'token'))
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return tuple(word for word in re.split(r"[\W_]+", apart.lower()) if word)


def kinds_named(name: str) -> tuple[Kind, ...]:
    """The kinds of values that go by this name; empty if it is no name of a value.

    >>> kinds_named("LC_CLIENT_SECRET")
    (<Kind.CLIENT_SECRET: 'Client Secret'>,)
    >>> kinds_named("dal")
    ()
    """
    words = words_of(name)
    told = "_".join(word for word in words if word not in FILLERS)
    return _NAMES.get(told, ())
