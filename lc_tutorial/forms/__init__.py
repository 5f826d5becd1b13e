"""The forms of the notebooks: one form a module."""
