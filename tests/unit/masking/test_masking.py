"""The mask, by itself and over a real kernel."""

import io
import json
import logging
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel
from stand_in import reply_to

from lc_tutorial import masking
from lc_tutorial.masking import DOTS, MaskedStream, Secret, holds_secret, mask, mask_data, remember

SECRET = "not-a-real-secret-0123456789"
TOKEN = "dal:not_a_real_token_000000000"


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    masking.forget_all()
    yield
    masking.forget_all()


# --- Secret -------------------------------------------------------------------------------------


def test_a_secret_shows_dots_and_is_its_value() -> None:
    secret = Secret(TOKEN)
    assert repr(secret) == f"Secret('dal:{DOTS}')"
    assert repr({"token": secret}) == "{'token': " + repr(secret) + "}"
    assert f"{secret!r} {[secret]}" == f"{secret!r} [{secret!r}]"
    assert str(secret) == f"{secret}" == secret == TOKEN
    assert "Bearer {}".format(secret) == f"Bearer {TOKEN}"  # noqa: UP032
    assert json.dumps(secret) == json.dumps(TOKEN)


def test_the_dots_of_a_secret_tell_nothing_of_its_length() -> None:
    assert repr(Secret("x" * 9)) == repr(Secret("y" * 90))


def test_an_empty_secret_says_so() -> None:
    assert repr(Secret()) == "Secret('')"


def test_a_secret_survives_copying() -> None:
    again = pickle.loads(pickle.dumps(Secret(SECRET)))
    assert again == SECRET
    assert SECRET not in repr(again)


def test_creating_a_secret_makes_it_known() -> None:
    assert mask(f"see {SECRET}") == f"see {SECRET}"
    Secret(SECRET)
    assert mask(f"see {SECRET}") == f"see {DOTS}"


# --- mask: what it hides ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "a{}b",
        "'{}'",
        "x={}&y=1",
        '{{"anything": "{}"}}',
        "<b>{}</b>",
        "{0} and {0}",
    ],
)
def test_a_known_value_is_masked_anywhere(text: str) -> None:
    remember(SECRET)
    masked = mask(text.format(SECRET))
    assert SECRET not in masked
    assert DOTS in masked


@pytest.mark.parametrize("form", ["a:b/c d+e&f=0123", "a%3Ab%2Fc%20d%2Be%26f%3D0123"])
def test_a_known_value_is_masked_url_encoded_too(form: str) -> None:
    remember("a:b/c d+e&f=0123")
    assert mask(f"<{form}>") == f"<{DOTS}>"
    assert mask(f"<{form.replace('%3A', '%3a')}>") == f"<{DOTS}>"


def test_the_longer_of_two_known_values_wins() -> None:
    remember("not-a-real")
    remember("not-a-real-secret")
    assert mask("not-a-real-secret!") == f"{DOTS}!"


@pytest.mark.parametrize("value", ["", "short", "••••••••••••", "* * * * * *"])
def test_what_could_be_any_text_is_not_remembered(value: str) -> None:
    remember(value)
    text = f"a short text with ••••••••••••• and * * * * * * {value}"
    assert mask(text) == text


@pytest.mark.parametrize("region", ["dal", "fra", "fra-a", "fra-b"])
@pytest.mark.parametrize("colon", [":", "%3A", "%3a"])
def test_a_token_is_known_by_its_shape(region: str, colon: str) -> None:
    for text in ("{}", "code={}&state=x", "'{}'", "\x1b[31m{}\x1b[0m", "Bearer {}\\r\\n"):
        whole = text.format(f"{region}{colon}not_a_real-one_0")
        assert mask(whole) == text.format(f"{region}{colon}{DOTS}")


@pytest.mark.parametrize(
    "text",
    [
        '{{"refresh_token": "{}"}}',
        '{{"refresh_token":"{}","scope":"x"}}',
        '{{\n  "client_secret": "{}"\n}}',
        "{{'code_verifier': '{}'}}",
        'b\'{{"access_token": "{}"}}\'',
        '"{{\\"access_token\\": \\"{}\\"}}"',
        "Token(access_token='{}', refresh_token=None)",
        "&quot;client_secret&quot;: &quot;{}&quot;",
        "{{&#x27;client_secret&#x27;: &#x27;{}&#x27;}}",
        "https://example.com/?client_secret={}",
        "https://example.com/?a=1&code={}&state=2",
        "https://example.com/?a=1&amp;code={}&amp;state=2",
        "https://example.com/#access_token={}&x=1",
        "grant_type=authorization_code&client_secret={}&code_verifier=x",
        "b'client_secret={}&x=1'",
        'curl -d "grant_type=x&\\\n  client_secret={}&\\\n  redirect_uri=y"',
        "Authorization: Bearer {}",
        "{{'Authorization': 'Bearer {}'}}",
        '-H "authorization: basic {}"',
        "send: b'POST / HTTP/1.1\\r\\nAuthorization: Basic {}\\r\\n\\r\\n'",
        "\x1b[33m'client_secret'\x1b[39m: \x1b[33m'{}'\x1b[39m",
    ],
)
def test_an_unknown_value_is_masked_by_its_name(text: str) -> None:
    masked = mask(text.format(SECRET))
    assert masked == text.format(DOTS)
    assert mask(masked) == masked


def test_a_token_within_an_encoded_address_is_known_by_its_shape() -> None:
    text = "https://example.com/?next=http%3A%2F%2Fx%2F%3Fcode%3Ddal%253Anot_a_real_code_00%26a%3D1"
    assert mask(text) == text.replace("not_a_real_code_00", DOTS)


def test_half_a_secret_in_a_shortened_value_is_masked() -> None:
    remember(SECRET)
    assert mask(f"body='grant_type={SECRET[:9]}...{SECRET[-7:]}'") == (
        f"body='grant_type={DOTS}...{DOTS}'"
    )


# --- mask: what it leaves -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '{"code": 200, "country_code": "US", "code": "PL"}',
        '{"code": "authorization_required_here"}',
        "the process ended with exit code=1 and status_code=404",
        "the error code: 'ERR_CONNECTION_REFUSED'",
        '{"grant_type": "authorization_code", "token_type": "Bearer"}',
        '{"client_secret": "required"}',
        '{"client_secret": "cannot be blank"}',
        '{"access_token": null, "refresh_token": ""}',
        'data={"code": authorization.code, "client_secret": app.client_secret}',
        "requests.post(url, client_secret=app.client_secret, code=authorization.code)",
        'headers={"Authorization": f"Bearer {token.access_token}"}',
        "    client_secret=app.client_secret,\n    code=authorization.code,\n",
        "Authorization: Bearer <your_access_token>",
        "Basic authentication, or a Bearer token",
        "a medal:won_by_somebody_else and infra:structure_of_things",
        "dal: see below; fra:short",
        "https://example.com/?country_code=US&code=12&state=dGhpc2lzYXN0YXRl",
        "…and so on... and on",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    remember(SECRET)
    assert mask(text) == text


def test_large_text_is_masked_and_otherwise_untouched() -> None:
    remember(SECRET)
    line = '{"id": "PJ0MRSHTDG", "country_code": "PL", "code": 200, "text": "What is a code?"}\n'
    half = line * 20_000
    assert mask(f"{half}{SECRET}{half}") == f"{half}{DOTS}{half}"


# --- mask_data ----------------------------------------------------------------------------------


def test_data_is_masked_at_any_depth() -> None:
    remember(SECRET)
    data = {
        "text/html": f"<b>{SECRET}</b>",
        "application/json": {"list": [{"refresh_token": "unknown-000000"}, SECRET, 1, None]},
        "code": "PL",
        "image/png": "dal:bm90IGEgdG9rZW4",
    }
    assert mask_data(data) == {
        "text/html": f"<b>{DOTS}</b>",
        "application/json": {"list": [{"refresh_token": DOTS}, DOTS, 1, None]},
        "code": "PL",
        "image/png": "dal:bm90IGEgdG9rZW4",
    }


def test_the_data_itself_is_not_changed() -> None:
    data = {"a": [TOKEN]}
    mask_data(data)
    assert data == {"a": [TOKEN]}


def test_values_can_be_remembered_while_others_are_masked() -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for i in range(200):
                value = f"not-a-real-secret-{number}-{i}"
                remember(value)
                assert mask(value) == DOTS
        except BaseException as problem:  # noqa: BLE001
            failures.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


# --- the warning --------------------------------------------------------------------------------


def test_a_cell_with_a_secret_is_recognised() -> None:
    remember(SECRET)
    assert holds_secret(f"secret = '{SECRET}'")
    assert holds_secret("token = 'dal:not_a_real_token_000000000'")
    assert not holds_secret("token = 'dal:your_token'")
    assert not holds_secret("app.client_secret")


# --- Outside Jupyter ----------------------------------------------------------------------------


def test_a_masked_stream_is_its_stream_in_all_else() -> None:
    raw = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    stream = MaskedStream(raw)
    assert stream.write(f"{TOKEN}\n") == len(TOKEN) + 1
    stream.writelines(["a\n", f"{TOKEN}\n"])
    assert stream.encoding == "latin-1"
    assert stream.isatty() is False
    assert stream.buffer is raw.buffer
    with pytest.raises(io.UnsupportedOperation):
        stream.fileno()
    stream.flush()
    assert TOKEN.encode() not in raw.buffer.getvalue()  # type: ignore[attr-defined]


def test_print_and_logging_go_through_a_masked_stream(capsys: pytest.CaptureFixture[str]) -> None:
    masking.uninstall()
    masking.install()
    masking.install()
    try:
        Secret(SECRET)
        print(SECRET, {"refresh_token": "unknown-000000"})
        handler = logging.StreamHandler()
        handler.emit(logging.LogRecord("x", 40, __file__, 1, "lost %s", (SECRET,), None))
    finally:
        masking.uninstall()
    shown = capsys.readouterr()
    assert shown.out == f"{DOTS} {{'refresh_token': '{DOTS}'}}\n"
    assert shown.err == f"lost {DOTS}\n"
    print(SECRET)
    assert capsys.readouterr().out == f"{SECRET}\n"


def test_a_terminal_shell_is_masked() -> None:
    program = f"""
import logging, sys
from IPython.core.interactiveshell import InteractiveShell
from lc_tutorial import masking
shell = InteractiveShell.instance()
masking.install(shell)
masking.install(shell)
masking.Secret({SECRET!r})
for cell in (
    "print({SECRET!r})",
    "{{'access_token': {TOKEN!r}, 'refresh_token': 'unknown-000000'}}",
    "from IPython.display import display, HTML; display(HTML('<b>{SECRET}</b>'), {SECRET!r})",
    "import sys; sys.stderr.write({SECRET!r})",
    "raise ValueError({SECRET!r})",
    "%xmode Verbose",
    "def f(x): return 1 / 0\\nf({SECRET!r})",
):
    shell.run_cell(cell, store_history=True)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "IPYTHONDIR": os.devnull},
    )
    shown = done.stdout + done.stderr
    assert "ZeroDivisionError" in shown
    assert "ValueError" in shown
    assert shown.count("This cell holds a secret in plain text") >= 5
    for value in (SECRET, TOKEN, "unknown-000000"):
        assert value not in shown


# --- A real kernel ------------------------------------------------------------------------------

Run = Callable[..., list[dict[str, Any]]]

BEFORE = f"""
import logging
early = logging.getLogger("early")
early.addHandler(logging.StreamHandler())
from lc_tutorial import masking
masking.install()
masking.install()
masking.Secret("".join({list(SECRET)!r}))
token = "".join({list(TOKEN)!r})
value = "".join({list(SECRET)!r})
answer = {{"access_token": token, "refresh_token": value, "scope": "chats--all:ro"}}
from IPython.display import display, HTML, JSON, Markdown
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        # With it, a kernel does not watch its file descriptors.
        patch.delenv("PYTEST_CURRENT_TEST")
        manager, client = start_new_kernel(kernel_name="python3", cwd=str(home))

    def run(code: str, silent: bool = False, **more: Any) -> list[dict[str, Any]]:
        """All messages that one cell makes the kernel send, but for the echo of its source."""
        asked = client.execute(code, store_history=not silent, stop_on_error=False, **more)
        messages = []
        while True:
            message = client.get_iopub_msg(timeout=30)
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["content"].get("execution_state") == "idle":
                break
            messages.append(message)
        messages.append(reply_to(client, asked))
        return [message for message in messages if message["msg_type"] != "execute_input"]

    run.client = client  # type: ignore[attr-defined]
    run(BEFORE, silent=True)
    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def text_of(messages: list[dict[str, Any]]) -> str:
    return json.dumps([message["content"] for message in messages], ensure_ascii=False)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("print(value)", "stream"),
        ("print(answer)", "stream"),
        ("print(value[:10], end=''); print(value[10:])", "stream"),
        ("import pprint; pprint.pprint(answer)", "stream"),
        ("import sys; print(value, file=sys.stderr)", "stream"),
        ("early.error('it was %s', value)", "stream"),
        ("import warnings; warnings.warn(value)", "stream"),
        ("!echo {value}", "stream"),
        ("import threading; t = threading.Thread(target=print, args=(value,)); t.start(); t.join()",
         "stream"),
        ("answer", "execute_result"),
        ("value", "execute_result"),
        ("import pandas; pandas.DataFrame([answer])", "execute_result"),
        ("display(HTML(f'<b>{value}</b>'))", "display_data"),
        ("display(JSON(answer))", "display_data"),
        ("display(Markdown(value))", "display_data"),
        ("h = display(1, display_id=True); h.update(value)", "update_display_data"),
        ("t = threading.Thread(target=display, args=(answer,)); t.start(); t.join()",
         "display_data"),
        ("raise ValueError(value)", "error"),
        ("raise ValueError(f'?code={token}')", "error"),
        ("%xmode Verbose\ndef f(a, b): return a / b\nf(value, {'client_secret': value})", "error"),
        ("%xmode Verbose\nimport requests\nrequests.get('http://127.0.0.1:9/',"
         " params={'code': value}, headers={'Authorization': 'Bearer ' + token})", "error"),
        ("%xmode Verbose\nrequests.post('http://127.0.0.1:9/',"
         " data={'grant_type': 'x', 'client_secret': value, 'redirect_uri': 'y' * 60})", "error"),
    ],
)  # fmt: skip
def test_nothing_that_a_kernel_shows_holds_a_secret(kernel: Run, code: str, kind: str) -> None:
    messages = kernel(code)
    assert kind in {message["msg_type"] for message in messages}
    shown = text_of(messages)
    assert DOTS in shown
    assert SECRET not in shown
    assert TOKEN not in shown
    for piece in (SECRET[:16], SECRET[-16:], TOKEN[-16:]):
        assert piece not in shown


def test_what_another_program_prints_is_masked(kernel: Run) -> None:
    client = kernel.client  # type: ignore[attr-defined]
    asked = client.execute("import subprocess; subprocess.run(['echo', 'it is ' + value]); None")
    # It comes through a pipe, so perhaps after the cell's end.
    shown = ""
    while "it is" not in shown:
        message = client.get_iopub_msg(timeout=30)
        if message["msg_type"] == "stream":
            shown += message["content"]["text"]
    reply_to(client, asked)
    assert f"it is {DOTS}" in shown
    assert SECRET not in shown


def test_help_on_a_name_is_masked(kernel: Run) -> None:
    shown = text_of(kernel("value?"))
    assert DOTS in shown
    assert SECRET not in shown
    client = kernel.client  # type: ignore[attr-defined]
    reply = reply_to(client, client.inspect("value", 5))
    assert reply["content"]["found"]
    assert SECRET not in json.dumps(reply["content"])


def test_expressions_of_the_front_end_are_masked(kernel: Run) -> None:
    messages = kernel("1", user_expressions={"x": "value"})
    assert "user_expressions" in text_of(messages)
    assert SECRET not in text_of(messages)


def test_values_in_the_kernel_are_untouched(kernel: Run) -> None:
    assert "'dots': False" in text_of(kernel("{'dots': '•' in value + str(answer)}"))
    shown = text_of(kernel("import contextlib, io\nout = io.StringIO()\n"
                           "with contextlib.redirect_stdout(out): print(value)\n"
                           "out.getvalue() == value + chr(10)"))  # fmt: skip
    assert '"text/plain": "True"' in shown


def test_what_a_widget_holds_is_untouched(kernel: Run) -> None:
    messages = kernel("import ipywidgets\nw = ipywidgets.Text(value=value)")
    opened = [message for message in messages if message["msg_type"] == "comm_open"]
    assert any(SECRET in json.dumps(message["content"]) for message in opened)


def test_code_for_the_next_cell_is_untouched(kernel: Run) -> None:
    messages = kernel("get_ipython().set_next_input('x = %r' % value)")
    assert SECRET in text_of(messages)


def test_streams_are_the_kernels_own(kernel: Run) -> None:
    assert "OutStream" in text_of(kernel("type(sys.stdout).__name__"))


def test_a_cell_with_a_secret_in_it_gets_a_warning(kernel: Run) -> None:
    assert "This cell holds a secret in plain text" in text_of(kernel(f"x = {SECRET!r}"))
    assert "This cell holds a secret" not in text_of(kernel("x = value"))


def test_the_mask_comes_off(kernel: Run) -> None:
    try:
        assert SECRET in text_of(kernel("masking.uninstall(); print(value)"))
    finally:
        kernel("masking.install()")
    assert SECRET not in text_of(kernel("print(value)"))
