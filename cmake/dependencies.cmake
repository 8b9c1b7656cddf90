# SPDX-License-Identifier: Apache-2.0
# What the tests use: nlohmann/json to read answers, GoogleTest. The system's packages where there are any, else fetched.
# The core itself depends on nothing.
if(NOT TARE_TESTS OR EMSCRIPTEN)
  return()
endif()
include(FetchContent)
set(JSON_BuildTests OFF)
FetchContent_Declare(nlohmann_json
  URL https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
  FIND_PACKAGE_ARGS 3.11)
set(INSTALL_GTEST OFF)
FetchContent_Declare(googletest
  URL https://github.com/google/googletest/releases/download/v1.15.2/googletest-1.15.2.tar.gz
  FIND_PACKAGE_ARGS NAMES GTest)
FetchContent_MakeAvailable(nlohmann_json googletest)
