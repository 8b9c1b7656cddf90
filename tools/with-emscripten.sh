#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a command with Emscripten on its PATH: the one that is there, else one that is installed first.
#   usage: tools/with-emscripten.sh COMMAND...
set -euo pipefail
if ! command -v emcc >/dev/null; then
  prefix=${XDG_CACHE_HOME:-$HOME/.cache}/tare/emscripten
  "$(dirname "$0")/install-emscripten.sh" "$prefix"
  . "$prefix/env.sh"
fi
exec "$@"
