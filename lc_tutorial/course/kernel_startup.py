"""What a kernel of the course's own JupyterLab runs before its first cell.

``lc-tutorial`` names this file in ``PYTHONSTARTUP``. A check that is run before the first cell, as
after a kernel restart, is explained then too: until something of this package is imported, nobody
else could. Outside IPython it does nothing.
"""

from lc_tutorial.course import tracebacks as _tracebacks

_tracebacks.install()
# It runs among the learner's own names.
del _tracebacks
