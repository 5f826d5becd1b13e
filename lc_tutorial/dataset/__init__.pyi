from .asking import forget_customer as forget_customer
from .asking import keep_tables as keep_tables
from .asking import open_tables as open_tables
from .forgetting import Forgotten as Forgotten
from .keeping import Kept as Kept
