#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a command with Node.js 20.19 or newer on its PATH: the one that is there, else one that is installed first, from npm's
# own package of it, into $XDG_CACHE_HOME/tare/node (Debian 12 has Node.js 18).
#   usage: tools/with-node.sh COMMAND...
set -euo pipefail

new_enough() {
  "$1" -e 'const [major, minor] = process.versions.node.split("."); process.exit(+major > 20 || (+major === 20 && +minor >= 19) ? 0 : 1)' 2>/dev/null
}

if ! new_enough node; then
  prefix=${XDG_CACHE_HOME:-$HOME/.cache}/tare/node
  if ! new_enough "$prefix/node_modules/.bin/node"; then
    command -v npm >/dev/null || "$(dirname "$0")/install-debian-packages.sh" npm
    command -v npm >/dev/null || { echo "tare: Node.js 20.19 or newer is needed, with npm; install it and try again" >&2; exit 1; }
    echo "== node: installing Node.js 22 into $prefix"
    npm install --silent --no-audit --no-fund --prefix "$prefix" node@22 npm@11
  fi
  export PATH=$prefix/node_modules/.bin:$PATH
fi
exec "$@"
