"""Questions to what the kernel has seen that are not of one value: its beginning, its app."""

from lc_tutorial.memory.kernel import _codes, _lock, _tokens


def longer_token(beginning: str) -> str | None:
    """A token that begins with this text and goes on, if one was issued."""
    with _lock:
        return next(
            (
                token
                for token in _tokens
                if len(beginning) >= 8 and token.startswith(beginning) and token != beginning
            ),
            None,
        )


def longer_code(beginning: str) -> str | None:
    """A code that begins with this text and goes on, if one came back."""
    with _lock:
        return next(
            (code for code in _codes if code.startswith(beginning) and code != beginning), None
        )


def served(client_id: str) -> bool:
    """Whether an app with this Client Id brought a code or a token in this kernel."""
    with _lock:
        asked = (code.request.client_id for code in _codes.values() if code.request is not None)
        return client_id in asked or any(t.client_id == client_id for t in _tokens.values())
