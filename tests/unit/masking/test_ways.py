"""Every way on which a kernel shows something, times every kind of secret, in a real kernel.

One kernel goes through the table. What it sends to the notebook is searched, and what it writes to
the log of its server: for each secret, in clear, divided or encoded.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import KINDS, fake, left_of, pair
from real_kernel import Kernel

#: Values that the kernel knows. `value` is each of KINDS in turn, `enc` its pair with an account in
#: Base64; `answer` a token response with it.
KNOWN = {
    "print": "print(value)",
    "print to stderr": "print(value, file=sys.stderr)",
    "print in two pieces": "print(value[:10], end=''); print(value[10:])",
    "print with separators": "print(*value); print(*value, sep=', ')",
    "sys.__stdout__": "sys.__stdout__.write(value + chr(10)); sys.__stdout__.flush()",
    "pprint": "pprint.pprint(answer); pprint.pprint(json.dumps(answer).encode(), width=30)",
    "pprint of an object": "pprint.pprint(vars(response), width=60)",
    "textwrap": "print(textwrap.fill(value, 8)); print(textwrap.shorten(value + ' a' * 99, 40))",
    "reprlib": "print(reprlib.repr('x=' + value), reprlib.repr(enc))",
    "logging": "logging.warning('got %s', answer); logging.error('sent %r', enc.encode())",
    "warnings": "warnings.warn(value)",
    "a thread": "t = threading.Thread(target=print, args=(value,)); t.start(); t.join()",
    "a repr": "display(value); display(value.encode()); display(bytearray(value.encode()))",
    "a list": "display([value] * 3, (value,), {value}, list(value))",
    "a dict": "display(answer, {value: 1}, {'a': {'b': [value]}})",
    "a header": "display({'Authorization': 'Basic ' + enc}, [('Authorization', 'Basic ' + enc)])",
    "Base64": "display(enc, base64.b64encode(value.encode()), base64.encodebytes(enc.encode()))",
    "wrapped Base64": "print(base64.encodebytes(('account:' + value).encode()).decode())",
    "hex": "display(value.encode().hex())",
    "an address": "display('https://x/?a=' + quote(value, safe='') + '&b=' + quote(quote(value)))",
    "JSON": "print(json.dumps(answer), json.dumps(json.dumps(answer)), json.dumps(enc))",
    "HTML": "display(HTML('<b>' + html.escape(value) + '</b><i>' + enc + '</i>'))",
    "Markdown": "display(Markdown('`' + value + '`'))",
    "structured output": "display(JSON(answer)); display(JSON({value: {enc: [value]}}))",
    "keys": "display({'application/json': {value: 1, enc: 2}, 'text/plain': 'x'}, raw=True)",
    "metadata": "display('x', metadata={'a': value, value: 1})",
    "an update": "h = display(1, display_id=True); h.update(value)",
    "SVG": (
        "text = '<text>' + enc + '</text>'\n"
        "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\">' + text + '</svg>'))"
    ),
    "a Series": "display(pd.Series(answer)); print(pd.Series(answer))",
    "a DataFrame": "display(pd.DataFrame([answer] * 2)); print(pd.DataFrame([answer] * 2))",
    "a narrow DataFrame": (
        "with pd.option_context('display.max_colwidth', 20): display(pd.DataFrame([[value, enc]]))"
    ),
    "%whos": "%whos str",
    "an error": "raise ValueError(value)",
    "an error with its cause": "try: 1 / 0\nexcept Exception as e: raise ValueError(enc) from e",
    "a syntax error": "exec('x = ' + repr(value) + ' +')",
    "%xmode Verbose": "%xmode Verbose\ndef f(a, b): return a / b\nf(value, {'x': enc})",
    "a refused header": (
        "%xmode Verbose\n"
        "requests.get('http://127.0.0.1:9', headers={'Authorization': 'Basic ' + enc + chr(10)})"
    ),
    "no connection": (
        "%xmode Verbose\nrequests.get('http://127.0.0.1:9/', params={'q': value}, "
        "headers={'Authorization': 'Basic ' + enc})"
    ),
    "another program": "subprocess.run(['echo', value]); subprocess.run(['echo', enc]); None",
    "another program, directly": "subprocess.run(['echo', value], stdout=sys.stdout); None",
    "!": "!echo {value} {enc}",
    "os.system": "os.system('echo ' + value + '; echo ' + enc + ' >&2'); None",
    "os.write": "os.write(1, value.encode() + b'\\n'); os.write(2, enc.encode() + b'\\n'); None",
    "os.write in pieces": "os.write(1, b'x' * 990 + value.encode() + b'\\n'); None",
    "multiprocessing": (
        "c = multiprocessing.get_context('fork')\n"
        "p = c.Process(target=print, args=(value,)); p.start(); p.join()"
    ),
    "the kernel's log": "get_ipython().kernel.log.warning('it is %s', enc)",
    "the widgets HTML and Label": (
        "w = widgets.HTML(value); widgets.Label(enc); w.value = enc; widgets.HTMLMath(value)"
    ),
    "a description": "w = widgets.IntProgress(description=value); w.description = enc",
    "a tooltip": "widgets.Button(description='x', tooltip=value)",
    "labels of choices": "widgets.Dropdown(options=[('a', 1), (value, 2)])",
    "titles": "t = widgets.Tab([widgets.Label('x')]); t.titles = [value]",
    "the widget Output": (
        "o = widgets.Output(); o.append_stdout(value); o.append_display_data(HTML(enc)); o"
    ),
    "tqdm": "list(tqdm.notebook.tqdm([1], desc=value))",
    "all widgets at once": (
        "w = widgets.HTML(value)\n"
        "get_ipython().kernel.session.send(get_ipython().kernel.iopub_socket, 'comm_msg', {\n"
        "  'comm_id': 'x', 'data': {'method': 'update_states', 'states': {w.model_id: {\n"
        "  'model_name': 'HTMLModel', 'state': w.get_state()}}}}); None"
    ),
}  # fmt: skip

#: Values that nobody told the kernel: new ones for each way. What gives them away is their name.
NAMED = {
    "a dict": "display(answer); print(answer)",
    "JSON": "print(json.dumps(answer, indent=2)); display(JSON(answer))",
    "bytes": "display(json.dumps(answer).encode())",
    "pprint": "pprint.pprint(json.dumps(answer).encode(), width=30)",
    "pprint of an object": "pprint.pprint(vars(response), width=60)",
    "a Series": "display(pd.Series(answer)); print(pd.Series(answer))",
    "a DataFrame": "display(pd.DataFrame([answer])); print(pd.DataFrame([answer]))",
    "a narrow DataFrame": (
        "with pd.option_context('display.max_colwidth', 18): display(pd.DataFrame([answer]))"
    ),
    "CSV": "print(pd.DataFrame([answer]).to_csv())",
    "Markdown": "for k, v in answer.items(): print(f'| {k} | {v} |')",
    "pairs": "display(list(answer.items()))",
    "a query read": "display(parse_qs(urlencode(answer)))",
    "a form": "print(urlencode(answer)); print(quote(urlencode(answer)))",
    "lines": "for k, v in answer.items(): print(k, '=', v)",
    "YAML": "for k, v in answer.items(): print(f'{k}: {v}')",
    "tabs": "for k, v in answer.items(): print(k, v, sep='\\t')",
    "a namespace": "display(types.SimpleNamespace(**answer))",
    "the environment": (
        "for k, v in answer.items(): os.environ['LC_' + k.upper()] = str(v)\n"
        "display(os.environ)"
    ),
    "another program's environment": (
        "for k, v in answer.items(): os.environ['LC_' + k.upper()] = str(v)\n!env"
    ),
    "once under its name, then alone": "print(answer)\nprint(list(answer.values()), value)",
    "once under its name, then cut": "print(answer)\nprint(reprlib.repr('x=' + value))",
    "XML": "print(''.join(f'<{k}>{v}</{k}>' for k, v in answer.items()))",
}  # fmt: skip

#: The same without a name: only the sandbox that issued them can tell.
ISSUED = {
    "a value": "display(value)",
    "print": "print(value)",
    "a list": "display(list(answer.values()))",
    "a Series": "display(pd.Series(list(answer.values()), index=list('abcd')))",
    "an error": "raise ValueError(value)",
    "an address": "print('https://x.example/' + value + '?x=' + value)",
    "a widget": "widgets.HTML(value)",
    "another program": "!echo {value}",
}

#: What a program starts with here, and what the kernel may find in its environment.
ENVIRONMENT = {
    "LC_CLIENT_SECRET": fake("secret of the environment", 32),
    "LC_PERSONAL_ACCESS_TOKEN": pair(f"dal:{fake('token of the environment')}"),
    "LC_ACCESS_TOKEN": f"dal:{fake('access of the environment')}",
    "LC_REFRESH_TOKEN": f" {fake('refresh of the environment')}\n",
}

BEFORE = f"""
import base64, hashlib, html, json, logging, multiprocessing, os, pprint, reprlib, requests
import subprocess, sys, textwrap, threading, types, warnings
from urllib.parse import parse_qs, quote, urlencode
import ipywidgets as widgets, pandas as pd, tqdm.notebook
from IPython.display import HTML, JSON, SVG, Markdown, display
sys.path.insert(0, {str(Path(__file__).parents[1])!r})
from fakes import KINDS, fake, pair
from lc_tutorial import masking
masking.install()
def use(one):
    global value, enc, answer, response
    value, enc = one, pair(one)
    answer = {{"access_token": "dal:" + fake("of " + one), "expires_in": 28800,
              "refresh_token": value, "token_type": "Bearer"}}
    response = requests.Response()
    response._content = json.dumps(answer).encode()
issued = set()
def sandbox(digests):
    return issued.intersection(digests)
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    started = Kernel(tmp_path_factory.mktemp("home"), ENVIRONMENT, BEFORE)
    yield started
    started.stop()


def left(kernel: Kernel, code: str, values: dict[str, str]) -> dict[str, list[str]]:
    """What can be read of each of the values, which stand there as expressions."""
    cells = [cell for made in values.values() for cell in (f"use({made})", code)]
    shown = kernel.run(*cells)
    assert shown.count("••••") >= len(values)
    pieces = {kind: left_of(eval(made), shown) for kind, made in values.items()}
    return {kind: found for kind, found in pieces.items() if found}


def new(way: str) -> dict[str, str]:
    """Values that nothing and nobody has seen."""
    return {
        "refresh token": f"fake({'refresh token, ' + way!r})",
        "client secret": f"fake({'secret, ' + way!r}, 32)",
    }


@pytest.mark.parametrize("way", KNOWN)
def test_no_way_shows_a_known_secret(kernel: Kernel, way: str) -> None:
    kernel.run("masking.forget_all()\nfor known in KINDS.values(): masking.remember(known)")
    assert left(kernel, KNOWN[way], {kind: f"KINDS[{kind!r}]" for kind in KINDS}) == {}


@pytest.mark.parametrize("way", NAMED)
def test_no_way_shows_a_secret_under_its_name(kernel: Kernel, way: str) -> None:
    assert left(kernel, NAMED[way], new(f"named, {way}")) == {}


@pytest.mark.parametrize("way", ISSUED)
def test_no_way_shows_what_the_sandbox_issued(kernel: Kernel, way: str) -> None:
    values = new(f"issued, {way}")
    kernel.run(
        "masking.ask('stand-in', sandbox)",
        f"for one in ({', '.join(values.values())}):\n"
        "    for each in (one, fake('of ' + one)):\n"
        "        issued.add(hashlib.sha256(each.encode()).hexdigest())",
    )
    assert left(kernel, ISSUED[way], values) == {}


@pytest.mark.parametrize("code", ["dict(os.environ)", "!env", "print(*os.environ.values())"])
def test_secrets_of_the_environment_are_known_at_once(kernel: Kernel, code: str) -> None:
    kernel.run("masking.forget_all(); masking.install()")
    shown = kernel.run(code)
    for value in (*ENVIRONMENT.values(), fake("token of the environment")):
        assert left_of(value.strip(), shown) == []


@pytest.mark.parametrize("kind", ["Text", "Textarea", "Combobox"])
def test_what_a_person_can_change_in_a_widget_is_untouched(kernel: Kernel, kind: str) -> None:
    kernel.run("masking.remember(KINDS['refresh token'])")
    shown = kernel.run(f"w = widgets.{kind}(value=KINDS['refresh token'])")
    assert KINDS["refresh token"] in shown


def test_the_servers_log_holds_what_was_written(kernel: Kernel) -> None:
    half = "os.write(1, 'Gr\u00fc\u00dfe, '.encode()[:3]); time.sleep(0.5)"
    shown = kernel.run(f"import time; {half}; os.write(1, 'Gr\u00fc\u00dfe\\n'.encode()[3:])")
    assert shown.count("Gr\u00fc\u00dfe") == 1


def test_a_secret_in_pieces_is_masked_however_long_they_take(kernel: Kernel) -> None:
    kernel.run("masking.remember(KINDS['code'])", "import time; value = KINDS['code']")
    for code in (
        "for letter in value: print(letter, end='', flush=True)",
        "print(value[:12], end='', flush=True); time.sleep(0.5); print(value[12:])",
        "print(value[:6], flush=True); time.sleep(0.5); print(value[6:])",
        "print(enc[:50], end='', flush=True); time.sleep(0.5); print(enc[50:])",
    ):
        shown = kernel.run("use(KINDS['code'])", code)
        assert KINDS["code"][10:] not in shown
        assert pair(KINDS["code"])[60:] not in shown


def test_what_is_held_back_of_a_stream_comes_in_the_end(kernel: Kernel) -> None:
    shown = kernel.run("masking.remember(KINDS['code'])", "print(KINDS['code'][4:9], end='')")
    assert KINDS["code"][4:9] in shown
