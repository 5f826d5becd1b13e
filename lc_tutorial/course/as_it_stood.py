"""How the notebooks make what they give a name, and call what the package gives them."""

from lc_tutorial.errors import has_the_steps


def line_of(name: str) -> str:
    """The line with which the notebook that runs makes this name.

    Args:
        name: one of ``LINES``.
    """
    caught_up = name in ("app", "authorization", "token") and not has_the_steps()
    return f"{name} = session.{name}" if caught_up else LINES[name]


#: How the notebooks make what has one of these names.
LINES = {
    "platform": "platform = lc.connect()",
    "session": "session = lc.catch_up(platform)",
    "app": "app = lc.CredentialsForm(platform)",
    "pkce": "pkce = lc.Pkce.new()",
    "authorization": "authorization = lc.AuthorizationForm(platform, authorization_url)",
    "token": "token = lc.Token.from_response(token_response)",
    "lab": "lab = lc.RequestLab(platform, app, authorization, token)",
    "tables": "tables = lc.tables(response)",
    "client": "client = lc.AgentChat(platform, session.token, app=session.app)",
    "archives": "archives = lc.tables(archive_pages)",
}

#: How they import what has one of these names.
IMPORTS = {
    "lc": "import lc_tutorial as lc",
    "requests": "import requests",
    "pd": "import pandas as pd",
    "urlencode": "from urllib.parse import urlencode",
}

#: How the notebooks call what has one of these names in the package.
CALLS = {
    **{line.split(" = ")[1].split("(")[0]: line for line in reversed(LINES.values())},
    "lc.check_app": "lc.check_app(app)",
    "lc.check_authorization": "lc.check_authorization(authorization)",
    "lc.check_catch_up": "lc.check_catch_up(session)",
    "lc.check_chats": "lc.check_chats(response, tables)",
    "lc.check_fresh": "lc.check_fresh(fresh, renewed)",
    "lc.check_going_on": "lc.check_going_on(going_on, tables)",
    "lc.check_living": "lc.check_living(living, inspected)",
    "lc.check_failures": "lc.check_failures(answer, journal)",
    "lc.check_take_code": "lc.check_take_code(take_code)",
    "lc.check_missing_scope": "lc.check_missing_scope(missing_scope)",
    "lc.check_renewed": "lc.check_renewed(token, renewed)",
    "lc.check_revoked": "lc.check_revoked(last)",
    "lc.check_token": "lc.check_token(token)",
    "lc.check_unanswered": "lc.check_unanswered(unanswered, tables)",
    "lc.progress": "lc.progress()",
    "lc.quiz": 'lc.quiz("calls")',
    "lc.check_narrower": "lc.check_narrower(narrower, refused, repaired)",
    "lc.check_refreshed": "lc.check_refreshed(token, token_response)",
    "lc.countdown": "lc.countdown(lc.Token.from_response(inspected))",
    "lc.flow": "lc.flow(platform)",
    "lc.redirect_of_somebody_else": "lc.redirect_of_somebody_else(platform, app)",
    "lc.show": "lc.show(response)",
    "lc.show_redirect": "lc.show_redirect(came_back, state)",
    "lc.write_standalone": "lc.write_standalone(platform)",
}
