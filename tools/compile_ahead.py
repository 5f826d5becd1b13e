"""Compile what the course loads, where Python may keep nothing of what it compiles itself.

    .venv/bin/python tools/compile_ahead.py

Python compiles what it loads, and keeps that for the next time. Where it is told to keep nothing
(``PYTHONDONTWRITEBYTECODE``), JupyterLab and each kernel would start some seconds later, each time.
So all is compiled here, but for what no session of the course loads: a third of it.
"""

import compileall
import re
import sys
import sysconfig

#: Packages bring their own tests, and data as modules; some are here to install others, and some of
#: their parts are for what the course doesn't do. Below site-packages: what is above has any name.
NOT_LOADED = r"""
    (?: .* [\\/] )? tests? [\\/]
  | (?: pip | pkg_resources | setuptools ) [\\/]
  | fontTools [\\/] (?! misc ) \w+ [\\/]
  | numpy [\\/] (?: distutils | f2py | testing ) [\\/]
  | pygments [\\/] lexers [\\/] (?! __init__ | _mapping | python )
  | wcwidth [\\/] table_grapheme_overrides [\\/]
"""


def not_loaded(folder: str) -> re.Pattern[str]:
    """What of this folder's files no session of the course loads."""
    return re.compile(rf"{re.escape(folder)} [\\/] (?: {NOT_LOADED} )", re.VERBOSE)


def compile_ahead(folder: str) -> None:
    """Compile the packages in this folder; what can't be compiled is left as it is.

    Some packages have files for other Pythons, or templates, whose syntax is none here.
    """
    compileall.compile_dir(folder, maxlevels=20, quiet=2, rx=not_loaded(folder), workers=0)


if __name__ == "__main__":
    if sys.dont_write_bytecode:
        compile_ahead(sysconfig.get_path("purelib"))
