"""A plain Flask app with a token endpoint and a page of chats, to compare the sandbox with.

It checks what the sandbox's refresh grant checks first, makes a token as long, and keeps as many.
Its chats are the sandbox's own, written anew for each answer, as plain apps do.
"""

import json
import secrets
import sys
from pathlib import Path
from typing import Any

from flask import Flask, jsonify, request
from waitress import serve

app = Flask(__name__)
kept: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
tokens: list[str] = []


@app.post("/v2/token")
def token() -> Any:
    form = request.form
    if form.get("client_id") != kept["client_id"]:
        return jsonify(error="unauthorized_client"), 401
    if not secrets.compare_digest(form.get("client_secret", ""), kept["client_secret"]):
        return jsonify(error="unauthorized_client"), 401
    if form.get("grant_type") != "refresh_token":
        return jsonify(error="unsupported_grant_type"), 403
    if form.get("refresh_token") != kept["refresh_token"]:
        return jsonify(error="invalid_grant"), 403
    tokens.append("dal:" + secrets.token_urlsafe(20))
    del tokens[:-25]
    return jsonify({**kept["token"], "access_token": tokens[-1]})


@app.post("/v3.6/agent/action/list_chats")
def list_chats() -> Any:
    if request.headers.get("Authorization") != f"Bearer {kept['access_token']}":
        return jsonify(error={"type": "authentication"}), 401
    limit = request.get_json()["limit"]
    page = {"chats_summary": kept["chats"][:limit], "found_chats": len(kept["chats"])}
    return app.response_class(json.dumps(page), mimetype="application/json")


if __name__ == "__main__":
    # Flask's own server closes every connection, and so would be measured at its slowest.
    serve(app, host="127.0.0.1", port=int(sys.argv[2]), threads=16, backlog=256)
