from .forgetting import Forgotten as Forgotten
from .forgetting import forget_customer as forget_customer
from .keeping import Kept as Kept
from .keeping import keep_tables as keep_tables
from .opening import open_tables as open_tables
