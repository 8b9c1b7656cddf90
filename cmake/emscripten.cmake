# SPDX-License-Identifier: Apache-2.0
# Toolchain file of the `wasm` preset: hands over to the toolchain file of whichever Emscripten is on the PATH (or in EMSDK).
find_program(TARE_EM_CONFIG em-config HINTS ENV EMSDK PATH_SUFFIXES upstream/emscripten REQUIRED)
execute_process(
  COMMAND "${TARE_EM_CONFIG}" EMSCRIPTEN_ROOT
  OUTPUT_VARIABLE emscripten_root OUTPUT_STRIP_TRAILING_WHITESPACE
  COMMAND_ERROR_IS_FATAL ANY)
include("${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
