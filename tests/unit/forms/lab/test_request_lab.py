"""The request lab without a browser: what it takes, sends, says, and keeps to itself."""

import base64
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest
import requests

import lc_tutorial as lc
from lc_tutorial.errors import InputError, StepIncomplete, TutorialError
from lc_tutorial.forms.lab import request_lab
from lc_tutorial.forms.lab.fields import LONGEST
from lc_tutorial.forms.lab.request_lab import RequestLab
from lc_tutorial.lab import history, hook
from lc_tutorial.lab.request import Basic, Bearer, FormBody, JsonBody, Request, TextBody
from lc_tutorial.platforms import billing
from lc_tutorial.platforms.platform import LIVE, Platform

ACCESS = "dal:not-a-real-access-token--x"
SECRET = "not-a-real-secret-at-all-0"
SCRIPT = "<script>alert('not run')</script>"


class Clock:
    """The lab's watch, which a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        self.now += 0.001
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Clock:
    """Also: nothing is written where the tests run, and what is sent is recorded."""
    monkeypatch.chdir(tmp_path)
    hook.install()  # as lc.connect does; tests of the history take it off
    clock = Clock()
    monkeypatch.setattr(request_lab, "time", clock)
    return clock


@pytest.fixture(scope="module")
def token(sandbox: Platform) -> Any:
    """A token of the sandbox, got once."""
    from lc_tutorial.forms.catch_up import CatchUp

    return CatchUp(sandbox).token


@pytest.fixture
def lab(sandbox: Platform, token: Any) -> Iterator[RequestLab]:
    lab = RequestLab(sandbox, token=token)
    yield lab
    lab._answer.hide_secrets()


def every(widget: Any) -> Iterator[Any]:
    """A widget and all below it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from every(child)


def state_of(lab: RequestLab) -> str:
    """All that Jupyter would save of it."""
    return json.dumps([widget.get_state() for widget in every(lab)], default=str)


def find(lab: RequestLab, css_class: str) -> Any:
    """The first widget with this class, as the browser tests find it."""
    return next(widget for widget in every(lab) if css_class in getattr(widget, "_dom_classes", ()))


def press(lab: RequestLab, css_class: str) -> None:
    find(lab, css_class).click()


def send(lab: RequestLab, clock: Clock) -> None:
    """Press Send, long after the last time."""
    clock.now += 60
    press(lab, "lc-send")


def shown(lab: RequestLab) -> str:
    """All that is said and shown in HTML."""
    texts = [widget.value for widget in every(lab) if isinstance(widget, widgets.HTML)]
    return unescape(" ".join(texts))


def is_hidden(widget: Any) -> bool:
    return bool(widget.layout.display == "none")


def paste(lab: RequestLab, text: str) -> None:
    find(lab, "lc-import-field").value = text


def sent() -> list[Any]:
    return list(history.entries())


class TestOpening:
    def test_it_opens_with_step_4_of_the_tutorial(self, lab: RequestLab, sandbox: Platform) -> None:
        assert lab.request == Request.to(
            sandbox.list_chats_url,
            method="POST",
            authorization=Bearer("{{access_token}}"),
            body=JsonBody('{\n  "limit": 10\n}'),
        )
        assert "{{access_token}} stands for the access token: ✓ is here" in legend(lab)

    def test_it_opens_without_a_token(self, sandbox: Platform) -> None:
        lab = RequestLab(sandbox)
        assert "✗ has no value yet" in legend(lab)

    def test_it_opens_before_the_forms_are_filled(self, sandbox: Platform) -> None:
        app = lc.CredentialsForm(sandbox)
        lab = RequestLab(sandbox, app)
        assert "client_id" not in lab._vault.names

    def test_it_has_a_sentence_for_places_without_widgets(self, lab: RequestLab) -> None:
        plain = lab._repr_mimebundle_()["text/plain"]
        assert plain == repr(lab)
        assert plain.startswith("A request lab: ")
        assert plain.endswith(".")
        assert all(ACCESS not in repr(widget) for widget in every(lab))

    def test_most_of_it_is_folded(self, lab: RequestLab) -> None:
        for fold in (lab._import, lab._history_fold, lab._collection_fold):
            assert not fold.is_open
            fold._button.click()
            assert fold.is_open
            assert fold._button.description.startswith("▾")
            fold._button.click()
            assert not fold.is_open

    def test_every_field_has_a_label(self, lab: RequestLab) -> None:
        lab._editor._query.fill((("a", "b"),))
        fields = [
            widget
            for widget in every(lab)
            if isinstance(
                widget,
                widgets.Text | widgets.Textarea | widgets.Password | widgets.Dropdown,
            )
        ]
        assert len(fields) > 15
        assert all(field.description for field in fields)

    def test_no_list_loses_its_arrow_keys_to_jupyterlab(self, lab: RequestLab) -> None:
        assert not [
            widget
            for widget in every(lab)
            if isinstance(widget, widgets.Select | widgets.RadioButtons | widgets.Tab)
        ]

    def test_before_anything_is_sent_a_cell_is_told(self, lab: RequestLab) -> None:
        for name in ("response", "tables"):
            with pytest.raises(StepIncomplete, match="no answer in the lab yet"):
                getattr(lab, name)


def legend(lab: RequestLab) -> str:
    return re.sub(r"<[^>]+>", "", unescape(find(lab, "lc-legend").value))


class TestEditing:
    @pytest.mark.parametrize(
        "request_",
        [
            Request.to("https://api.example/x?a=1&a=2&b=%C3%A9", method="GET"),
            Request("DELETE", "https://api.example/x", authorization=Bearer("{{access_token_2}}")),
            Request("PUT", "https://api.example/x", body=TextBody("two\nlines")),
            Request(
                "POST", "https://api.example/x", body=FormBody((("a", "1"), ("a", ""), ("é", "&")))
            ),
            Request("POST", "https://api.example/x", body=JsonBody('{"a": [1, "{{code}}"]}')),
            Request("POST", "https://api.example/x", (("q", " "),), (("X-Region", "fra"),)),
            Request(
                "GET", "https://x.example/", authorization=Basic("{{account_id}}", "{{other}}")
            ),
            Request("PROPFIND", "https://api.example/x"),
        ],
    )
    def test_what_is_filled_in_comes_out(self, lab: RequestLab, request_: Request) -> None:
        lab._editor.fill(request_)
        assert lab.request == request_

    def test_each_field_counts(self, lab: RequestLab) -> None:
        find(lab, "lc-method").value = "PUT"
        find(lab, "lc-url").value = "https://api.example/y"
        find(lab, "lc-body-text").value = '{"limit": 2}'
        find(lab, "lc-headers")._add_by_hand()
        find(lab, "lc-name").value = "X-Region"
        find(lab, "lc-value").value = "fra"
        assert lab.request == Request(
            "PUT",
            "https://api.example/y",
            headers=(("X-Region", "fra"),),
            authorization=Bearer("{{access_token}}"),
            body=JsonBody('{"limit": 2}'),
        )
        find(lab, "lc-remove").click()
        find(lab, "lc-scheme").value = "none"
        find(lab, "lc-body-kind").value = "none"
        assert lab.request == Request("PUT", "https://api.example/y")

    def test_a_query_in_the_url_moves_into_rows(self, lab: RequestLab) -> None:
        find(lab, "lc-url").value = "https://api.example/y?a=1&b=%20"
        assert find(lab, "lc-url").value == "https://api.example/y"
        assert lab.request.query == (("a", "1"), ("b", " "))
        assert "2 query parameters" in find(lab, "lc-summary").value
        assert "in the rows of" in shown(lab)

    def test_wrong_json_is_pointed_at(self, lab: RequestLab, clock: Clock) -> None:
        find(lab, "lc-body-text").value = '{\n  "limit": ten\n}'
        assert "Line 2, column 12: A value is expected" in shown(lab)
        assert '  "limit": ten\n           ▲' in shown(lab)
        before = len(sent())
        send(lab, clock)
        assert "The body is not JSON" in shown(lab)
        assert len(sent()) == before
        find(lab, "lc-body-text").value = '{\n  "limit": 10\n}'
        assert "Line 2" not in find(lab, "lc-body-note").value

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "Line 1, column 1: It ends too early"),
            ('{"a" 1}', "A colon is missing"),
            ('{"a": 1 "b"}', "A comma or a closing bracket"),
            ('{"a": "x\n"}', "write \\n or \\t"),
            ("{'a': 1}", "not in single ones"),
            ("[" * 100_000, "nested too deep"),
            (f"{{{SCRIPT}}}", "A name in double quotes"),
        ],
    )
    def test_it_is_said_in_words(self, lab: RequestLab, text: str, said: str) -> None:
        find(lab, "lc-body-text").value = text
        assert said in shown(lab)
        assert SCRIPT not in find(lab, "lc-body-note").value
        assert len(find(lab, "lc-body-note").value) < 1_000

    def test_comments_of_samples_are_taken_out(self, lab: RequestLab) -> None:
        find(lab, "lc-body-text").value = '{\n  "limit": 10, // at most 100\n}'
        assert lab.request.body == JsonBody('{\n  "limit": 10\n}')
        assert "Comments were taken out" in shown(lab)

    def test_a_url_that_is_none_is_explained_when_it_is_sent(
        self, lab: RequestLab, clock: Clock
    ) -> None:
        find(lab, "lc-url").value = "api.example/y"
        assert "no address" not in shown(lab)
        send(lab, clock)
        assert "This is no address that a request can go to" in shown(lab)
        assert "What to do" in shown(lab)
        with pytest.raises(InputError):
            lab.request  # noqa: B018

    def test_what_is_far_too_long_does_not_stay(self, lab: RequestLab) -> None:
        for css_class in ("lc-url", "lc-body-text"):
            find(lab, css_class).value = "x" * 1_000_000
            assert find(lab, css_class).value == ""
            assert f"A field of the lab takes {LONGEST:,}" in shown(lab)


class TestSecrets:
    @pytest.mark.parametrize(
        ("css_class", "typed", "kept"),
        [
            ("lc-url", f"https://api.example/{ACCESS}", "https://api.example/{{access_token}}"),
            ("lc-body-text", f'{{"token": "{ACCESS}"}}', '{"token": "{{access_token}}"}'),
            (
                "lc-body-text",
                f'{{"client_secret": "{SECRET}"}}',
                '{"client_secret": "{{client_secret}}"}',
            ),
            ("lc-user", ACCESS, "{{access_token}}"),
        ],
    )
    def test_typed_in_the_open_they_leave_the_field(
        self, sandbox: Platform, css_class: str, typed: str, kept: str
    ) -> None:
        lab = RequestLab(sandbox)
        find(lab, css_class).value = typed
        assert find(lab, css_class).value == kept
        assert ACCESS not in state_of(lab)
        assert SECRET not in state_of(lab)
        assert lab._vault.resolve(kept) == typed

    def test_the_name_of_a_row_tells(self, sandbox: Platform) -> None:
        lab = RequestLab(sandbox)
        lab._editor.fill(Request("POST", "https://api.example/", body=FormBody((("x", ""),))))
        # The value first, its name after it: as soon as it is known to be secret, it goes.
        find(lab, "lc-value").value = SECRET
        find(lab, "lc-name").value = "client_secret"
        assert lab.request.body == FormBody((("client_secret", "{{client_secret}}"),))
        assert SECRET not in state_of(lab)
        assert lab._vault.value("client_secret") == SECRET

    def test_a_bearer_header_moves_to_the_authorization(self, sandbox: Platform) -> None:
        lab = RequestLab(sandbox)
        lab._editor.fill(Request("GET", "https://api.example/", headers=(("X", "1"), ("", ""))))
        lab._editor._headers._rows[1][1].value = "Authorization"
        lab._editor._headers._rows[1][2].value = f"Bearer {SECRET}"
        assert lab.request.headers == (("X", "1"),)
        assert lab.request.authorization == Bearer("{{access_token}}")
        assert lab._vault.value("access_token") == SECRET
        assert SECRET not in state_of(lab)

    def test_other_secret_headers_stay_as_references(self, sandbox: Platform) -> None:
        lab = RequestLab(sandbox)
        lab._editor.fill(Request("GET", "https://api.example/", headers=(("Cookie", ""),)))
        lab._editor._headers._rows[0][2].value = f"session={SECRET}"
        assert lab.request.headers == (("Cookie", "{{cookie}}"),)
        assert SECRET not in state_of(lab)

    def test_a_new_token_is_typed_where_tokens_are_chosen(self, sandbox: Platform) -> None:
        lab = RequestLab(sandbox)
        find(lab, "lc-new-secret").value = ACCESS
        assert find(lab, "lc-new-secret").value == ""
        assert lab.request.authorization == Bearer("{{access_token}}")
        assert lab._vault.value("access_token") == ACCESS
        find(lab, "lc-new-secret").value = f"{ACCESS}-another"
        assert lab.request.authorization == Bearer("{{access_token_2}}")
        assert "another access token" in legend(lab)
        assert ACCESS not in state_of(lab)

    def test_a_value_is_entered_below(self, sandbox: Platform) -> None:
        lab = RequestLab(sandbox)
        assert find(lab, "lc-value-name").value == "access_token"
        find(lab, "lc-value-typed").value = ACCESS
        assert find(lab, "lc-value-typed").value == ""
        assert "✓ is here" in legend(lab)
        assert ACCESS not in state_of(lab)

    def test_no_field_hands_over_letter_by_letter(self, lab: RequestLab) -> None:
        fields = [widget for widget in every(lab) if hasattr(widget, "continuous_update")]
        assert len(fields) > 5
        assert not any(field.continuous_update for field in fields)

    def test_sent_and_answered_they_are_dots(
        self, lab: RequestLab, token: Any, clock: Clock, sandbox: Platform
    ) -> None:
        find(lab, "lc-url").value = sandbox.info_url
        find(lab, "lc-method").value = "GET"
        find(lab, "lc-body-kind").value = "none"
        send(lab, clock)
        assert lab.response.json()["access_token"] == token.access_token
        assert str(token.access_token) not in state_of(lab)
        assert str(token.refresh_token) not in state_of(lab)
        assert "••••••••" in shown(lab)

    def test_they_are_revealed_on_a_page_of_their_own(
        self, lab: RequestLab, token: Any, clock: Clock, sandbox: Platform
    ) -> None:
        find(lab, "lc-url").value = sandbox.info_url
        find(lab, "lc-method").value = "GET"
        send(lab, clock)
        press(lab, "lc-reveal")
        first = link_in(find(lab, "lc-revealed").value)
        assert "mind who looks" in shown(lab)
        assert str(token.access_token) in requests.get(first, timeout=5).text
        assert str(token.access_token) not in state_of(lab)
        # What nobody opened is taken back: by sending again, and by running the cell again.
        for again in (lambda: send(lab, clock), lambda: RequestLab(sandbox)):
            press(lab, "lc-reveal")
            page = lab._answer._page
            assert page is not None
            assert page.is_open
            again()
            assert not page.is_open
            assert find(lab, "lc-revealed").value == ""


def link_in(html: str) -> str:
    return unescape(re.search(r'href="([^"]+)"', html)[1])  # type: ignore[index]


class TestSending:
    def test_an_answer_is_shown_and_kept(self, lab: RequestLab, clock: Clock) -> None:
        send(lab, clock)
        assert "200 OK" in shown(lab)
        assert "it worked" in shown(lab)
        assert "The raw answer" in shown(lab)
        assert lab.response.status_code == 200
        assert isinstance(lab.response, requests.Response)
        assert "Sending" not in shown(lab)

    def test_tables_are_one_click_away(self, lab: RequestLab, clock: Clock) -> None:
        assert is_hidden(lab._answer._buttons)
        send(lab, clock)
        assert not is_hidden(find(lab, "lc-make-tables"))
        press(lab, "lc-make-tables")
        assert lab.tables.chats.shape[0] == 10
        assert "chats · 10 rows" in unescape(
            find(lab, "lc-previews").value.replace("<b>", "").replace("</b>", "")
        )
        assert lab.tables.chats["chat_id"].iloc[0] in find(lab, "lc-previews").value

    def test_where_there_are_no_chats_no_tables_are_offered(
        self, lab: RequestLab, clock: Clock, sandbox: Platform
    ) -> None:
        find(lab, "lc-url").value = sandbox.info_url
        send(lab, clock)
        assert is_hidden(find(lab, "lc-make-tables"))
        with pytest.raises(TutorialError):
            lab.tables  # noqa: B018

    def test_a_refusal_is_explained(self, sandbox: Platform, clock: Clock) -> None:
        lab = RequestLab(sandbox)
        find(lab, "lc-new-secret").value = ACCESS
        send(lab, clock)
        assert "401" in shown(lab)
        assert "What to do" in shown(lab)
        assert lab.response.status_code == 401

    def test_without_a_value_nothing_is_sent(self, sandbox: Platform, clock: Clock) -> None:
        lab = RequestLab(sandbox)
        before = len(sent())
        send(lab, clock)
        assert "There is no value for {{access_token}}" in shown(lab)
        assert len(sent()) == before

    def test_a_double_click_sends_once(self, lab: RequestLab, clock: Clock) -> None:
        before = len(sent())
        clock.now += 60
        for _ in range(5):
            press(lab, "lc-send")
        assert len(sent()) == before + 1
        assert lab.response.status_code == 200
        send(lab, clock)
        assert len(sent()) == before + 2

    def test_another_request_is_no_double_click(self, lab: RequestLab, clock: Clock) -> None:
        send(lab, clock)
        before = len(sent())
        find(lab, "lc-body-text").value = '{"limit": 1}'
        press(lab, "lc-send")
        assert len(sent()) == before + 1
        assert len(lab.response.json()["chats_summary"]) == 1

    def test_it_can_not_be_clicked_while_it_sends(
        self, lab: RequestLab, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen = []

        def watching(*args: Any, **kwargs: Any) -> requests.Response:
            seen.append(find(lab, "lc-send").disabled)
            assert "Sending to 127.0.0.1" in shown(lab)
            return real(*args, **kwargs)

        real = request_lab.send
        monkeypatch.setattr(request_lab, "send", watching)
        send(lab, clock)
        assert seen == [True]
        assert not find(lab, "lc-send").disabled

    def test_a_stranger_is_named_and_needs_a_click_of_its_own(
        self, lab: RequestLab, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = len(sent())
        find(lab, "lc-url").value = "https://stranger.example/x"
        send(lab, clock)
        assert "stranger.example" in shown(lab)
        assert len(sent()) == before
        also = find(lab, "lc-also-send")
        assert also.description == "Also send to stranger.example"
        assert not is_hidden(also)
        # The offer is for this request.
        find(lab, "lc-url").value = "https://other.example/x"
        assert is_hidden(also)
        send(lab, clock)
        assert also.description == "Also send to other.example"
        allowed = []

        def refused(*args: Any, also_to: Any, **kwargs: Any) -> Any:
            allowed.append(set(also_to))
            raise InputError("Not really sent.")

        monkeypatch.setattr(request_lab, "send", refused)
        clock.now += 60
        also.click()
        assert allowed == [{"other.example"}]

    def test_a_page_for_people_gets_a_link(
        self, lab: RequestLab, clock: Clock, sandbox: Platform
    ) -> None:
        before = len(sent())
        paste(lab, "https://accounts.livechat.com/?response_type=code&client_id=CLIENT_ID_HERE>")
        send(lab, clock)
        assert sandbox.authorization_url in find(lab, "lc-lab")._speech.value
        assert "lc-open-page" in shown(lab)
        assert len(sent()) == before

    def test_a_failure_of_its_own_is_shown(
        self, lab: RequestLab, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: Any, **__: Any) -> None:
            raise RuntimeError(f"broken {SCRIPT} with {lc.Secret(SECRET)}")

        monkeypatch.setattr(request_lab, "send", fail)
        send(lab, clock)
        assert "report it" in shown(lab)
        assert SECRET not in state_of(lab)
        assert SCRIPT not in lab._speech.value

    def test_live_the_price_is_said_before_the_first_call(self) -> None:
        billing.forget_all()
        lab = RequestLab(LIVE)
        assert "USD 0.27 per 1,000" in shown(lab)
        assert "Billed calls so far in this kernel: <b>0</b>" in find(lab, "lc-price").value

    def test_in_the_sandbox_nothing_costs(self, lab: RequestLab) -> None:
        assert "nothing there costs anything" in find(lab, "lc-price").value
        assert "USD" not in find(lab, "lc-price").value


class TestImporting:
    CURL = (
        "curl -X POST 'https://api.livechatinc.com/v3.6/agent/action/list_chats' \\\n"
        "  -H 'Authorization: Bearer <your_access_token>' \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        "  -d '{\"limit\": 3}'"
    )

    def test_a_pasted_command_fills_the_fields(
        self, lab: RequestLab, clock: Clock, sandbox: Platform
    ) -> None:
        before = len(sent())
        paste(lab, self.CURL)
        assert find(lab, "lc-import-field").value == ""
        assert lab.request == Request(
            "POST",
            sandbox.list_chats_url,
            authorization=Bearer("{{access_token}}"),
            body=JsonBody('{"limit": 3}'),
        )
        assert "Nothing was sent yet" in shown(lab)
        assert "api.livechatinc.com" in shown(lab)
        assert len(sent()) == before
        send(lab, clock)
        assert len(lab.response.json()["chats_summary"]) == 3

    def test_secrets_in_it_go_to_the_vault(self, sandbox: Platform) -> None:
        lab = RequestLab(sandbox)
        paste(lab, self.CURL.replace("<your_access_token>", ACCESS))
        assert lab.request.authorization == Bearer("{{access_token}}")
        assert lab._vault.value("access_token") == ACCESS
        assert ACCESS not in state_of(lab)

    def test_bearer_or_basic_is_asked(self, lab: RequestLab, clock: Clock) -> None:
        paste(
            lab,
            self.CURL.replace("Bearer <your_access_token>", "Basic <your_personal_access_token>"),
        )
        assert not is_hidden(lab_question(lab))
        press(lab, "lc-bearer")
        assert is_hidden(lab_question(lab))
        assert lab.request.authorization == Bearer("{{access_token}}")
        send(lab, clock)
        assert lab.response.status_code == 200

    def test_basic_may_be_meant(self, lab: RequestLab) -> None:
        paste(
            lab,
            self.CURL.replace("Bearer <your_access_token>", "Basic <your_personal_access_token>"),
        )
        press(lab, "lc-basic")
        assert isinstance(lab.request.authorization, Basic)
        assert is_hidden(lab_question(lab))

    def test_a_url_is_enough(self, lab: RequestLab, sandbox: Platform) -> None:
        paste(lab, "https://accounts.livechat.com/v2/info")
        assert lab.request == Request.to(sandbox.info_url)

    @pytest.mark.parametrize(
        "pasted",
        [
            "curl https://api.livechatinc.com/$(touch pwned)",
            "curl https://api.livechatinc.com/ `touch pwned`",
            "curl https://api.livechatinc.com/ | sh",
            "curl https://api.livechatinc.com/ > pwned",
            "curl https://api.livechatinc.com/; touch pwned",
            f"curl 'https://api.livechatinc.com/ {SCRIPT}'",
            SCRIPT,
            "hello",
            "\0\1\2 PNG \x7f",
            "x" * 1_000_000,
            "curl https://api.livechatinc.com/ -d '" + "x" * 1_000_000 + "'",
        ],
    )
    def test_what_is_hostile_or_wrong_is_only_named(
        self, lab: RequestLab, pasted: str, tmp_path: Path
    ) -> None:
        before = lab.request
        paste(lab, pasted)
        assert "What to do" in shown(lab)
        assert lab.request == before
        assert find(lab, "lc-import-field").value == ""
        assert SCRIPT not in find(lab, "lc-import-box")._speech.value
        assert list(tmp_path.iterdir()) == []
        assert len(state_of(lab)) < 300_000

    def test_nothing_pasted(self, lab: RequestLab) -> None:
        press(lab, "lc-import")
        assert "Nothing is pasted yet" in shown(lab)

    def test_the_button_does_not_hide_what_was_just_said(self, lab: RequestLab) -> None:
        paste(lab, "hello")
        before = shown(lab)
        press(lab, "lc-import")
        assert shown(lab) == before


def lab_question(lab: RequestLab) -> Any:
    return find(lab, "lc-import-box")._question


class TestKeeping:
    def test_what_was_sent_is_listed_and_opened_again(
        self, lab: RequestLab, clock: Clock, sandbox: Platform
    ) -> None:
        send(lab, clock)
        first = lab.request
        find(lab, "lc-url").value = sandbox.info_url
        find(lab, "lc-method").value = "GET"
        send(lab, clock)
        options = find(lab, "lc-sent").options
        assert "200 · GET /v2/info · from the lab" in options[0][0]
        assert "200 · POST /v3.6/agent/action/list_chats · from the lab" in options[1][0]
        find(lab, "lc-sent").index = 1
        press(lab, "lc-open-sent")
        assert lab.request == first
        assert "This answer is from" in shown(lab)
        assert "Nothing was sent now" in shown(lab)

    def test_send_again(self, lab: RequestLab, clock: Clock) -> None:
        send(lab, clock)
        before = len(sent())
        find(lab, "lc-url").value = "https://stranger.example/"
        clock.now += 60
        press(lab, "lc-send-again")
        assert len(sent()) == before + 1
        assert lab.response.status_code == 200

    def test_plain_code_in_cells_is_listed_too(
        self, lab: RequestLab, sandbox: Platform, token: Any
    ) -> None:
        requests.post(
            sandbox.list_chats_url,
            timeout=30,
            headers={"Authorization": f"Bearer {token.access_token}"},
            json={"limit": 2},
        )
        lab._history_fold._button.click()
        assert "list_chats · from a cell" in find(lab, "lc-sent").options[0][0]
        press(lab, "lc-open-sent")
        assert isinstance(lab.request.authorization, Bearer)
        assert lab._vault.resolve(lab.request.authorization.token) == token.access_token
        assert lab.request.body == JsonBody('{"limit": 2}')
        assert str(token.access_token) not in state_of(lab)

    def test_copies_name_their_variables_and_no_secret(self, lab: RequestLab, token: Any) -> None:
        for css_class, variable in (
            ("lc-as-curl", "$ACCESS_TOKEN"),
            ("lc-as-cell", "token.access_token"),
            ("lc-as-python", 'os.environ["ACCESS_TOKEN"]'),
        ):
            press(lab, css_class)
            text = find(lab, "lc-copy-text")
            assert variable in text.value
            assert not is_hidden(text)
            assert ("ACCESS_TOKEN" in shown(lab)) == (css_class != "lc-as-cell")
            assert "It holds no secret" in shown(lab)
            assert str(token.access_token) not in state_of(lab)
            # It is for reading.
            written = text.value
            text.value = "changed"
            assert text.value == written
        find(lab, "lc-method").value = "PUT"
        assert is_hidden(text), "A copy of another request would mislead."

    def test_the_history_copies_what_is_chosen(self, lab: RequestLab, clock: Clock) -> None:
        send(lab, clock)
        find(lab, "lc-url").value = "https://other.example/"
        lab._history._copy.buttons[0].click()
        assert "list_chats" in lab._history._copy._text.value

    def test_an_empty_history_says_so(
        self, sandbox: Platform, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(history, "entries", tuple)
        lab = RequestLab(sandbox)
        assert "Nothing was sent yet" in shown(lab)
        press(lab, "lc-open-sent")
        assert "nothing in the history yet" in shown(lab)


class TestCollection:
    def test_each_entry_opens(self, lab: RequestLab) -> None:
        collection = find(lab, "lc-collection-part")
        folders = [value for _, value in find(lab, "lc-folder").options]
        opened = 0
        for folder in folders:
            find(lab, "lc-folder").value = folder
            for index, (name, _) in enumerate(find(lab, "lc-entries").options):
                find(lab, "lc-entries").index = index
                press(lab, "lc-open-entry")
                assert lab.request == collection._chosen().request, name
                assert find(lab, "lc-about").value
                opened += 1
        assert opened == len(collection._entries) >= 8

    def test_it_is_exported_into_a_file(self, lab: RequestLab, tmp_path: Path, token: Any) -> None:
        press(lab, "lc-export")
        [written] = tmp_path.iterdir()
        assert written.name in shown(lab)
        exported = json.loads(written.read_text())
        assert exported["info"]["schema"].endswith("v2.1.0/collection.json")
        assert str(token.access_token) not in written.read_text()


def test_everything_shown_is_escaped(lab: RequestLab, clock: Clock) -> None:
    find(lab, "lc-url").value = f"https://stranger.example/{SCRIPT}".replace(" ", "%20")
    lab._editor._headers.fill(((SCRIPT, SCRIPT),))
    find(lab, "lc-body-text").value = json.dumps({"limit": SCRIPT})
    send(lab, clock)
    find(lab, "lc-url").value = LIVE.list_chats_url
    for widget in every(lab):
        if isinstance(widget, widgets.HTML):
            assert "<script" not in widget.value


def test_what_basic_sends(sandbox: Platform, clock: Clock) -> None:
    lab = RequestLab(sandbox)
    find(lab, "lc-scheme").value = "basic"
    find(lab, "lc-user").value = "an-account"
    lab._editor._authorization._password._new.value = SECRET
    send(lab, clock)
    header = lab.response.request.headers["Authorization"]
    assert header.decode() == f"Basic {base64.b64encode(f'an-account:{SECRET}'.encode()).decode()}"
    assert SECRET not in state_of(lab)
    assert header.decode().partition(" ")[2] not in state_of(lab)
