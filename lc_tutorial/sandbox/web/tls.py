"""The certificate with which a sandbox answers https."""

import hashlib
import ssl
from dataclasses import dataclass
from pathlib import Path

from lc_tutorial.system import in_words


class Unusable(Exception):
    """The sandbox cannot answer https with these files; the text says why and what to do."""


@dataclass(frozen=True)
class Identity:
    """A certificate and its key that have been found to work.

    Attributes:
        certificate: The file with the certificate, and those that lead to its authority.
        key: The file with its private key.
        fingerprint: SHA-256 of the certificate, in hex: by it a client on this machine knows the
            sandbox, whoever signed the certificate.
    """

    certificate: Path
    key: Path
    fingerprint: str


def identity(
    certificate: Path | None, key: Path | None, program: str = "sandbox"
) -> Identity | None:
    """Check the files with which to answer https.

    Args:
        certificate: A PEM file, or None for http.
        key: A PEM file, not encrypted, or None for http.
        program: What is going to answer, as a message calls it.

    Returns:
        What works; None for http, where neither file is given.

    Raises:
        Unusable: One is missing, cannot be read, or does not belong to the other.
    """
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        missing = "--tls-cert" if certificate is None else "--tls-key"
        raise Unusable(
            f"For https the {program} needs a certificate and its private key: {missing} is "
            "missing. Give both --tls-cert and --tls-key, or neither for http."
        )
    fingerprint = _fingerprint(certificate, _text(certificate, "certificate"))
    _text(key, "private key")
    _try(certificate, key, program)
    return Identity(certificate, key, fingerprint)


def _text(path: Path, what: str) -> str:
    try:
        # Beside its ASCII a PEM file may hold anything, a binary file too: it is no PEM then.
        return path.read_text(encoding="latin-1")
    except OSError as problem:
        raise Unusable(
            f"The {what} {path} cannot be read: {in_words(problem)}. Check the path, and that you "
            "may read the file."
        ) from problem


def _fingerprint(path: Path, text: str) -> str:
    """Return the fingerprint of the first certificate in a text."""
    beginning, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    _, found, rest = text.partition(beginning)
    first, ended, _ = rest.partition(end)
    try:
        if not found or not ended:
            raise ValueError
        der = ssl.PEM_cert_to_DER_cert(f"{beginning}{first}{end}")
    except ValueError as problem:
        raise Unusable(
            f"There is no certificate in {path}. It has to be a PEM file, in which a line says "
            "BEGIN CERTIFICATE."
        ) from problem
    return hashlib.sha256(der).hexdigest()


def _try(certificate: Path, key: Path, program: str) -> None:
    def refuse() -> str:
        # Without this OpenSSL would ask for a password at the terminal, and wait.
        raise Unusable(
            f"The private key {key} is encrypted, and the {program} has no password for it. "
            "Give a key without a password: this is for a throw-away certificate."
        )

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, refuse)
    except ssl.SSLError as problem:
        if problem.reason == "KEY_VALUES_MISMATCH":
            raise Unusable(
                f"The private key {key} does not belong to the certificate {certificate}. "
                "Give the two that were made together."
            ) from problem
        raise Unusable(
            f"The certificate {certificate} and the private key {key} cannot be used: one of them "
            f"is not a PEM file of its kind, or it is damaged or too weak ({problem.reason}). "
            "Make them anew."
        ) from problem
