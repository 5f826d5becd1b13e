"""Asking the sandbox whether it issued a value.

A token that another library received, shown without its name, is a long word like many others.
The connected sandbox can tell. It is asked by digest, once for each word that looks as if chance
had made it; a text without such words costs no question.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection

from lc_tutorial.masking.derived import REGIONS
from lc_tutorial.masking.known import Span, known_forms, remember
from lc_tutorial.masking.words import View, looks_random

#: Whether values with these digests (SHA-256, in hex) were issued: those that were. Raises
#: TimeoutError if no answer came in time.
Question = Callable[[Collection[str]], Collection[str]]

#: Longer words are asked about by nobody.
_LONGEST = 128

#: Words that are asked about at once. The rest of a text's words have their turn after them.
_AT_ONCE = 512

#: Seconds after which the words of a text whose turn has not come are hidden without a question.
_LONGEST_TURN = 2.0

#: Words that were not issued and are not asked about again, by their digests.
_MOST_KEPT = 8192

#: What stood in front of a word when it was issued: nothing, or the region of its data.
_BEFORE = ("", *(f"{region}:" for region in REGIONS))

#: How many times as long as a question was waited for in vain none is asked: a notebook that prints
#: line after line is not held up by a sandbox that hangs.
_REST = 10

_lock = threading.Lock()
_questions: dict[str, Question] = {}
_others: OrderedDict[str, None] = OrderedDict()
_asking = threading.local()
_rests_until = 0.0


def ask(name: str, question: Question) -> None:
    """Ask this sandbox, too, from now on.

    Args:
        name: of the sandbox; a second question under the same name takes the first one's place.
        question: that it answers.
    """
    global _rests_until
    with _lock:
        _questions[name] = question
        _others.clear()
        _rests_until = 0.0


def forget_questions() -> None:
    """Ask nobody any more. For tests."""
    global _rests_until
    with _lock:
        _questions.clear()
        _others.clear()
        _rests_until = 0.0


def doubtful(view: View) -> list[Span]:
    """Find out which words of a text a sandbox issued, and remember these.

    Returns:
        Where words stand that a sandbox may have issued that did not answer in time, or is not
        asked for a while since it didn't.
    """
    if not _questions or getattr(_asking, "now", False):
        return []
    words = _unknown(view)
    if not words:
        return []
    ends = time.monotonic() + _LONGEST_TURN
    waiting = list(words)
    for first in range(0, len(waiting), _AT_ONCE):
        if not _settled(waiting[first : first + _AT_ONCE]) or time.monotonic() > ends:
            left = [word for word in waiting[first:] if _is_doubtful(word)]
            return [span for word in left for span in words[word]]
    return []


def _settled(words: Collection[str]) -> bool:
    """Ask about words, and note what they are; whether an answer came in time."""
    try:
        found = _issued([digest for word in words for digest in _digests(word)])
    except TimeoutError:
        return False
    for word in words:
        if found.isdisjoint(_digests(word)):
            _note_other(word)
        else:
            remember(word)
    return True


def _is_doubtful(word: str) -> bool:
    """Whether nobody has said yet what a word is."""
    with _lock:
        return _digests(word)[0] not in _others


def _issued(digests: Collection[str]) -> set[str]:
    """Those that any of the sandboxes issued; TimeoutError if it is not known in time."""
    global _rests_until
    begun = time.monotonic()
    with _lock:
        questions = list(_questions.values())
        if begun < _rests_until:
            raise TimeoutError
    _asking.now = True
    try:
        return {digest for question in questions for digest in question(digests)}
    except TimeoutError:
        ended = time.monotonic()
        _rests_until = ended + _REST * (ended - begun)
        raise
    finally:
        _asking.now = False


def _unknown(view: View) -> dict[str, list[Span]]:
    """The words to ask about, and where they stand."""
    words: dict[str, list[Span]] = {}
    known = known_forms().secrets
    for begin, end in view.long_words():
        word = view.text[begin:end]
        if len(word) <= _LONGEST and word not in known and looks_random(word):
            words.setdefault(word, []).append((begin, end))
    with _lock:
        return {word: at for word, at in words.items() if _digests(word)[0] not in _others}


def _digests(word: str) -> list[str]:
    """The digests of all that the word may have been when it was issued."""
    return [hashlib.sha256(f"{before}{word}".encode()).hexdigest() for before in _BEFORE]


def _note_other(word: str) -> None:
    with _lock:
        _others[_digests(word)[0]] = None
        while len(_others) > _MOST_KEPT:
            _others.popitem(last=False)
