"""Which of these tests belong to `make test`, too."""

import os

#: One downloads what a hub needs, and one waits until somebody has done nothing for a while: only
#: `make classroom-test` has that time.
collect_ignore = (
    [] if "LC_TUTORIAL_CLASS" in os.environ else ["test_from_nothing.py", "test_idle.py"]
)
