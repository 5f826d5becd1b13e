"""Pages from templates, with a strict Content-Security-Policy, and links that are all relative.

Behind a hub's proxy the pages share their origin with Jupyter itself, below a prefix.
"""

from functools import cache
from pathlib import Path
from typing import TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

_Answer = TypeVar("_Answer", bound=Response)

#: The stylesheet and the script, which every browser may read.
STATIC = Path(__file__).with_name("static")

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


def text_of(template: str, **context: object) -> str:
    """A template, filled in; a variable that is missing is an error, never an empty text."""
    return _environment().get_template(template).render(context)


def page(template: str, *, status: int = 200, **context: object) -> HTMLResponse:
    """A template as a page."""
    return protect(HTMLResponse(text_of(template, **context), status))


def problem(status: int, title: str, detail: str, root: str = "") -> HTMLResponse:
    """A page that says what can't be done, why, and what to do."""
    return page("problem.html", status=status, title=title, detail=detail, root=root)


def protect(response: _Answer) -> _Answer:
    """Give an answer the headers that keep others' scripts, frames and caches away."""
    response.headers.update(
        {
            "Content-Security-Policy": _POLICY,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
    )
    return response


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("lc_tutorial.board"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
