"""The versions of the platform's product APIs, and what their answers say about their age.

Source: livechat-public-docs, messaging (API versioning) and src/constants.
"""

import enum


class Version(enum.IntEnum):
    """A version that can be called; later ones are greater."""

    V3_4 = 34
    V3_5 = 35
    V3_6 = 36
    V3_7 = 37

    @property
    def number(self) -> str:
        """The version as it is written in an address, such as "3.6"."""
        return f"{self // 10}.{self % 10}"

    @property
    def lifecycle_headers(self) -> dict[str, str]:
        """The header that says when the version's stage ends, where it is not a current one."""
        return _LIFECYCLE_HEADERS.get(self, {})


# assumed: both dates. The source says that a legacy version answers with `Legacy` and a deprecated
# one with `Deprecation`, each with the day its stage ends; its chart of such days ends before the
# versions' present stages do. These keep to the lengths that it gives for the stages, counted from
# the release of 3.6 (2025-08-07) and from the day at which the sandbox's chats end.
_LIFECYCLE_HEADERS = {
    Version.V3_4: {"Deprecation": "2026-12-15"},
    Version.V3_5: {"Legacy": "2027-02-07"},
}

_VERSIONS = {version.number: version for version in Version}


def parse(text: str) -> Version | None:
    """Return the version written as in an address ("3.6"), or None where there is no such one."""
    # assumed: it counts whatever X-API-Version says, which the source calls optional beside it.
    return _VERSIONS.get(text)
