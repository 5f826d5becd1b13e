"""What the Console's pages share: who uses it, whose apps these are, the frame around a page."""

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from lc_tutorial.sandbox.web import pages
from lc_tutorial.sandbox.world import ROLE_NAMES, Account, App, ClientType, Sandbox

#: What a form may say of a client's type, and what it means.
CLIENT_TYPES: dict[str, ClientType] = {"server_side": "server_side", "javascript": "javascript"}


def world_of(request: Request) -> Sandbox:
    """Return the world that this request is about."""
    world: Sandbox = request.app.state.world
    return world


def acting(request: Request) -> Account:
    """Return the person whom the Console takes this browser for.

    In the sandbox nobody signs in to the Console: it is the author of the ready-made app, the
    owner of the first organisation, until another person is picked.
    """
    world = world_of(request)
    picked = world.accounts.get(pages.session(request).console_account_id or "")
    return picked or world.accounts[world.ready_made.author_id]


def own_app(request: Request) -> App:
    """Return the app in the path of the request.

    Raises:
        PageProblem: There is no such app (404), or it is another person's (403).
    """
    world = world_of(request)
    app = world.apps.get(request.path_params["app_id"])
    if app is None:
        raise pages.PageProblem(
            404,
            "There is no such app",
            "It was deleted, or the sandbox was started anew and forgot it. "
            "Create it again, under Apps.",
        )
    if app.author_id != acting(request).id:
        author = world.accounts[app.author_id].name
        raise pages.PageProblem(
            403,
            "This app is somebody else's",
            f"It was made by {author}. To work on it, act as {author}: choose that under People.",
        )
    return app


def page(
    request: Request,
    template: str,
    /,
    *,
    section: str,
    app: App | None = None,
    status: int = 200,
    **context: Any,
) -> HTMLResponse:
    """Render a page of the Console.

    Args:
        request: The request that is answered.
        template: The template's file name.
        section: The entry of the navigation that is the current one.
        app: The app that the page is about, if it is about one.
        status: The HTTP status code.
        context: The template's further variables.
    """
    me = acting(request)
    organization = world_of(request).organizations[me.organization_id]
    return pages.render(
        request,
        template,
        status=status,
        me=me,
        organization=organization,
        role_names=ROLE_NAMES,
        section=section,
        app=app,
        app_url=f"/console/apps/{app.id}" if app else "",
        **context,
    )
