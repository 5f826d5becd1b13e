"""A page's Content-Security-Policy, kept where the page is shown in a frame of the notebook.

A frame made of text has no address of its own, so nothing there is ``'self'``. What the page may
load from where it came is put into it by the kernel, and allowed by its digest: these scripts and
styles alone, whatever else stands in the page. Nothing becomes allowed that was not.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

#: What a policy in the page itself can't say, by the specification (CSP Level 3, 3.3). The page is
#: in no other page's frame: it is shown as a browser shows it, and whoever runs the notebook could
#: press its buttons anyway.
_FOR_HEADERS_ALONE = frozenset({"frame-ancestors", "report-uri", "report-to", "sandbox"})

#: Where a directive that a policy lacks is taken from.
_FALLBACKS = {
    "script-src": ("default-src",),
    "style-src": ("default-src",),
    "img-src": ("default-src",),
    "connect-src": ("default-src",),
}

_SELF, _NONE = "'self'", "'none'"

Policy = Mapping[str, tuple[str, ...]]


@dataclass
class Inlined:
    """What the kernel has put into a page, by digest.

    Attributes:
        scripts: as sources of a policy; of the script that every page gets, too.
        styles: the same of stylesheets.
        has_images: whether there are pictures, which have no digest and are in their addresses.
    """

    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    has_images: bool = False


def digest(text: str) -> str:
    """The source that allows an inline script or style of this text alone.

    >>> digest("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def read_policies(header: str) -> list[Policy]:
    """The policies of a page's header, of which all hold.

    Of a directive that comes twice, the first counts.

    >>> read_policies("default-src 'none'; style-src 'self', img-src *")
    [{'default-src': ("'none'",), 'style-src': ("'self'",)}, {'img-src': ('*',)}]
    """
    policies: list[Policy] = []
    for serialized in header.split(","):
        policy: dict[str, tuple[str, ...]] = {}
        for directive in serialized.split(";"):
            name, *sources = directive.split() or [""]
            if name:
                policy.setdefault(name.lower(), tuple(sources))
        if policy:
            policies.append(policy)
    return policies


def sources_of(policy: Policy, directive: str) -> tuple[str, ...] | None:
    """What a policy allows for a kind of thing; None where it says nothing of it."""
    for name in (directive, *_FALLBACKS.get(directive, ())):
        if name in policy:
            return policy[name]
    return None


def allows_self(policies: Iterable[Policy], directive: str) -> bool:
    """Whether a page may load this kind of thing from where it came itself."""
    found = (sources_of(policy, directive) for policy in policies)
    return all(sources is None or _SELF in sources for sources in found)


def may_fetch(policies: list[Policy]) -> bool:
    """Whether a page's own scripts may ask the server for something."""
    return bool(policies) and all(
        sources_of(policy, "connect-src") not in (None, (), (_NONE,)) for policy in policies
    )


def in_frame(policies: Iterable[Policy], inlined: Inlined) -> list[str]:
    """The policies for the page in the frame, all of which hold: ours, and each of its own.

    Args:
        policies: that the page came with.
        inlined: what of it is in the page now.
    """
    images = ("data:",) if inlined.has_images else ()
    ours = {
        "default-src": (_NONE,),
        "script-src": tuple(inlined.scripts),
        "style-src": ("'unsafe-inline'",),
        "img-src": images,
    }
    return [
        _serialize({**policy, "form-action": (), "base-uri": ()})
        for policy in (ours, *(_kept(policy, inlined, images) for policy in policies))
    ]


def _kept(policy: Policy, inlined: Inlined, images: tuple[str, ...]) -> Policy:
    added = {
        "script-src": tuple(inlined.scripts),
        "script-src-elem": tuple(inlined.scripts),
        "style-src": tuple(inlined.styles),
        "style-src-elem": tuple(inlined.styles),
        "img-src": images,
    }
    kept = {name: policy[name] for name in policy if name not in _FOR_HEADERS_ALONE}
    for name in ("script-src", "style-src", "img-src"):
        sources = sources_of(policy, name)
        if sources is not None:
            kept[name] = sources
    return {
        name: tuple(each for each in sources if each not in (_SELF, _NONE)) + added.get(name, ())
        for name, sources in kept.items()
    }


def _serialize(policy: Policy) -> str:
    return "; ".join(f"{name} {' '.join(policy[name]) or _NONE}" for name in policy)
