"""The mask over what widgets only show.

A widget's state travels to the browser, and Jupyter may save it in the notebook. What a person can
change comes back from there, so dots in it would become its value: that is left as it is. What is
only shown can't come back: the text of an ``HTML``, a ``Label``, a progress bar, what an
``Output`` collects, the labels of choices.
"""

import sys
from collections.abc import Mapping
from typing import Any

from lc_tutorial.masking.redacting import mask, mask_data

#: Traits of ipywidgets that show something and take nothing back, by the name of the model.
_SHOWN_OF = {
    "HTMLModel": frozenset({"value"}),
    "HTMLMathModel": frozenset({"value"}),
    "LabelModel": frozenset({"value"}),
    "OutputModel": frozenset({"outputs"}),
}

#: The same, for every model: choices come back by their number.
_SHOWN = frozenset({"description", "tooltip", "placeholder", "titles", "_options_labels"})


class WidgetMask:
    """Masks the messages of widgets on their way to the browser."""

    def __init__(self) -> None:
        self._models: dict[str, str] = {}

    def content(self, kind: str, content: Mapping[str, Any]) -> Any:
        """The content of a message, masked where it only shows something.

        Args:
            kind: ``"comm_open"``, ``"comm_msg"`` or ``"comm_close"``.
            content: of the message.
        """
        comm_id, data = content.get("comm_id"), content.get("data")
        if kind == "comm_close":
            self._models.pop(str(comm_id), None)
        if not isinstance(data, Mapping):
            return content
        state, states = data.get("state"), data.get("states")
        if isinstance(state, Mapping):
            if kind == "comm_open" and "_model_name" in state:
                self._models[str(comm_id)] = str(state["_model_name"])
            masked = _state(state, self._models.get(str(comm_id)) or _model_of(str(comm_id)))
            return {**content, "data": {**data, "state": masked}}
        if isinstance(states, Mapping):
            every = {key: _described(value) for key, value in states.items()}
            return {**content, "data": {**data, "states": every}}
        return content


def _model_of(comm_id: str) -> str:
    """The model of a widget that was made before the mask was put on."""
    widgets = getattr(sys.modules.get("ipywidgets.widgets.widget"), "_instances", {})
    return str(getattr(widgets.get(comm_id), "_model_name", ""))


def _described(description: Any) -> Any:
    """One of the states of all widgets, which a browser asks for when it comes later."""
    if not isinstance(description, Mapping) or not isinstance(description.get("state"), Mapping):
        return description
    name = str(description.get("model_name") or description["state"].get("_model_name", ""))
    return {**description, "state": _state(description["state"], name)}


def _state(state: Mapping[str, Any], model: str) -> dict[str, Any]:
    shown = _SHOWN | _SHOWN_OF.get(model, frozenset())
    return {key: _masked(value) if key in shown else value for key, value in state.items()}


def _masked(value: Any) -> Any:
    return mask(value) if isinstance(value, str) else mask_data(value)
