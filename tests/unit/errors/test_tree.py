"""The error tree: what an error shows, and how it is made."""

import contextlib
import inspect
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from stand_in import StandIn

from lc_tutorial import masking
from lc_tutorial.errors import (
    ApiError,
    ConnectionLost,
    ConnectionProblem,
    NoNetwork,
    NotSent,
    PlatformAnswerError,
    PortTaken,
    ProxyMissing,
    SandboxGone,
    StepIncomplete,
    TokenError,
    TutorialError,
)
from lc_tutorial.errors import tree as errors
from lc_tutorial.platforms import Platform


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    masking.forget_all()
    yield
    masking.forget_all()


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def failure_of(call: Callable[[], Any]) -> requests.RequestException:
    with pytest.raises(requests.RequestException) as caught:
        call()
    return caught.value


# --- What an error shows ------------------------------------------------------------------------


def test_an_error_reads_as_sentences() -> None:
    error = StepIncomplete("It is early.", "The code has not come.", "Follow the link.")
    assert str(error) == "It is early. The code has not come. Follow the link."
    assert (error.what, error.why, error.remedy) == (
        "It is early.",
        "The code has not come.",
        "Follow the link.",
    )


def test_parts_may_be_missing() -> None:
    error = TutorialError("It failed.")
    assert str(error) == "It failed."
    assert "Why" not in error.html()
    assert error._render_traceback_() == ["It failed."]


def test_html_is_escaped_and_labelled() -> None:
    html = TutorialError("<b>x</b>", "a & b", "<script>").html()
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "a &amp; b" in html
    assert "<script>" not in html
    for label in ("What happened", "Why", "What to do"):
        assert label in html


def test_no_secret_in_an_error() -> None:
    secret = masking.Secret("not-a-real-secret-000")
    error = TutorialError(f"a {secret}", "?code=dal%3Anot_a_real_code_000", str(secret))
    for text in (str(error), error.html(), "".join(error._render_traceback_())):
        assert "not-a-real-secret" not in text
        assert "not_a_real_code" not in text


def test_a_wrong_value_is_a_value_error() -> None:
    assert issubclass(errors.CredentialsError, ValueError)
    assert issubclass(errors.RedirectError, errors.InputError)


def test_the_tree_at_the_top_of_the_module_is_the_tree() -> None:
    drawn = errors.__doc__ or ""
    classes = [
        value
        for value in vars(errors).values()
        if inspect.isclass(value) and issubclass(value, TutorialError)
    ]
    assert len(classes) > 12
    for one in classes:
        assert f" {one.__name__} " in drawn.replace("\n", " ")


# --- Answers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {"error": "invalid_grant", "error_description": "It expired.", "request_id": "r-1"},
        {"oauth_exception": "invalid_grant", "exception_description": "It expired."},
        {"identity_exception": "invalid_grant", "exception_description": "It expired."},
    ],
)
def test_a_token_error_reads_every_form_of_refusal(body: dict[str, str]) -> None:
    with StandIn() as server:
        server.answers(403, body)
        response = requests.post(f"{server.origin}/v2/token", data={"grant_type": "x"}, timeout=9)
    error = TokenError.from_response(response)
    assert (error.status, error.name, error.description) == (403, "invalid_grant", "It expired.")
    assert error.request_id == body.get("request_id", "")


def test_an_api_error_reads_the_refusal() -> None:
    with StandIn() as server:
        server.answers(
            421,
            {"error": {"type": "misdirected_request", "message": "No", "data": {"region": "fra"}}},
        )
        response = requests.post(f"{server.origin}/v3.6/agent/action/list_chats", timeout=9)
    error = ApiError.from_response(response)
    assert (error.status, error.type, error.message) == (421, "misdirected_request", "No")
    assert error.data == {"region": "fra"}
    assert "fra" in error.why


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b'{"error": 1}', b"\xff\x00"])
def test_an_answer_of_another_kind_is_explained_too(body: bytes) -> None:
    with StandIn() as server:
        server.answers(502, body, "text/html")
        response = requests.post(f"{server.origin}/v2/token", timeout=9)
    for error in (TokenError.from_response(response), ApiError.from_response(response)):
        assert error.status == 502
        assert error.what
        assert error.remedy


def test_a_bare_response_is_explained_too() -> None:
    response = requests.Response()
    response.status_code = 401
    assert TokenError.from_response(response).status == 401
    assert ApiError.from_response(response).status == 401


def test_an_answer_that_is_not_what_was_expected() -> None:
    with StandIn() as server:
        server.answers(200, b"<html>hello</html>", "text/html; charset=utf-8")
        response = requests.get(server.origin, timeout=9)
    error = PlatformAnswerError.from_response(response, "a token")
    assert error.what == "The answer is not a token."
    assert "18 bytes of text/html" in error.why


# --- Nobody answers -----------------------------------------------------------------------------


def test_a_refused_connection_on_this_machine_is_the_sandbox_gone() -> None:
    url = f"http://127.0.0.1:{closed_port()}/v2/token?code=dal%3Anot_a_real_code_000"
    error = ConnectionProblem.from_exception(failure_of(lambda: requests.post(url, timeout=9)))
    assert isinstance(error, SandboxGone)
    assert "Run the cell that connects again" in error.remedy
    assert "?" not in str(error)


def test_a_sandbox_that_ends_in_the_middle_is_gone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"

        def hang_up() -> None:
            listener.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        problem = failure_of(lambda: requests.get(url, timeout=9))
    assert isinstance(ConnectionProblem.from_exception(problem), SandboxGone)


def test_a_silent_sandbox_is_told_from_a_gone_one() -> None:
    with StandIn() as server:
        server.delay.clear()
        problem = failure_of(lambda: requests.get(server.origin, timeout=0.05))
    error = ConnectionProblem.from_exception(problem)
    assert isinstance(error, SandboxGone)
    assert error.what == "The sandbox did not answer in time."


def direct() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: direct().get("http://no-such-host.invalid/", timeout=9), "offline"),
        (
            lambda: direct().get(
                "http://x.invalid/",
                proxies={"http": f"http://127.0.0.1:{closed_port()}"},
                timeout=9,
            ),
            "proxy",
        ),
        (lambda: direct().get(f"http://127.0.0.1:{closed_port()}/", timeout=9), "refused"),
    ],
)
def test_no_network_says_which_part_is_missing(call: Callable[[], Any], why: str) -> None:
    error = ConnectionProblem.from_exception(failure_of(call), "https://accounts.livechat.com/?a=b")
    assert isinstance(error, NoNetwork)
    assert error.what == "accounts.livechat.com can't be reached."
    assert why in error.why
    assert "a=b" not in str(error)


def test_a_certificate_that_is_not_accepted() -> None:
    with StandIn() as server:
        url = server.origin.replace("http:", "https:")
        problem = failure_of(lambda: direct().get(url, timeout=9))
    error = ConnectionProblem.from_exception(problem, "https://accounts.livechat.com/")
    assert "certificate" in error.why
    assert "Don't switch the check off" in error.remedy


def test_a_timeout_and_an_odd_failure() -> None:
    slow = ConnectionProblem.from_exception(requests.ReadTimeout(), "https://api.example.com/")
    odd = ConnectionProblem.from_exception(requests.TooManyRedirects(), "https://api.example.com/")
    assert "in time" in slow.why
    assert "TooManyRedirects" in odd.why


# --- No whole answer ----------------------------------------------------------------------------


@contextlib.contextmanager
def hanging_up(answer: bytes) -> Iterator[str]:
    """The address of a server that answers so, hangs up, and stays there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):  # The test is over, and the listener closed.
                while True:
                    connection = listener.accept()[0]
                    connection.recv(65536)
                    connection.sendall(answer)
                    connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


def test_a_sandbox_that_hangs_up_and_runs_on_is_not_called_gone() -> None:
    with hanging_up(b"") as url:
        error = ConnectionProblem.from_exception(failure_of(lambda: requests.get(url, timeout=9)))
        assert isinstance(error, ConnectionLost)
        assert error.what == "The sandbox closed the connection without an answer."
        assert "It runs" in error.why


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    ],
)
def test_an_answer_that_broke_off(answer: bytes) -> None:
    with hanging_up(answer) as url:
        error = ConnectionProblem.from_exception(failure_of(lambda: requests.get(url, timeout=9)))
        assert isinstance(error, ConnectionLost)
        assert error.what == "The answer broke off."


# --- Not sent -----------------------------------------------------------------------------------


def test_https_where_the_sandbox_speaks_http(sandbox: Platform) -> None:
    url = sandbox.token_url.replace("http:", "https:")
    with pytest.raises(requests.exceptions.SSLError) as caught:
        requests.post(url, timeout=9)
    problem = ConnectionProblem.from_exception(caught.value, url)
    assert problem.what == "There is no https at this address."
    assert "platform.token_url" in problem.remedy


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: requests.get("accounts.livechat.com/v2/token"), "its address has no scheme"),
        (lambda: requests.get("htp://127.0.0.1/"), "does not begin with http:// or https://"),
        (lambda: requests.get("http://"), "its address can't be read"),
        (lambda: requests.get("http://x.invalid/", headers={"A": "b\n"}), "a header can't be"),
        (lambda: requests.get("http://x.invalid/", headers={"A": 1}), "a header can't be"),
        (lambda: requests.post("http://x.invalid/", json=float("nan")), "can't be written as JSON"),
    ],
)
def test_a_request_that_can_not_be_sent(call: Callable[[], Any], what: str) -> None:
    error = ConnectionProblem.from_exception(failure_of(call))
    assert isinstance(error, NotSent)
    assert error.what.startswith("The request was not sent:")
    assert what in error.what
    assert error.remedy


def test_the_others_have_a_remedy() -> None:
    for error in (
        PortTaken.from_port(8377, "Another program listens there."),
        PortTaken.not_allowed(80, instead=8377),
        ProxyMissing.on_hub(),
        SandboxGone.not_started("Traceback\n  ...\nOSError: no space left"),
        SandboxGone.not_started(""),
    ):
        assert error.what
        assert error.why
        assert error.remedy
    assert "no space left" in SandboxGone.not_started("x\nOSError: no space left").why
