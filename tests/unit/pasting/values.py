"""Made-up values of each kind, and what people have around them when they paste."""

import base64

from lc_tutorial.pasting import Kind

ACCOUNT = "01234567-89ab-cdef-0123-456789abcdef"
PERSONAL = "dal:not_a_real_personal_token"
PAIR = f"{ACCOUNT}:{PERSONAL}"
ENCODED = base64.b64encode(PAIR.encode()).decode()

VALUES: dict[Kind, str] = {
    Kind.CLIENT_ID: "0123456789abcdef0123456789abcdef",
    Kind.CLIENT_SECRET: "not-a-real-client-secret-00",
    Kind.REDIRECT_URI: "http://127.0.0.1:8377/callback",
    Kind.CODE: "dal:not_a_real_code_00000000000",
    Kind.ACCESS_TOKEN: "dal:not_a_real_token_0000000000",
    Kind.REFRESH_TOKEN: "not_a_real_refresh_token_00000",
    Kind.PERSONAL_ACCESS_TOKEN: ENCODED,
}

#: The name that goes in front of each.
NAMES: dict[Kind, str] = {
    Kind.CLIENT_ID: "client_id",
    Kind.CLIENT_SECRET: "client_secret",
    Kind.REDIRECT_URI: "redirect_uri",
    Kind.CODE: "code",
    Kind.ACCESS_TOKEN: "access_token",
    Kind.REFRESH_TOKEN: "refresh_token",
    Kind.PERSONAL_ACCESS_TOKEN: "personal_access_token",
}

#: What shows nothing.
INVISIBLE = tuple(
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2066\u2069\ufeff\u00ad\u061c\ufe0f\ufe0e"
    "\u034f\u115f\u3164\u180e\U000e0001\U000e0101\x00\x07\x1b\x7f\x80\ufffc\uf0c5"
)

#: What shows an empty place.
BLANKS = tuple(" \t\n\r\u00a0\u1680\u2003\u2007\u2009\u202f\u205f\u3000\u2028\u2029\x85\u2800")

#: What may be around a value of any kind. {} is the value, [] its name.
AROUND = (
    "{}",
    '"{}"',
    "'{}'",
    "`{}`",
    "```{}```",
    "“{}”",
    "„{}“",
    "‘{}’",
    "«{}»",
    "‹{}›",
    '\\"{}\\"',
    '"{}',
    "{}'",
    "<{}>",
    "({})",
    "[{}]",
    "{}>",
    "{})",
    "{},",
    "{};",
    "{}.",
    '"{}",',
    "{}\\",
    "{}\r\n",
    "&quot;{}&quot;",
    "&lt;{}&gt;",
    "&#x27;{}&#x27;",
    "&nbsp;{}",
    "&amp;quot;{}&amp;quot;",
    "**{}**",
    "[]={}",
    "[] = {}",
    "[]: {}",
    "[]={},",
    "[]='{}'",
    '"[]": "{}"',
    '"[]": "{}",',
    "'[]': '{}'",
    "{{'[]': '{}'}}",
    '{{"[]": "{}"}}',
    '{{"[]":"{}","expires_in":28800}}',
    '{{"data": {{"[]": "{}"}}}}',
    'export []="{}"',
    "set []={}",
    'setx [] "{}"',
    '$env:[] = "{}"',
    "let [] = '{}';",
    "--[] {}",
    "- []: {}",
    "**[]**: {}",
    "OTHER=1\n[]={}\nMORE=2",
)
