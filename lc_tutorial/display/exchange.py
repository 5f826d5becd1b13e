"""One HTTP request and its answer, taken down for a person: what all ways of showing it draw on."""

from dataclasses import dataclass

from lc_tutorial.display.parts import Body, size_in_words


@dataclass(frozen=True)
class Exchange:
    """One HTTP request and its answer.

    Attributes:
        method: such as ``POST``.
        url: with the values in its query masked.
        request_headers: names and values, secret ones masked.
        request_body: what was sent.
        status: such as 200.
        reason: what the status means, such as ``OK``.
        meaning: the same in plain words.
        elapsed: milliseconds until the answer began.
        size: of the answer's body, in bytes.
        headers: of the answer.
        body: of the answer.
        raw: the same as it came, to the letter; None where the body shows that already.
        leads_to: where an answer with a redirect leads; empty for all others.
        came_by: the redirects that led to this answer, such as ``POST http://… 302``.
        ignored: what the platform ignored of the request, as sentences.
        is_revealed: whether secrets are in it. Then it doesn't show itself: see
            :mod:`lc_tutorial.display.revealing`.
    """

    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: Body
    status: int
    reason: str
    meaning: str
    elapsed: float
    size: int
    headers: tuple[tuple[str, str], ...]
    body: Body
    raw: Body | None = None
    leads_to: str = ""
    came_by: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    is_revealed: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        """Time and size, as words."""
        return (f"{self.elapsed:,.0f} ms", size_in_words(self.size))

    @property
    def way(self) -> tuple[str, ...]:
        """What redirects there were, as sentences."""
        by = (f"It was reached by a redirect: {hop}." for hop in self.came_by)
        return (*by, *([f"It leads to {self.leads_to}."] if self.leads_to else []))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be said of it, as sentences."""
        return (*self.way, *self.ignored)
