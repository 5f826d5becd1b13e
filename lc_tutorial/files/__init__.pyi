from .folders import Leftover as Leftover
from .folders import NewFolder as NewFolder
from .folders import clear_leftovers as clear_leftovers
from .writing import remove_unfinished as remove_unfinished
from .writing import see_that_there_is_room as see_that_there_is_room
from .writing import write_new as write_new
from .writing import write_whole as write_whole
