"""How Sphinx builds the site: see docs/build_site.py, which lays its pages out and calls it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from references import hide_colon, resolve, show_colon
from sphinx.application import Sphinx

import lc_tutorial

project = "lc_tutorial"
author = "the lc_tutorial project"
project_copyright = author
release = version = lc_tutorial.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["static"]

# --- Notebooks and Markdown ---------------------------------------------------------------------

# The outputs are those that are committed: nbval holds them to be what the cells say.
nb_execution_mode = "off"
# No notebook has the state of a widget, and if one had it, no script from elsewhere would come.
nb_ipywidgets_js = {}
nb_merge_streams = True
# A dollar is a dollar.
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 4

# --- The reference ------------------------------------------------------------------------------

autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
add_module_names = False

# --- Pages --------------------------------------------------------------------------------------

html_theme = "furo"
html_title = "lc_tutorial"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_extra_path = ["extra"]
html_copy_source = False
html_use_index = False
html_show_sourcelink = False
html_last_updated_fmt = None
html_theme_options = {
    "navigation_with_keys": False,
    "light_css_variables": {"font-stack": "system-ui, sans-serif"},
}
# Readable in both themes: axe-core holds the contrast.
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def setup(app: Sphinx) -> None:
    """Read docstrings as they are meant."""
    app.connect("missing-reference", resolve)
    # Napoleon's own priority is 500.
    app.connect("autodoc-process-docstring", hide_colon, priority=400)
    app.connect("autodoc-process-docstring", show_colon, priority=600)
