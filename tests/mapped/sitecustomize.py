"""Python imports this when it starts, wherever this folder is on PYTHONPATH."""

import mapped_hosts

mapped_hosts.install()
