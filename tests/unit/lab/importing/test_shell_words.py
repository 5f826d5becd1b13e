"""A command's words, as a shell splits it; and what only a shell could do is refused."""

import contextlib
import subprocess
import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lc_tutorial.errors import InputError
from lc_tutorial.lab.importing.shell_words import split
from tests.drawn import examples


def words(text: str) -> list[str]:
    return list(split(text).words)


def refused(text: str) -> str:
    with pytest.raises(InputError) as problem:
        split(text)
    assert problem.value.why
    assert problem.value.remedy
    return str(problem.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a  b\tc", ["a", "b", "c"]),
        ("'a b' \"c d\"", ["a b", "c d"]),
        ("a'b'\"c\"d", ["abcd"]),
        ("''", [""]),
        ("'a\nb'", ["a\nb"]),
        ("'\\n\"$x`'", ['\\n"$x`']),
        ('"\\"\\\\\\$\\`\\n"', ['"\\$`\\n']),
        ('"a\\\nb"', ["ab"]),
        ("a\\ b\\'c", ["a b'c"]),
        ("a \\\n  b", ["a", "b"]),
        ("a\\\nb", ["ab"]),
        ("a \\\r\n b", ["a", "b"]),
        ("$'a\\n\\t\\x41\\101\\u00e9\\\\\\'\\\"\\?\\e\\cA'", ["a\n\tAAé\\'\"?\x1b\x01"]),
        ("$'\\xc3\\xa9 \\ud83d\\ude00 \\U0001f600 \\q'", ["é 😀 😀 \\q"]),
        ("$'\\303\\251'", ["é"]),
        ('$"a b"', ["a b"]),
        ("a # b c", ["a"]),
        ("a#b '#c'", ["a#b", "#c"]),
        ("# first\na", ["a"]),
        ("a // what it does", ["a"]),
        ("a //b", ["a", "//b"]),
        ("$ 100$ '$x' \\$y", ["$", "100$", "$x", "$y"]),
        ("{a,b} [1] * ~ ! ?", ["{a,b}", "[1]", "*", "~", "!", "?"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def quoted(text: str, how: str) -> str:
    if how == "single":
        return "'" + text.replace("'", "'\\''") + "'"
    if how == "double":
        return '"' + "".join(f"\\{c}" if c in '"\\$`' else c for c in text) + '"'
    if how == "ansi":
        return "$'" + "".join(f"\\u{ord(c):04x}" if ord(c) < 0x10000 else c for c in text) + "'"
    # A backslash before a blank is taken for what is left of a broken line, but within a word.
    plain = text and text.isprintable() and " " not in text
    return "".join(f"\\{c}" for c in text) if plain else quoted(text, "single")


_characters = st.sampled_from("ab '\"\\$`\n\t#&|;<>(){}[]*?!~=-%é日🎉\u00a0“’")
_pieces = st.tuples(
    st.text(_characters, max_size=6), st.sampled_from(["single", "double", "ansi", "escaped"])
)


@settings(deadline=None, max_examples=examples(50), suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.lists(_pieces, min_size=1, max_size=3), min_size=1, max_size=4),
    st.sampled_from([" ", "  ", " \\\n ", "\t"]),
)
def test_bash_splits_alike(command: list[list[tuple[str, str]]], between: str) -> None:
    written = [[quoted(*piece) for piece in word] for word in command]
    text = between.join("".join(word) for word in written)
    by_bash = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {text}"],
        capture_output=True,
        check=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    ).stdout.decode()
    expected = by_bash.split("\0")[:-1]
    assert expected == ["".join(text for text, _ in word) for word in command]
    assert words(text) == expected


# --- What is mended -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected", "note"),
    [
        ("curl x \\ -X POST \\ -d a", ["curl", "x", "-X", "POST", "-d", "a"], "A backslash with"),
        ("curl x \\  \n -I", ["curl", "x", "-I"], "A backslash with"),
        ('curl "x"\\ -I', ["curl", "x", "-I"], "A backslash with"),
        ("curl x \\ \\\n -I", ["curl", "x", "-I"], "A backslash with"),
        ("curl x \\ # y\n -I", ["curl", "x", "-I"], "A backslash with"),
        ("curl x\n  -X DELETE\n\n  -I", ["curl", "x", "-X", "DELETE", "-I"], "A line break"),
        ("curl\n 'x'\n http://y", ["curl", "x", "http://y"], "A line break"),
        ("curl x \\", ["curl", "x"], "The command ends in a backslash"),
        ("curl ‘x’ “y z” „v“ '‘'", ["curl", "x", "y z", "v", "‘"], "Curly quotes"),
        ("curl 'x’", ["curl", "x"], None),
        ("curl\u00a0x\u202f-I", ["curl", "x", "-I"], "Spaces of a special kind"),
        ("curl x\u200b\ufeff\u2066 '\u200b'", ["curl", "x", "\u200b"], "Invisible characters"),
        ("curl http://x/?a=1&b=2&&c[]=3", ["curl", "http://x/?a=1&b=2&&c[]=3"], "The address"),
        ('curl -d "a=1&\\"\n', ["curl", "-d", "a=1&"], "The backslash before the last"),
        ("curl http://x/<action>?a=<b-c>", ["curl", "http://x/<action>?a=<b-c>"], None),
        ("curl a=ID_HERE> b", ["curl", "a=ID_HERE>", "b"], None),
    ],
)
def test_what_happens_to_a_command_on_its_way(
    text: str, expected: list[str], note: str | None
) -> None:
    found = split(text)
    assert list(found.words) == expected
    assert bool(found.notes) == bool(note)
    assert not note or found.notes[0].startswith(note)


# --- What only a shell could do -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("curl x | jq .", "a pipe (|) on line 1"),
        ("curl x || y", "a pipe (|)"),
        ("curl x \\\n  -I; y", "a semicolon (;) on line 2"),
        ("curl x & y", "an ampersand (&)"),
        ("curl x && y", "an ampersand (&)"),
        ("curl http://x/?a=1&rm -rf", "an ampersand (&)"),
        ("curl x&a=1", "an ampersand (&)"),
        ("curl http://x/?a=1&b=2 x&a=1", "an ampersand (&)"),
        ("curl x > y", "a redirection (>)"),
        ("curl x 2>&1", "a redirection (>)"),
        ("curl x < y", "a redirection (<)"),
        ("curl x << EOF\ny\nEOF", "a here-document (<<)"),
        ("curl <(y)", "a process substitution"),
        ("curl >(y)", "a process substitution"),
        ("(curl x)", "a bracket outside of quotes"),
        ("curl $(y)", "a command substitution"),
        ('curl "$(y)"', "a command substitution"),
        ("curl `y`", "a backtick"),
        ('curl "`y`"', "a backtick"),
        ("curl $((1+1))", "a command substitution"),
        ("curl ${x:-y}", "a shell expansion"),
        ("curl $1 $?", "a shell expansion"),
        ("curl $HOME", "a shell variable on line 1: $HOME"),
        ('curl "${HOME}"', "a shell variable on line 1: $HOME"),
        ("curl 'x", "The single quote (') on line 1 is never closed."),
        ('curl x \\\n "y', 'The double quote (") on line 2 is never closed.'),
        ("curl $'x", "The single quote ($') on line 1 is never closed."),
        ("curl $'\\x00'", "binary data"),
        ("curl $'\\xff'", "binary data"),
        ("curl x\ncurl y", "more than one command"),
        ("curl x\nls", "Line 2 does not belong to the curl command."),
        ('curl x\n{"chats": []}', "Line 2 does not belong to the curl command."),
    ],
)
def test_what_only_a_shell_could_do_is_named(text: str, said: str) -> None:
    assert said in refused(text)


def test_variables_that_are_known() -> None:
    found = split("curl \"$TOKEN\" ${TOKEN}x '$TOKEN'", {"TOKEN": "{{token}}"}.get)
    assert found.words == ("curl", "{{token}}", "{{token}}x", "$TOKEN")


def test_an_error_shows_nothing_of_the_words() -> None:
    for text in ("curl fake-pass | x", "curl 'fake-pass", "curl x\nfake-pass", "curl x; fake-pass"):
        assert "fake-pass" not in refused(text)


# --- A megabyte -----------------------------------------------------------------------------------

# fmt: off
FILLINGS = ["a ", "'a'", '"a"', "\\a", "\\ ", "a\\\n ", "“a”", "‘a’", "$'a' ", '"\\""', "\u00a0",
            "\n-a", "# a\n", "$T ", "<a>", "a\u200b", "'", '"', '"\\', "$'", "\\",
            "“", "‘"]
# fmt: on


@pytest.mark.parametrize("filling", FILLINGS)
def test_twice_the_text_is_twice_the_work(filling: str) -> None:
    def lines_run(text: str) -> int:
        """How many lines of Python it takes."""
        count = 0

        def trace(frame: FrameType, event: str, argument: object) -> Any:
            nonlocal count
            count += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            split(text, {"T": "x"}.get)
        except InputError:
            pass
        finally:
            sys.settrace(before)
        return count

    once, twice = (lines_run("curl http://x/?a " + filling * times) for times in (1000, 2000))
    assert twice <= 2.1 * once + 100


@pytest.mark.parametrize("filling", FILLINGS)
def test_a_megabyte_ends(filling: str) -> None:
    """With the square of its length, each of these would take hours."""
    text = "curl http://x/?a " + filling * (1_000_000 // len(filling))
    with contextlib.suppress(InputError):
        assert split(text, {"T": "x"}.get).words[0] == "curl"
