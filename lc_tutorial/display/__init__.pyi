from . import transcript as transcript
from .parts import Body as Body
from .parts import size_in_words as size_in_words
from .revealing import WARNING as WARNING
from .revealing import Revealed as Revealed
from .revealing import reveal as reveal
from .transcript import Transcript as Transcript
from .transcript import show as show
