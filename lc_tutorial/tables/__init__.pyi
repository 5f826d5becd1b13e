from .columnar.layout import NAMES as NAMES
from .frames import Tables as Tables
from .frames import tables as tables
from .given import each_answer as each_answer
from .parquet import lack_of_parquet as lack_of_parquet
from .reading import decode_answer as decode_answer
