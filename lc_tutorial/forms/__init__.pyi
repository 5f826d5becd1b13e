from .authorization import AuthorizationForm as AuthorizationForm
from .catch_up import catch_up as catch_up
from .clinic import Clinic as Clinic
from .credentials import CredentialsForm as CredentialsForm
from .lab.request_lab import RequestLab as RequestLab
from .platform_choice import PlatformChoice as PlatformChoice
from .quiz import Quiz as Quiz
from .quiz import quiz as quiz
