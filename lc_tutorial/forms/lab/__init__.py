"""The widgets of the request lab: a part a module, and the lab that puts them together."""
