"""The house's settings, with a connection a request: on the event loop none is ever used again."""

from nearer.web.settings import *  # noqa: F403 - it is the same house
from nearer.web.settings import DATABASES

DATABASES["default"]["CONN_MAX_AGE"] = 0
