from .agent_chat import AgentChat as AgentChat
from .connect import connect as connect
from .course import check_app as check_app
from .course import check_authorization as check_authorization
from .course import check_chats as check_chats
from .course import check_environment as check_environment
from .course import check_token as check_token
from .course import check_unanswered as check_unanswered
from .course import write_standalone as write_standalone
from .display import reveal as reveal
from .display import show as show
from .errors import TutorialError as TutorialError
from .forms import AuthorizationForm as AuthorizationForm
from .forms import CredentialsForm as CredentialsForm
from .forms import PlatformChoice as PlatformChoice
from .forms import RequestLab as RequestLab
from .forms import catch_up as catch_up
from .masking import Secret as Secret
from .oauth import PersonalAccessToken as PersonalAccessToken
from .oauth import Pkce as Pkce
from .oauth import Token as Token
from .oauth import new_state as new_state
from .platforms import Control as Control
from .platforms import Platform as Platform
from .tables import tables as tables

__version__: str
