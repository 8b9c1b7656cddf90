# SPDX-License-Identifier: Apache-2.0
"""Writes blueprints by running the real constructors on values that remember how they were computed."""
import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # before the library is imported
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "critical")

from . import instrument

instrument.install()  # before any module here imports the libraries
