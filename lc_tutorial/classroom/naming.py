"""The name of an explained error, of the few that the board has words for: nothing else of it."""

from lc_tutorial import errors
from lc_tutorial.board import events

#: Of errors that are told by their class alone; of two that fit, the first.
_BY_CLASS: tuple[tuple[type[Exception], events.ErrorName], ...] = (
    (errors.StepIncomplete, events.ErrorName.STEP_INCOMPLETE),
    (errors.CredentialsError, events.ErrorName.CREDENTIALS),
    (errors.RedirectUriError, events.ErrorName.REDIRECT_URI),
    (errors.RedirectError, events.ErrorName.CAME_BACK),
    (errors.NotSent, events.ErrorName.NOT_SENT),
    (errors.InputError, events.ErrorName.INPUT),
    (errors.SandboxGone, events.ErrorName.SANDBOX_GONE),
    (errors.NoNetwork, events.ErrorName.NO_NETWORK),
    (errors.ConnectionLost, events.ErrorName.CONNECTION_LOST),
    (errors.PortTaken, events.ErrorName.PORT_TAKEN),
    (errors.ProxyMissing, events.ErrorName.PROXY_MISSING),
    (errors.PlatformAnswerError, events.ErrorName.ANSWER),
)

#: The platform's own names, at each of its places.
#: Source: livechat-public-docs, authorization/troubleshooting; messaging/agent-chat-api.
_ON_PAGES = {
    "invalid_redirect_uri": events.ErrorName.NOT_WHITELISTED,
    "client_id_not_found": events.ErrorName.UNKNOWN_CLIENT,
    "invalid_scope": events.ErrorName.PAGE_SCOPE,
    "access_denied": events.ErrorName.PAGE_DENIED,
}
_AT_TOKEN = {
    "unauthorized_client": events.ErrorName.TOKEN_CLIENT,
    "invalid_grant": events.ErrorName.TOKEN_GRANT,
    "invalid_request": events.ErrorName.TOKEN_REQUEST,
}
_AT_APIS = {
    "authentication": events.ErrorName.API_AUTHENTICATION,
    "authorization": events.ErrorName.API_AUTHORIZATION,
    "validation": events.ErrorName.API_VALIDATION,
    "too_many_requests": events.ErrorName.API_LIMIT,
    "misdirected_request": events.ErrorName.API_REGION,
}


def name_of(problem: Exception) -> events.ErrorName:
    """The name of an explained error."""
    if isinstance(problem, errors.AuthorizationError):
        said = _ON_PAGES.get(problem.details) or _ON_PAGES.get(problem.name)
        return said or events.ErrorName.PAGE
    if isinstance(problem, errors.TokenError):
        return _AT_TOKEN.get(problem.name, events.ErrorName.TOKEN)
    if isinstance(problem, errors.ApiError):
        return _AT_APIS.get(problem.type, events.ErrorName.API)
    for kind, name in _BY_CLASS:
        if isinstance(problem, kind):
            return name
    return events.ErrorName.OTHER
