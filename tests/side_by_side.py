"""Which tests may run beside each other, where pytest-xdist runs them in several processes."""

from xdist.scheduler import LoadScopeScheduling

#: Whatever listens where the browser comes back: one machine has that port once.
_AT_THE_CALLBACK_PORT = (
    "tests/browser/",
    "tests/notebooks/",
    "tests/sandbox/test_server.py",
    "tests/unit/course/test_standalone.py",
    "tests/unit/masking/test_issued_by_a_sandbox.py",
    "tests/unit/masking/test_places.py",
    "tests/unit/forms/",
)

#: Among them, and yet without that port: what they run gets its token from the scripted learner.
_WITHOUT_IT = (
    "tests/notebooks/test_explore.py",
    "tests/notebooks/test_keep_access.py",
    "tests/notebooks/test_map.py",
    "tests/unit/forms/test_quiz.py",
    "tests/unit/forms/test_time_left.py",
)


class OneCallbackPort(LoadScopeScheduling):
    """A module's tests stay together, and so do all of those that listen at the callback's port.

    A notebook's form listens at port 8377 of its machine, as the redirect URI says. Two notebooks
    of two learners never share a machine's port; two tests would.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        is_at_it = module.startswith(_AT_THE_CALLBACK_PORT) and module not in _WITHOUT_IT
        return "the callback's port" if is_at_it else module
