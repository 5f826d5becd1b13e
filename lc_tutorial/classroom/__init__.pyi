from .again import rejoin as rejoin
from .joining import join as join
from .joining import leave as leave
from .syllabus import course as course
