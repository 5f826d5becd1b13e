from . import routes as routes
from .walk_in import walk_in as walk_in
