# SPDX-License-Identifier: Apache-2.0
"""Runs the real `accelerate estimate-memory` on a local config; only its look-up on the Hub is replaced.

usage: real_accelerate.py FOLDER_WITH_CONFIG LIBRARY
"""
import json
import sys
from types import SimpleNamespace

from accelerate.commands import accelerate_cli, estimate

folder, library = sys.argv[1:]
with open(f"{folder}/config.json") as file:
    config = json.load(file)
estimate.verify_on_hub = lambda *_args, **_kwargs: SimpleNamespace(config=config, library_name=library)
sys.argv = ["accelerate", "estimate-memory", folder, "--library_name", library]
accelerate_cli.main()
