"""The Developer Console: apps, their building blocks, and who uses it.

Its structure follows the real one's, in words and looks of our own.
Source: livechat-public-docs, authorization/authorization-in-practice and guides/livechat-apps.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lc_tutorial.sandbox.console import authorization as console_authorization
from lc_tutorial.sandbox.console import debugger as console_debugger
from lc_tutorial.sandbox.console import inbox as console_inbox
from lc_tutorial.sandbox.console import tokens as console_tokens
from lc_tutorial.sandbox.console import trusted_origins as console_trusted_origins
from lc_tutorial.sandbox.console.page import CLIENT_TYPES, acting, own_app, page, world_of
from lc_tutorial.sandbox.web import PageProblem, checked_form, redirect, session

MAX_NAME = 60  # assumed: no source names a limit
MOST_APPS = 1_000  # assumed: of one person; no source names a limit


async def without_slash(request: Request) -> Response:
    """Lead from /console to the Console."""
    return redirect(request, "/console/")


# --- Apps -------------------------------------------------------------------------------------


async def apps(request: Request) -> Response:
    """List the apps of the person who uses the Console."""
    me, world = acting(request), world_of(request)
    own = [app for app in world.apps.values() if app.author_id == me.id]
    made = [app for app in own if app is not world.ready_made]
    ready_made = world.ready_made if world.ready_made in own else None
    return page(
        request, "console_apps.html", section="apps", made=made[::-1], ready_made=ready_made
    )


async def new_app(request: Request) -> Response:
    """Ask for a new app's name, and create it."""
    if request.method != "POST":
        return page(
            request, "console_new_app.html", section="apps", name="", problem="", limit=MAX_NAME
        )
    form = await checked_form(request)
    own = sum(app.author_id == acting(request).id for app in world_of(request).apps.values())
    if own >= MOST_APPS:
        raise PageProblem(
            409,
            f"You have {MOST_APPS:,} apps already",
            "The sandbox keeps no more of one person. Delete some under Apps, or start the sandbox "
            "anew, which begins with the ready-made app alone.",
        )
    name = " ".join(form.get("name", "").split())
    problem = ""
    if not name:
        problem = "Give the app a name: people see it when the app asks for access."
    elif len(name) > MAX_NAME:
        problem = f"The name has {len(name)} characters; {MAX_NAME} is the most."
    if problem:
        return page(
            request,
            "console_new_app.html",
            section="apps",
            status=422,
            name=name,
            problem=problem,
            limit=MAX_NAME,
        )
    app = world_of(request).create_app(name, acting(request).id)
    session(request).notices.append(("ok", f"The app {name} exists. It needs a building block."))
    return redirect(request, f"/console/apps/{app.id}/building-blocks")


async def overview(request: Request) -> Response:
    """Show an app: what is set up, and what comes next."""
    app = own_app(request)
    return page(
        request,
        "console_overview.html",
        section="overview",
        app=app,
        is_ready_made=app is world_of(request).ready_made,
    )


async def delete(request: Request) -> Response:
    """Delete an app, after asking."""
    app, world = own_app(request), world_of(request)
    if app is world.ready_made:
        raise PageProblem(
            409,
            "The ready-made app stays",
            "Programs rely on it while the sandbox runs. Apps that you made can be deleted.",
        )
    if request.method != "POST":
        return page(request, "console_delete.html", section="overview", app=app)
    await checked_form(request)
    world.delete_app(app)
    session(request).drafts.pop(app.id, None)
    session(request).notices.append(("ok", f"The app {app.name} was deleted."))
    return redirect(request, "/console/")


async def installation(request: Request) -> Response:
    """Install an app for the author's own organisation, or remove it again."""
    app = own_app(request)
    if request.method != "POST":
        return page(request, "console_installation.html", section="installation", app=app)
    form = await checked_form(request)
    app.installed = form.get("action") == "install"
    return redirect(request, f"/console/apps/{app.id}/installation")


async def publication(request: Request) -> Response:
    """Publish an app for everybody, or take it back: a stand-in for the review and Marketplace."""
    app = own_app(request)
    if request.method != "POST":
        return page(request, "console_publication.html", section="publication", app=app)
    form = await checked_form(request)
    if app.block is None:
        raise PageProblem(
            409, "This app has no Authorization block", "Add it first, under Building Blocks."
        )
    app.published = form.get("action") == "publish"
    return redirect(request, f"/console/apps/{app.id}/publication")


# --- Building blocks --------------------------------------------------------------------------


async def building_blocks(request: Request) -> Response:
    """Show the blocks that an app can be made of."""
    return page(
        request, "console_building_blocks.html", section="building-blocks", app=own_app(request)
    )


async def new_client(request: Request) -> Response:
    """Ask for the kind of client, and add the Authorization block."""
    app = own_app(request)
    if app.block is not None:
        return redirect(request, f"/console/apps/{app.id}/authorization")
    problem = ""
    if request.method == "POST":
        form = await checked_form(request)
        client_type = CLIENT_TYPES.get(form.get("client_type", ""))
        if client_type is not None:
            world_of(request).add_authorization(app, client_type)
            return redirect(request, f"/console/apps/{app.id}/authorization")
        problem = "Choose one of the two first."
    return page(
        request,
        "console_new_client.html",
        section="building-blocks",
        app=app,
        status=422 if problem else 200,
        problem=problem,
    )


# --- People -----------------------------------------------------------------------------------


async def people(request: Request) -> Response:
    """List the sandbox's people, and let the Console act as another of them."""
    world = world_of(request)
    if request.method != "POST":
        teams = [
            (
                organization,
                [a for a in world.accounts.values() if a.organization_id == organization.id],
            )
            for organization in world.organizations.values()
        ]
        return page(request, "console_people.html", section="people", teams=teams)
    form = await checked_form(request)
    picked = world.accounts.get(form.get("account_id", ""))
    if picked is None:
        raise PageProblem(
            404, "There is no such person", "Go back, reload the page, and choose one of the list."
        )
    current = session(request)
    current.console_account_id = picked.id
    current.notices.append(("ok", f"The Console now takes you for {picked.name}."))
    return redirect(request, "/console/")


_BOTH = ["GET", "POST"]
_APP = "/console/apps/{app_id}"

routes = [
    Route("/console", without_slash),
    Route("/console/", apps),
    Route("/console/people", people, methods=_BOTH),
    Route("/console/apps/new", new_app, methods=_BOTH),
    Route(_APP, overview),
    Route(f"{_APP}/delete", delete, methods=_BOTH),
    Route(f"{_APP}/installation", installation, methods=_BOTH),
    Route(f"{_APP}/publication", publication, methods=_BOTH),
    Route(f"{_APP}/building-blocks", building_blocks),
    Route(f"{_APP}/building-blocks/authorization", new_client, methods=_BOTH),
    *console_authorization.routes,
    *console_tokens.routes,
    *console_trusted_origins.routes,
    *console_debugger.routes,
    *console_inbox.routes,
]
