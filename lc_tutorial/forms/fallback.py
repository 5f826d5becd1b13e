"""What a widget is where no widgets run, such as a rendered page: a sentence."""

from typing import Any


class Fallback:
    """Shows a sentence in a widget's place. To be named before the widget's own class.

    It is the widget's repr, too: widgets put all their traits into that, and ours may hold what a
    learner typed.
    """

    #: The sentence.
    _fallback: str

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        made = super()._repr_mimebundle_(**kwargs)  # type: ignore[misc]
        # With or without metadata, as the library has it.
        bundle = made[0] if isinstance(made, tuple) else made
        if bundle is not None:
            bundle["text/plain"] = self._fallback
        return made

    def __repr__(self) -> str:
        return self._fallback
