"""What is compiled where Python may keep nothing of what it compiles itself."""

import json
import subprocess
import sys
import sysconfig
from ast import literal_eval
from collections.abc import Iterator
from importlib.util import cache_from_source, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

PROGRAM = Path(__file__).parents[2] / "tools" / "compile_ahead.py"


def compile_ahead() -> Any:
    spec = spec_from_file_location("compile_ahead", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LOADED = {
    "six.py",
    "pandas/__init__.py",
    "pandas/testing.py",
    "latest/thing.py",
    "fontTools/agl.py",
    "fontTools/misc/textTools.py",
    "pygments/lexers/_mapping.py",
    "pygments/lexers/python.py",
}
NOT_LOADED = {
    "pandas/tests/test_frame.py",
    "tornado/test/web_test.py",
    "pip/__init__.py",
    "pip/_internal/main.py",
    "fontTools/ttLib/ttFont.py",
    "numpy/f2py/rules.py",
    "pygments/lexers/javascript.py",
}


@pytest.mark.parametrize("keeps", [True, False])
def test_what_the_course_loads_is_compiled_where_python_keeps_nothing(
    keeps: bool, tmp_path: Path
) -> None:
    # A folder above has any name, and is none of a package's.
    venv = tmp_path / "my tests" / "test" / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (packages,) = (path for path in venv.rglob("site-packages") if not path.is_symlink())
    for name in LOADED | NOT_LOADED:
        (packages / name).parent.mkdir(parents=True, exist_ok=True)
        (packages / name).touch()
    (packages / "template.py").write_text("print 'of another Python'\n")
    done = subprocess.run(
        [venv / "bin" / "python", PROGRAM],
        env={} if keeps else {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == done.stderr == ""
    compiled = {
        name for name in LOADED | NOT_LOADED if Path(cache_from_source(packages / name)).exists()
    }
    assert compiled == (set() if keeps else LOADED)


#: What a walk through the notebooks loads, a slip and the Tab key among it.
WALK = """
import matplotlib.pyplot, pandas, requests
import lc_tutorial as lc
platform = lc.connect("sandbox")
session = lc.catch_up(platform)
tables = lc.tables([{"chats_summary": []}])
pandas.DataFrame({"chats": [1]}).plot()
display(session, tables)
"""
#: As JSON: what a kernel displays of a long list has dots in it.
FILES = """__import__("json").dumps(
    [getattr(module, "__file__", None) for module in __import__("sys").modules.values()]
)"""


@pytest.fixture
def kernel() -> Iterator[BlockingKernelClient]:
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_nothing_that_a_session_loads_is_left_out(kernel: BlockingKernelClient) -> None:
    def execute(code: str, **expressions: str) -> Any:
        return kernel.execute_interactive(
            code,
            timeout=120,
            output_hook=lambda _: None,
            user_expressions=expressions,
        )["content"]

    assert execute(WALK)["status"] == "ok"
    assert execute("pandas.DataFrane")["status"] == "error"
    kernel.complete("pandas.Da", 9, reply=True, timeout=60)
    kernel.inspect("pandas.DataFrame", 9, reply=True, timeout=60)
    told = execute("pass", files=FILES)["user_expressions"]["files"]["data"]["text/plain"]
    lab = subprocess.run(
        [sys.executable, "-c", f"import jupyterlab.labapp; print({FILES})"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    packages = sysconfig.get_path("purelib")
    loaded = {
        file
        for files in (json.loads(literal_eval(told)), json.loads(lab))
        for file in files
        if file and file.startswith(packages) and file.endswith(".py")
    }
    assert len(loaded) > 1_000, "The walk is not what was loaded."
    left_out = compile_ahead().not_loaded(packages)
    assert [file for file in sorted(loaded) if left_out.search(file)] == []
