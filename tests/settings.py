"""The house's own settings with cheap passphrases: a test signs in hundreds of times."""

import atexit
import os
import shutil
import sys
import tempfile

if "pytest" in sys.modules:  # a house that a test starts brings its own folder
    os.environ["NEARER_DATA"] = tempfile.mkdtemp(prefix="nearer-tests-")
    atexit.register(shutil.rmtree, os.environ["NEARER_DATA"])

from nearer.web.settings import *  # noqa: F403 - the same house, in that folder
from nearer.web.settings import DATABASES

if DATABASES["default"]["ENGINE"] == "nearer.web.sqlite":
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # else parallel runs invent a file name

ARGON2_MEMORY_KIB = 64
ARGON2_PASSES = 1
