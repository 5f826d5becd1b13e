"""The browser behind the frame: it fetches pages with the kernel, and has cookies and a history.

It opens the sandbox's pages. Beside them it opens one thing: where the sandbox redirects to an app
on this machine, which is a redirect URI that the learner has whitelisted, it brings there what a
browser would bring, without cookies.
"""

from dataclasses import dataclass, field, replace
from urllib.parse import urldefrag, urlencode

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from lc_tutorial.forms.frame import own_pages
from lc_tutorial.forms.frame.addresses import Site, is_on_this_machine, resolve, with_query
from lc_tutorial.forms.frame.page import framed
from lc_tutorial.forms.frame.policy import may_fetch, read_policies
from lc_tutorial.lab import hook

#: Redirects in a row; browsers follow twenty.
MOST_REDIRECTS = 20

#: Pages that Back leads to.
MOST_PAGES = 50

#: Bytes of a page, and of each thing that it loads.
MOST_BYTES = 2_000_000

#: Scripts, stylesheets and pictures that are kept.
_MOST_KEPT = 50

#: Seconds for each answer, from byte to byte: the sandbox can be told to be slow.
_PATIENCE = 30.0

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Source:
    """The text of a page, as it came.

    Attributes:
        html: of the page.
        policy: its ``Content-Security-Policy``.
        base: its address, where it may load something from there.
    """

    html: str
    policy: str = own_pages.POLICY
    base: str | None = None


@dataclass(frozen=True)
class Shown:
    """A page in the frame.

    Attributes:
        address: what the address bar shows: whole, with a code where one came.
        source: what came, with what belongs to it.
        is_answer: whether it came as the answer to a form, and so can't be had again.
        is_redirected: whether the sandbox sent the browser there.
    """

    address: str
    source: "Source" = field(repr=False)
    is_answer: bool = False
    is_redirected: bool = False

    def __repr__(self) -> str:
        # Addresses have codes in them.
        return "A page in the frame."


@dataclass(frozen=True)
class _Request:
    method: str
    url: str
    fields: tuple[tuple[str, str], ...] = ()
    #: Whether the sandbox itself sent the browser there.
    is_redirected: bool = False


class _Session(requests.Session):
    """Takes no proxy, and leaves redirects to us.

    requests looks into one also where it isn't to follow it: it reads all of the answer, however
    long, and stumbles over an address that can't be read.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Tell requests of no redirect."""


class Browser:
    """Opens pages of one sandbox, and remembers where it was.

    Args:
        site: the sandbox.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._session = _Session()
        self._pages: list[Shown] = []
        self._static: dict[str, tuple[bytes, str]] = {}

    @property
    def shown(self) -> Shown | None:
        """The page that is open."""
        return self._pages[-1] if self._pages else None

    @property
    def can_go_back(self) -> bool:
        """Whether there is a page before this one."""
        return len(self._pages) > 1

    def document(self, *, word: str, dark: bool) -> str:
        """The frame's document for the page that is open.

        Args:
            word: by which the frame knows that this page speaks.
            dark: whether the notebook's theme is.
        """
        assert self.shown is not None  # noqa: S101
        source = self.shown.source
        return framed(
            source.html,
            source.policy,
            lambda link: self._loaded(source.base, link),
            word=word,
            dark=dark,
        )

    def open(self, address: str) -> None:
        """Open an address: of a link, relative to the page that is open, or a whole one."""
        url = resolve(self.shown.address if self.shown else self._site.home, address)
        self._go(_Request("GET", url))

    def submit(self, action: str, method: str, fields: list[tuple[str, str]]) -> None:
        """Send a form of the page that is open.

        Args:
            action: as the form has it; empty for the address of the page itself.
            method: ``"GET"`` or ``"POST"``.
            fields: names and values, in the order of the form.
        """
        here = self.shown.address if self.shown else self._site.home
        url = urldefrag(resolve(here, action)).url
        if method == "POST":
            self._go(_Request("POST", url, tuple(fields)))
        else:
            self._go(_Request("GET", with_query(url, urlencode(fields))))

    def back(self) -> None:
        """Open the page before this one, anew."""
        if not self.can_go_back:
            return
        self._pages.pop()
        self.reload()

    def reload(self) -> None:
        """Open this page anew. A form is not sent a second time."""
        page = self.shown
        if page is None:
            return
        if page.is_answer:
            self._pages[-1] = Shown(page.address, Source(own_pages.from_a_form()), is_answer=True)
            return
        request = _Request("GET", page.address, is_redirected=page.is_redirected)
        self._pages[-1] = self._fetched(request)

    def fail(self, problem: Exception) -> None:
        """Show that something went wrong here, in the place of the page that is open."""
        page = self.shown or Shown(self._site.home, Source(""))
        failed = Source(own_pages.failed(type(problem).__name__))
        self._pages[-1:] = [replace(page, source=failed)]

    # --- Fetching -------------------------------------------------------------------------------

    def _go(self, request: _Request) -> None:
        self._show(self._fetched(request))

    def _show(self, page: Shown) -> None:
        # As browsers have it: the same address once more is no further page.
        before = self.shown.address if self.shown else ""
        if not page.is_answer and urldefrag(before).url == urldefrag(page.address).url:
            self._pages.pop()
        self._pages = [*self._pages, page][-MOST_PAGES:]

    def _fetched(self, request: _Request) -> Shown:
        """The page at the end of all redirects."""
        for _ in range(MOST_REDIRECTS):
            if not self._site.has(request.url):
                return self._outside(request)
            try:
                with self._answer(request) as answer:
                    if not _redirects(answer):
                        return _page(request, _source(answer, request.url))
            except requests.RequestException:
                return _page(request, Source(own_pages.no_answer()))
            request = _redirected(request, answer)
        return Shown(request.url, Source(own_pages.too_many_redirects()))

    def _answer(self, request: _Request) -> requests.Response:
        with hook.unrecorded():
            return self._session.request(
                request.method,
                urldefrag(request.url).url,
                data=urlencode(request.fields) if request.method == "POST" else None,
                headers={"Content-Type": "application/x-www-form-urlencoded"}
                if request.method == "POST"
                else {},
                timeout=_PATIENCE,
                stream=True,
            )

    def _loaded(self, base: str | None, link: str) -> tuple[bytes, str] | None:
        """What a page of the sandbox loads from there; kept, as browsers do."""
        url = resolve(base, link) if base else ""
        if url in self._static:
            return self._static[url]
        if not self._site.has(url):
            return None
        try:
            with self._answer(_Request("GET", url)) as answer:
                body = _read(answer) if answer.status_code == 200 else None
        except requests.RequestException:
            return None
        if body is None:
            return None
        if len(self._static) < _MOST_KEPT:
            self._static[url] = body, _kind(answer)
        return body, _kind(answer)

    # --- What is not the sandbox's --------------------------------------------------------------

    def _outside(self, request: _Request) -> Shown:
        """An address outside: opened only where the sandbox sent the browser to an app here."""
        url = request.url
        if not request.is_redirected:
            return Shown(url, Source(own_pages.outside(url)))
        if not is_on_this_machine(url) or request.method != "GET":
            return _page(request, Source(own_pages.app_elsewhere(url)))
        return _page(request, self._source_of_app(url))

    def _source_of_app(self, url: str) -> Source:
        """The app's own page. What it loads, and where it leads on to, is not followed."""
        try:
            # A session of its own: what is the sandbox's is nothing for the app.
            with hook.unrecorded(), _Session() as session:
                answer = session.get(urldefrag(url).url, timeout=_PATIENCE, stream=True)
                with answer:
                    if _redirects(answer):
                        target = resolve(url, answer.headers["location"])
                        return Source(own_pages.app_sends_on(target))
                    return _source(answer, None)
        except requests.RequestException as problem:
            said = own_pages.nobody_listens if _is_refused(problem) else own_pages.app_broke_off
            return Source(said(url))


def _page(request: _Request, source: Source) -> Shown:
    """What a request has led to."""
    return Shown(
        request.url,
        source,
        is_answer=request.method == "POST",
        is_redirected=request.is_redirected,
    )


def _is_refused(problem: requests.RequestException) -> bool:
    """Whether nobody took the connection; else an answer has begun, or was waited for."""
    reason = getattr(next(iter(problem.args), None), "reason", None)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _redirects(answer: requests.Response) -> bool:
    return answer.status_code in _REDIRECTS and "location" in answer.headers


def _redirected(request: _Request, answer: requests.Response) -> _Request:
    """What a browser sends next (RFC 9110, 15.4; Fetch, HTTP-redirect fetch)."""
    target = resolve(request.url, answer.headers["location"])
    fragment = urldefrag(request.url).fragment
    if fragment and "#" not in target:
        target = f"{target}#{fragment}"
    is_kept = answer.status_code in (307, 308)
    if is_kept:
        return _Request(request.method, target, request.fields, is_redirected=True)
    return _Request("GET", target, is_redirected=True)


def _source(answer: requests.Response, base: str | None) -> Source:
    """What an answer has to show: a page, a text, or why it is neither.

    Args:
        answer: not read yet.
        base: the page's address, where it may load something from there.
    """
    body = _read(answer)
    if body is None:
        return Source(own_pages.too_large())
    kind = _kind(answer)
    text = body.decode("utf-8", "replace")
    if kind == "text/html":
        policy = answer.headers.get("content-security-policy", "")
        if may_fetch(read_policies(policy)):
            return Source(own_pages.needs_a_tab())
        return Source(text, policy, base)
    if kind.startswith("text/") or kind in ("application/json", "application/javascript"):
        return Source(own_pages.as_text(text))
    return Source(own_pages.no_page(kind))


def _kind(answer: requests.Response) -> str:
    """The media type of an answer."""
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()


def _read(answer: requests.Response) -> bytes | None:
    """All of an answer; None where that is too much."""
    body = bytearray()
    for piece in answer.iter_content(65536):
        body += piece
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)
