"""upload_file: a file comes in, and its address answers.

Source: livechat-public-docs, agent-chat-api (Upload File) of versions 3.4 to 3.7; RFC 7578 for the
form. The body is in memory as a whole, so that its parts are cut out and no parser is needed.
"""

import re
from email.message import Message
from email.parser import HeaderParser

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lc_tutorial.sandbox.agent_chat.chat_service import ChatService
from lc_tutorial.sandbox.api import ApiError, Call, web_api
from lc_tutorial.sandbox.web import PageProblem, context_path

# assumed: which these are; the source says that executable files are rejected.
_EXECUTABLE = re.compile(r"(?i)\.(apk|app|bat|cmd|com|cpl|dll|exe|jar|msi|msp|ps1|scr|sh|vbs)$")
_EXECUTABLE_HEADS = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"#!")

#: The address may be on the origin of a hub: nothing that was uploaded acts there.
_STRICT = {
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

_MOST_PARTS = 20
_MOST_HEAD = 8 * 1024
_MOST_NAME = 200


def upload_file(service: ChatService, call: Call) -> bytes:
    """Answer a call of upload_file."""
    name, content = _file(call)
    if len(content) > web_api.MAX_BODY:
        raise ApiError("entity_too_large", why="the file has more than 10 MB")
    if _EXECUTABLE.search(name) or content.startswith(_EXECUTABLE_HEADS):
        raise ApiError("validation", why="executable files are rejected")  # assumed: this type
    now = service.world.clock.now()
    file = service.store.files.add(call.requester.organization_id, name, content, now)
    # Behind a hub's proxy the sandbox is below a path, which the proxy tells.
    return msgspec.json.encode({"url": call.origin + context_path(call.request) + file.path})


def route(service: ChatService) -> Route:
    """Return the route at which files are read; whoever knows an address may."""

    async def answer(request: Request) -> Response:
        files, now = service.store.files, service.world.clock.now()
        file = files.get(request.scope["path"], now)
        if file is None:
            raise PageProblem(
                404,
                "There is no such file",
                "Its address ends after 24 hours, unless an event names it; and the sandbox keeps "
                "only so many files. Upload it again.",
            )
        if file.is_shown:
            return Response(file.content, headers=_STRICT, media_type=file.content_type)
        headers = _STRICT | {"Content-Disposition": "attachment"}
        return Response(file.content, headers=headers, media_type="application/octet-stream")

    return Route("/api/file/lc/att/{license_id}/{key}/{name}", answer, methods=["GET"])


def _file(call: Call) -> tuple[str, bytes]:
    """Find the part named `file` in a form.

    Raises:
        ApiError: `validation`.

    """
    head = Message()
    head["Content-Type"] = call.content_type
    boundary = head.get_boundary()
    if head.get_content_type() != "multipart/form-data" or not boundary:
        raise ApiError("validation", why="the body is no multipart/form-data with a boundary")
    mark = b"\r\n--" + boundary.encode("latin-1", "replace")
    for part in (b"\r\n" + call.body).split(mark, _MOST_PARTS)[1:]:
        lines, blank, content = part.partition(b"\r\n\r\n")
        if not blank or len(lines) > _MOST_HEAD:
            continue
        about = HeaderParser().parsestr(lines.decode("utf-8", "replace").lstrip("\r\n"))
        if about.get_param("name", header="Content-Disposition") == "file":
            return _name(about.get_filename() or ""), content
    raise ApiError("validation", why="the form has no part named file")


def _name(given: str) -> str:
    """Make a file's name of what a client calls it; some send a whole path."""
    text = given.encode("utf-8", "replace").decode()
    last = "".join(c for c in re.split(r"[/\\]", text)[-1] if c.isprintable())[-_MOST_NAME:]
    return last if last.strip(". ") else "file"
