#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs those of the named Debian packages that are missing; never upgrades or removes one.
#   usage: tools/install-debian-packages.sh PACKAGE...
set -euo pipefail

missing=()
for package in "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} = 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "== packages: this is not Debian; going on without ${missing[*]}, in the hope that its like is here" >&2
  exit 0
fi

root=()
[ "$(id -u)" = 0 ] || root=(sudo)
echo "== packages: installing ${missing[*]}"
install=(env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-remove --no-install-recommends --no-upgrade "${missing[@]}")
# A machine that has never asked for its package lists, or asked long ago, fails at first.
"${root[@]}" "${install[@]}" >/dev/null 2>&1 || { "${root[@]}" apt-get update -qq && "${root[@]}" "${install[@]}" >/dev/null; }
