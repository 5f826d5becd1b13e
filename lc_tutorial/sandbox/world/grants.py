"""What people granted to apps: their consent, and the codes and tokens that came of it.

What the platform demands of a request is decided where requests arrive; here is what is true of the
records whoever asks: how long they live, how many there may be, what goes when something goes.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lc_tutorial.sandbox.world.endings import Ending, Endings, How, Kind
from lc_tutorial.sandbox.world.records import (
    AccessToken,
    Account,
    Challenge,
    Clock,
    Code,
    RefreshToken,
)
from lc_tutorial.sandbox.world.secret_values import REGIONS, random_value

#: Seconds. Source: livechat-public-docs, authorization/oauth-authorization.
ACCESS_TOKEN_LIFETIME = 28_800
CODE_LIFETIME = 300  # assumed: the source says "a few minutes"
REFRESH_TOKEN_LIFETIME = 30 * 86_400  # assumed: the source says only that they expire

#: For each kind of token, per client and account; the oldest goes when there is one more.
#: Source: livechat-public-docs, authorization/oauth-authorization, "Token limitations".
TOKEN_LIMIT = 25

#: Redirects to an app within so many seconds, per client and account. Source: the same.
REDIRECT_LIMIT = 3
REDIRECT_WINDOW = 30

#: How many codes are kept, of all people and apps; the oldest goes. assumed: no source names one.
MOST_CODES = 2_000


_KINDS: dict[type, Kind] = {
    Code: "code",
    AccessToken: "access_token",
    RefreshToken: "refresh_token",
}


@dataclass
class _Wallet:
    """The tokens of one client and account, oldest first."""

    access: dict[str, AccessToken] = field(default_factory=dict)
    refresh: dict[str, RefreshToken] = field(default_factory=dict)


class Grants:
    """The consents, codes and tokens of all people and apps.

    Args:
        clock: What time it is.
        new_value: Makes the value of a code or an access token for an organisation.
        organization_of: Tells the organisation of an account, by their ids.
        endings: Where it is noted how codes and tokens end.
    """

    def __init__(
        self,
        clock: Clock,
        new_value: Callable[[str], str],
        organization_of: Callable[[str], str],
        endings: Endings | None = None,
    ) -> None:
        self._endings = Endings() if endings is None else endings
        self._clock = clock
        self._new_value = new_value
        self._organization_of = organization_of
        self._codes: dict[str, Code] = {}
        self._wallets: dict[tuple[str, str], _Wallet] = {}
        self._access: dict[str, AccessToken] = {}
        self._refresh: dict[str, RefreshToken] = {}
        self._consents: dict[tuple[str, str], frozenset[str]] = {}
        self._redirects: dict[tuple[str, str], deque[float]] = {}

    # --- What people agreed to ------------------------------------------------------------------

    def remember_consent(self, client_id: str, account_id: str, scopes: Iterable[str]) -> None:
        """Note that a person allowed a client these scopes."""
        owner = (client_id, account_id)
        self._consents[owner] = self._consents.get(owner, frozenset()) | frozenset(scopes)

    def has_consent(self, client_id: str, account_id: str, scopes: Iterable[str]) -> bool:
        """Whether a person allowed a client all of these scopes before."""
        return self._consents.get((client_id, account_id), frozenset()).issuperset(scopes)

    def allowed_by(self, client_id: str) -> list[str]:
        """Return the account ids of those who have allowed a client something."""
        return [account_id for client, account_id in self._consents if client == client_id]

    def may_redirect(self, client_id: str, account_id: str) -> bool:
        """Count a redirect to an app; False, and not counted, if there were too many lately."""
        now = self._clock.elapsed()
        times = self._redirects.setdefault((client_id, account_id), deque())
        while times and times[0] <= now - REDIRECT_WINDOW:
            times.popleft()
        if len(times) >= REDIRECT_LIMIT:
            return False
        times.append(now)
        return True

    # --- Codes ----------------------------------------------------------------------------------

    def issue_code(
        self,
        client_id: str,
        account: Account,
        redirect_uri: str,
        scopes: Iterable[str],
        challenge: Challenge | None = None,
    ) -> Code:
        """Issue a code that can be exchanged once."""
        now = self._clock.now()
        while self._codes and next(iter(self._codes.values())).expires_at <= now:
            self._forget_oldest_code("expired")
        while len(self._codes) >= MOST_CODES:
            self._forget_oldest_code("pushed_out")
        code = Code(
            value=self._new_value(account.organization_id),
            client_id=client_id,
            account_id=account.id,
            redirect_uri=redirect_uri,
            scopes=tuple(scopes),
            challenge=challenge,
            expires_at=now + CODE_LIFETIME,
        )
        self._codes[code.value] = code
        return code

    def _forget_oldest_code(self, how: How) -> None:
        code = self._codes.pop(next(iter(self._codes)))
        self._note(code, "spent" if code.used else how)

    def code(self, value: str) -> Code | None:
        """Return a code that can still be exchanged: neither used nor expired."""
        code = self._codes.get(value)
        return code if code and not code.used and code.expires_at > self._clock.now() else None

    # --- Tokens ---------------------------------------------------------------------------------

    def issue_refresh_token(
        self, client_id: str, account_id: str, scopes: Iterable[str]
    ) -> RefreshToken:
        """Issue a refresh token; with too many, the client's and account's oldest one goes."""
        refresh = RefreshToken(
            value=random_value(),
            client_id=client_id,
            account_id=account_id,
            scopes=tuple(scopes),
            expires_at=self._clock.now() + REFRESH_TOKEN_LIFETIME,
        )
        wallet = self._wallets.setdefault((client_id, account_id), _Wallet())
        wallet.refresh[refresh.value] = self._refresh[refresh.value] = refresh
        while len(wallet.refresh) > TOKEN_LIMIT:
            self._drop(next(iter(wallet.refresh.values())), "pushed_out")
        return refresh

    def issue_access_token(
        self,
        client_id: str,
        account_id: str,
        scopes: Iterable[str],
        refresh: RefreshToken | None = None,
    ) -> AccessToken:
        """Issue an access token; with too many, the client's and account's oldest one goes."""
        now = self._clock.now()
        organization_id = self._organization_of(account_id)
        token = AccessToken(
            value=self._new_value(organization_id),
            client_id=client_id,
            account_id=account_id,
            organization_id=organization_id,
            scopes=tuple(scopes),
            issued_at=now,
            expires_at=now + ACCESS_TOKEN_LIFETIME,
            refresh_token=refresh.value if refresh else None,
        )
        wallet = self._wallets.setdefault((client_id, account_id), _Wallet())
        wallet.access[token.value] = self._access[token.value] = token
        while len(wallet.access) > TOKEN_LIMIT:
            self._drop(next(iter(wallet.access.values())), "pushed_out")
        return token

    def access_token(self, value: str) -> AccessToken | None:
        """Return an access token that is valid now, else None."""
        token = self._access.get(value)
        return token if token and token.expires_at > self._clock.now() else None

    def refresh_token(self, value: str) -> RefreshToken | None:
        """Return a refresh token, expired or not; a region prefix, as in older days, is fine."""
        prefix, colon, rest = value.partition(":")
        return self._refresh.get(rest if colon and prefix in REGIONS else value)

    def spend(self, refresh: RefreshToken) -> None:
        """Make a single-use refresh token worthless; access tokens bought with it live on."""
        self._drop(refresh, "spent")

    def revoke(self, value: str) -> bool:
        """Revoke an access or a refresh token together with its twin.

        Returns:
            False if there is no such token.
        """
        token = self.access_token(value)
        refresh = self.refresh_token(value if token is None else token.refresh_token or "")
        if token is None and refresh is None:
            return False
        if token is not None:
            self._drop(token, "revoked")
        if refresh is not None:
            self._drop(refresh, "revoked")
            wallet = self._wallets[refresh.client_id, refresh.account_id]
            # assumed: all access tokens that came with this refresh token are its twins.
            for twin in [t for t in wallet.access.values() if t.refresh_token == refresh.value]:
                self._drop(twin, "revoked")
        return True

    def _drop(self, token: AccessToken | RefreshToken, how: How) -> None:
        # What was no good any more when it went had ended before.
        self._note(token, "expired" if token.expires_at <= self._clock.now() else how)
        wallet = self._wallets[token.client_id, token.account_id]
        if isinstance(token, AccessToken):
            wallet.access.pop(token.value, None)
            self._access.pop(token.value, None)
        else:
            wallet.refresh.pop(token.value, None)
            self._refresh.pop(token.value, None)

    def _note(self, record: Code | AccessToken | RefreshToken, how: How) -> None:
        kind = _KINDS[type(record)]
        at = record.expires_at if how == "expired" else self._clock.now()
        ending = Ending(kind, how, at, record.client_id, record.account_id)
        self._endings.note(record.value, ending)

    # --- All of them ----------------------------------------------------------------------------

    def issued(self) -> tuple[list[Code], list[AccessToken], list[RefreshToken]]:
        """Return all codes, access tokens and refresh tokens that are kept, oldest first."""
        codes, access, refresh = self._codes, self._access, self._refresh
        return list(codes.values()), list(access.values()), list(refresh.values())

    def end_access(self, client_id: str, account_id: str | None = None) -> tuple[int, int]:
        """End all that was granted to a client: consents, codes and tokens.

        Args:
            client_id: Of the app that is to have no access any more.
            account_id: Of the person whose account it is; None for everybody's.

        Returns:
            How many access tokens and how many refresh tokens lived until now.
        """

        def is_meant(owner: tuple[str, str]) -> bool:
            return owner[0] == client_id and account_id in (None, owner[1])

        now, ended = self._clock.now(), [0, 0]
        for owner in filter(is_meant, list(self._wallets)):
            wallet = self._wallets[owner]
            for access in list(wallet.access.values()):
                ended[0] += access.expires_at > now
                self._drop(access, "revoked")
            for refresh in list(wallet.refresh.values()):
                ended[1] += refresh.expires_at > now
                self._drop(refresh, "revoked")
        for code in list(self._codes.values()):
            if is_meant((code.client_id, code.account_id)):
                del self._codes[code.value]
                self._note(code, "spent" if code.used else "revoked")
        for owner in filter(is_meant, list(self._consents)):
            del self._consents[owner]
        return ended[0], ended[1]

    def forget_client(self, client_id: str) -> None:
        """Forget all that was ever granted to a client."""
        for owner in [owner for owner in self._wallets if owner[0] == client_id]:
            wallet = self._wallets.pop(owner)
            kept: list[AccessToken | RefreshToken] = [
                *wallet.access.values(),
                *wallet.refresh.values(),
            ]
            for token in kept:
                self._note(token, "app_deleted")
                self._access.pop(token.value, None)
                self._refresh.pop(token.value, None)
        for noted in (self._consents, self._redirects):
            for owner in [owner for owner in noted if owner[0] == client_id]:
                del noted[owner]

    def forget_redirects(self) -> None:
        """Forget how often people were redirected lately."""
        self._redirects.clear()
