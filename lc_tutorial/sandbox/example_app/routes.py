"""The page of the example app: it goes through the flows in its own JavaScript.

The server gives the page and nothing else: the app keeps no secret, because it has no place for
one. Whoever opens the page can read all of it.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lc_tutorial.sandbox.web import pages

#: Also the app's redirect URI: the browser comes back to the page that it left.
PATH = "/example-app"


async def page(request: Request) -> Response:
    """Show the app. What came back in the address is for its script alone."""
    return pages.render(request, "example_app.html", fetches=True)


routes = [Route(PATH, page, methods=["GET"])]
