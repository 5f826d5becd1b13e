"""The ports of kernels that tests start, where the system gives them to nobody else.

jupyter_client asks the system for any free port, lets it go and has the kernel take it, a second
later on a busy machine. By then whoever else asked for any port may have it, such as a sandbox of
the other process: the kernel ends with "Address already in use". A Jupyter server starts it again
with other ports; a notebook that a test runs has nobody to do that.
"""

import itertools
import socket

from jupyter_client.connect import LocalPortCache

#: Below those that systems give to who asks for any: 32768 on Linux, 49152 on macOS and Windows.
_FIRST_PORT, _PORTS = 20_000, 1_000


def take_kernel_ports(number: int) -> None:
    """Let this process's kernels have ports of its own.

    Args:
        number: of the process among those that tests run in.
    """
    first = _FIRST_PORT + _PORTS * number
    ports = itertools.cycle(range(first, first + _PORTS))

    def find_available_port(self: LocalPortCache, ip: str) -> int:
        for port in ports:
            with socket.socket() as probe:
                try:
                    probe.bind((ip, port))
                except OSError:
                    continue
            if port not in self.currently_used_ports:
                self.currently_used_ports.add(port)
                return port
        raise AssertionError("A cycle has no end.")

    LocalPortCache.find_available_port = find_available_port  # type: ignore[method-assign]
