from . import postman as postman
from .as_curl import as_curl as as_curl
from .as_python import as_cell as as_cell
from .as_python import as_python as as_python
