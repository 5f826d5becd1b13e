"""The requests of the course, ready to open, and to take along to Postman."""

from collections.abc import Callable
from html import escape
from pathlib import Path

import ipywidgets as widgets

from lc_tutorial.forms import base
from lc_tutorial.forms.lab.fields import choice
from lc_tutorial.lab import Entry, collection, postman
from lc_tutorial.platforms import Platform

#: The file that the collection is written into, in the folder of the notebook.
FILE = "lc_tutorial.postman_collection.json"


class Collection(base.Part):
    """A list of the course's requests, by folder.

    Args:
        platform: that they are addressed to.
        opened: called with the entry that shall be opened.
    """

    def __init__(self, platform: Platform, opened: Callable[[Entry], None]) -> None:
        super().__init__("The requests of the course.")
        self._platform = platform
        self._entries = collection.entries(platform)
        folders = list(dict.fromkeys(entry.folder for entry in self._entries))
        self._folder = choice("Folder", [(each, each) for each in folders], "lc-folder")
        self._list = choice("Request", [], "lc-entries")
        self._about = widgets.HTML()
        self._about.add_class("lc-about")
        self._folder.observe(lambda _: self._list_folder(), names="value")
        self._list.observe(lambda _: self._tell_about(), names="value")
        self.add_class("lc-collection-part")
        self.children = (
            self._folder,
            self._list,
            self._about,
            base.buttons(
                self.button("Open", lambda: opened(self._chosen()), "lc-open-entry", "primary"),
                self.button("Export for Postman", self._export, "lc-export"),
            ),
            self._speech,
        )
        self._list_folder()

    def _list_folder(self) -> None:
        self._list.options = [
            (entry.name, number)
            for number, entry in enumerate(self._entries)
            if entry.folder == self._folder.value
        ]
        self._list.index = 0

    def _chosen(self) -> Entry:
        self._speech.value = ""
        entry: Entry = self._entries[self._list.value]
        return entry

    def _tell_about(self) -> None:
        if self._list.value is not None:
            self._about.value = f"<p>{escape(self._entries[self._list.value].about)}</p>"

    def _export(self) -> None:
        path = Path(FILE)
        postman.write(path, self._entries)
        self.say(
            "done",
            f"Written: <code>{escape(path.name)}</code>, beside the notebook. In Postman, choose "
            "<b>Import</b> and this file. It holds no secret: give the collection's variables "
            "their values there.",
        )
