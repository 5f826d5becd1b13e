"""The scheme Basic: a user and a password, a colon between them, in Base64.

Source: RFC 7617; livechat-public-docs, authorization/personal-access-tokens (the user is the
account id).
"""

import base64
import binascii
import re

#: The account id and the personal access token, as groups.
ACCOUNT_AND_TOKEN = re.compile(
    r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\s*:\s*([!-~]+)"
)


def encode(user: str, password: str) -> str:
    """What follows the word Basic in the header."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def decode(credential: str) -> str:
    """The user, the colon and the password; empty if it is no Base64 of a text."""
    try:
        return base64.b64decode(credential, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
