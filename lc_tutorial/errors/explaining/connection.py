"""Why nobody answered."""

import requests

from lc_tutorial.errors.explaining.explanation import Explanation


def failure(problem: requests.RequestException, host: str) -> Explanation:
    """Why nobody answered. The text of ``problem`` is not repeated: it may hold a secret.

    Args:
        problem: what ``requests`` raised.
        host: whom the call was for.
    """
    if host in ("127.0.0.1", "localhost", "::1"):
        if isinstance(problem, requests.Timeout):
            return Explanation(
                "The sandbox did not answer in time.",
                "It runs, but something keeps it busy.",
                "Run the cell again. If it stays silent, restart the kernel and run the cell that "
                "connects.",
            )
        return Explanation(
            "The sandbox is gone.",
            "Nothing answers at its address. It ends with JupyterLab, with `lc-tutorial stop`, "
            "and after a day without use.",
            "Run the cell that connects again: it starts a new one. Your app from step 1 is gone "
            "with the old one, so go on with step 1.",
        )
    why, remedy = _network(problem)
    return Explanation(f"{host} can't be reached.", why, remedy)


def _network(problem: requests.RequestException) -> tuple[str, str]:
    causes = _chain(problem)
    if isinstance(problem, requests.exceptions.ProxyError):
        return (
            "The proxy of your network refused, or is not there.",
            "Check the environment variables HTTP_PROXY and HTTPS_PROXY, then run the cell again.",
        )
    if isinstance(problem, requests.exceptions.SSLError):
        return (
            "Its certificate was not accepted. Often a company's network puts its own in between.",
            "Set REQUESTS_CA_BUNDLE to your company's certificates, or use another network. "
            "Don't switch the check off: you would send your secret to a stranger.",
        )
    if isinstance(problem, requests.Timeout):
        return (
            "It did not answer in time.",
            "Check your network, then run the cell again.",
        )
    if "NameResolutionError" in causes or "gaierror" in causes:
        return (
            "Its name could not be looked up: likely this machine is offline.",
            "Check your network, then run the cell again.",
        )
    if isinstance(problem, requests.ConnectionError):
        return (
            "The connection was refused or broken off.",
            "Check your network, a firewall and a VPN, then run the cell again.",
        )
    return (
        f"The request failed on its way ({type(problem).__name__}).",
        "Check the address in the cell, then run it again.",
    )


def _chain(problem: BaseException) -> set[str]:
    """The names of the kinds of errors that led to this one."""
    names: set[str] = set()
    waiting: list[object] = [problem]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and len(names) < 50:
            names.add(type(one).__name__)
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return names
