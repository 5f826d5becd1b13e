"""curl itself, given the same command, sends the same request."""

import os
import shlex
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from recorder import TRICKY, Recorder

from lc_tutorial.lab.importing import import_request
from lc_tutorial.lab.vault import Vault

_word = st.sampled_from([word for word in TRICKY if not {"\r", "\n", "\0"} & set(word)])
# A header's value, an address and what curl reads as a file's name have rules of their own.
_header = st.sampled_from(["a", "it's", '"x"', "a  b", "$HOME", "\\", "#"])
_safe = st.sampled_from(["a", "b c", "it's", '"', "é", "日本", "$HOME", "`id`", "x&y", "100%", "+"])
_name = st.sampled_from(["a", "limit", "x_1", "filters.ids"])

_option = st.one_of(
    st.tuples(st.sampled_from(["-d", "--data", "--data-raw", "--data-binary"]),
              st.builds("{}=1".format, _name)),
    st.tuples(st.just("--data-urlencode"), st.builds("{}={}".format, _name, _safe)),
    st.tuples(st.just("-H"), st.builds("X-{0}: {1}".format, st.sampled_from("AB"), _header)),
    st.tuples(st.sampled_from(["-u", "--user"]), st.builds("user:{}".format, _safe)),
    st.tuples(st.sampled_from(["-X", "--request"]), st.sampled_from(["POST", "PUT", "PATCH"])),
    st.tuples(st.sampled_from(["-s", "-S", "--compressed"])),
    st.tuples(st.just("-b"), st.builds("c={}".format, st.sampled_from(["1", "abc"]))),
)  # fmt: skip
_json = st.sampled_from(
    ['{"limit": 5}', '{"text": "it\'s é 日本 $HOME `id` \\\\ \\" //"}', "{}", "[]"]
)


def _what(option: tuple[str, ...]) -> object:
    return option[1][:3] if option[0] == "-H" else option


@st.composite
def _commands(draw: st.DrawFn) -> list[str]:
    """Words behind ``curl``, without the address."""
    # requests sends a header once; two of the same name are said in a note.
    options = draw(st.lists(_option, max_size=5, unique_by=_what))
    if draw(st.booleans()):
        # Of JSON and a form in one body nobody makes sense.
        options = [option for option in options if not option[0].startswith(("-d", "--data"))]
        options.append(("--json", draw(_json)))
    elif draw(st.booleans()):
        options.append(("-G",))
    words = [word for option in options for word in option]
    query = draw(st.sampled_from(["", "?a=1", "?a=1&b=%20x&a=2"]))
    return [f"/v3.6/agent/action/list_chats{query}", *words]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(words=_commands())
def test_what_is_imported_sends_what_curl_sends(recorder: Recorder, words: list[str]) -> None:
    if shutil.which("curl") is None:
        if "CI" in os.environ:
            pytest.fail("There is no curl here.")
        pytest.skip("There is no curl here.")
    recorder.take()
    address, *options = words
    command = ["curl", f"{recorder.origin}{address}", *options]
    subprocess.run(
        [*command, "--noproxy", "*"], check=True, capture_output=True, timeout=30, stdin=-3
    )
    (by_curl,) = recorder.take()
    vault = Vault()
    imported = import_request(shlex.join(command), vault)
    assert recorder.sent_by_us(imported.request, vault) == by_curl
