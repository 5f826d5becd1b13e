"""Which of these tests belong to `make test`, too."""

import os

#: It waits until somebody has done nothing for a while: only `make classroom-test` has that time.
collect_ignore = [] if "LC_TUTORIAL_CLASS" in os.environ else ["test_idle.py"]
