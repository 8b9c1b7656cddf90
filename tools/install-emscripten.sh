#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Puts Emscripten 3.1.69, as Debian 13 packages it, into a directory of its own on a Debian 12 (or 13) machine.
#
#   usage: tools/install-emscripten.sh [PREFIX]      default: $XDG_CACHE_HOME/tare/emscripten
#
# clang, lld and llvm 19 come from the system's own suite. Debian 13's emscripten is one package for every architecture
# and fits them; only its binaryen wants a newer C library, so that one is unpacked too and binaryen runs through it.
# Nothing of Debian 13 becomes known to dpkg, and the system's package sources stay as they are.
set -euo pipefail

readonly suite=trixie
readonly llvm=19
readonly npm_helpers=(acorn@8 typescript@5 google-closure-compiler@20260927.0.0) # optimised links, --emit-tsd, --closure
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg
prefix=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/tare/emscripten}
readonly packages=$(cd "$(dirname "$0")" && pwd)/install-debian-packages.sh
readonly stamp="$suite $llvm ${npm_helpers[*]}"

say() { printf '== emscripten: %s\n' "$*"; }
stop() { printf 'emscripten: %s\n' "$*" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# The mirror this machine already uses for Debian itself.
debian_mirror() {
  apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' 'Created-By: Packages' | sort -u | sed -n 1p
}

# Downloads the packages named after the directory into it, with an apt that has its own lists and state.
download_from_suite() {
  local into=$1 mirror; shift
  mirror=$(debian_mirror)
  if [ -z "$mirror" ]; then
    as_root apt-get update -qq
    mirror=$(debian_mirror)
  fi
  [ -n "$mirror" ] || stop "apt names no Debian mirror here; install emsdk and put its emcc on the PATH"
  mkdir -p "$into"/{lists/partial,preferences.d,sources.d}
  : > "$into/status"
  cat > "$into/sources.d/$suite.sources" <<SOURCES
Types: deb
URIs: $mirror
Suites: $suite
Components: main
Signed-By: $keyring
SOURCES
  cat > "$into/apt.conf" <<CONF
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::Cache "$into";
Dir::Etc::preferencesparts "$into/preferences.d";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$into/sources.d";
Dir::State::lists "$into/lists";
Dir::State::status "$into/status";
CONF
  (cd "$into" && export APT_CONFIG=$into/apt.conf && apt-get update -qq && apt-get download -qq "$@")
}

# unpack DEB-PREFIX TAR-OPTION...: one downloaded package into the prefix.
unpack() {
  local package=$1; shift
  dpkg-deb --fsys-tarfile "$work/${package}"_*.deb | tar -x -C "$prefix" "$@"
}

unpack_packages() {
  # What a single-threaded module without graphics never links is most of the package: 1.6 GB without this list.
  unpack emscripten \
    --exclude='./usr/share/doc' --exclude='./usr/share/man' \
    --exclude='./usr/share/emscripten/docs' --exclude='./usr/share/emscripten/test' \
    --exclude='*/wasm32-emscripten/pic' --exclude='*/wasm32-emscripten/lto-pic' \
    --exclude='*-mt*.a' --exclude='*-ww*.a' \
    --exclude='libGL-emu*' --exclude='libGL-*ofb*' --exclude='libGL-*es3*' --exclude='libGL-webgl2*'
  unpack binaryen ./usr/bin ./usr/lib
  local library
  for library in libc6 libstdc++6 libgcc-s1; do
    unpack "$library" --wildcards './usr/lib/*-linux-gnu/*.so*'
  done
}

# One small program per binaryen tool, which starts the real one with the loader and libraries unpacked beside it.
wrap_binaryen() {
  local tool wrapper
  mkdir -p "$prefix/binaryen/bin"
  for tool in "$prefix"/usr/bin/wasm*; do
    wrapper=$prefix/binaryen/bin/${tool##*/}
    cat > "$wrapper" <<'WRAPPER'
#!/bin/sh
prefix=$(cd "$(dirname "$0")/../.." && pwd)
for loader in "$prefix"/usr/lib/*-linux-gnu/ld-linux-*.so.*; do break; done
exec "$loader" --library-path "${loader%/*}" "$prefix/usr/bin/${0##*/}" "$@"
WRAPPER
    chmod +x "$wrapper"
  done
}

configure() {
  local home=$prefix/usr/share/emscripten
  (cd "$home" && echo '{"private": true}' > package.json && npm install --silent --no-audit --no-fund --no-save "${npm_helpers[@]}")
  cat > "$home/.emscripten" <<CONFIG
LLVM_ROOT = '/usr/bin'
LLVM_ADD_VERSION = '$llvm'
CLANG_ADD_VERSION = '$llvm'
BINARYEN_ROOT = '$prefix/binaryen'
NODE_JS = 'node'
CLOSURE_COMPILER = '$home/node_modules/.bin/google-closure-compiler'
FROZEN_CACHE = True
CONFIG
  # The helpers' own tsc comes first: --emit-tsd needs a TypeScript 5.
  printf 'export PATH="%s:%s:$PATH"\n' "$home" "$home/node_modules/.bin" > "$prefix/env.sh"
}

command -v apt-get >/dev/null || stop "this is not Debian: install emsdk and put its emcc on the PATH"
command -v npm >/dev/null || stop "npm is missing: install Node.js 20.19 or newer"
"$packages" "clang-$llvm" "lld-$llvm" "llvm-$llvm" python3
[ "$(cat "$prefix/.complete" 2>/dev/null)" = "$stamp" ] && exit 0

[ -e "$prefix/.complete" ] && rm -rf "$prefix"
mkdir -p "$prefix"
prefix=$(cd "$prefix" && pwd)
work=$prefix/.download
rm -rf "$work"
say "installing into $prefix (300 MB to download, about a minute)"
say "downloading emscripten and binaryen of Debian $suite"
download_from_suite "$work" emscripten binaryen libc6 libstdc++6 libgcc-s1
say "unpacking"
unpack_packages
wrap_binaryen
configure
rm -rf "$work"
printf '%s' "$stamp" > "$prefix/.complete"
say "ready: $("$prefix/usr/share/emscripten/emcc" --version | sed -n 1p)"
