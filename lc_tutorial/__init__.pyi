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
from .forms.authorization import AuthorizationForm as AuthorizationForm
from .forms.catch_up import catch_up as catch_up
from .forms.credentials import CredentialsForm as CredentialsForm
from .forms.platform_choice import PlatformChoice as PlatformChoice
from .forms.request_lab import RequestLab as RequestLab
from .masking import Secret as Secret
from .oauth import PersonalAccessToken as PersonalAccessToken
from .oauth import Pkce as Pkce
from .oauth import Token as Token
from .oauth import new_state as new_state
from .platforms import Control as Control
from .platforms import Platform as Platform
from .tables import tables as tables

__version__: str
