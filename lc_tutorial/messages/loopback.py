"""By which names and addresses this machine is called that only it can reach."""

#: As they stand in addresses: what :attr:`urllib.parse.SplitResult.hostname` says.
LOOPBACK = ("127.0.0.1", "localhost", "::1")
