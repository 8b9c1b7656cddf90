# SPDX-License-Identifier: Apache-2.0
# nlohmann/json reads the core's texts; GoogleTest is for the tests. The system's packages where there are any, else fetched.
include(FetchContent)

# A cross-compiler looks for packages in its own root alone, but these headers are the same for every machine.
set(JSON_BuildTests OFF)
FetchContent_Declare(nlohmann_json
  URL https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
  FIND_PACKAGE_ARGS 3.11 NO_CMAKE_FIND_ROOT_PATH)
FetchContent_MakeAvailable(nlohmann_json)

if(EMSCRIPTEN AND nlohmann_json_FOUND)
  # The system's copy lies beside the headers of its C library, which must stay out of sight.
  get_target_property(headers nlohmann_json::nlohmann_json INTERFACE_INCLUDE_DIRECTORIES)
  list(GET headers 0 headers)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/include)
  file(CREATE_LINK ${headers}/nlohmann ${PROJECT_BINARY_DIR}/include/nlohmann SYMBOLIC)
  set_target_properties(nlohmann_json::nlohmann_json PROPERTIES INTERFACE_INCLUDE_DIRECTORIES ${PROJECT_BINARY_DIR}/include)
endif()

if(TARE_TESTS AND NOT EMSCRIPTEN)
  set(INSTALL_GTEST OFF)
  FetchContent_Declare(googletest
    URL https://github.com/google/googletest/releases/download/v1.15.2/googletest-1.15.2.tar.gz
    FIND_PACKAGE_ARGS NAMES GTest)
  FetchContent_MakeAvailable(googletest)
endif()
