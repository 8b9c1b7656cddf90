// SPDX-License-Identifier: Apache-2.0
// Two functions of the C library that nlohmann/json and the core call, instead of the library's own: those bring its
// formatted output and arithmetic of 128-bit numbers with them, a tenth of the module.
#include <emscripten/em_js.h>

#include <cmath>
#include <cstddef>
#include <cstring>

EM_JS_DEPS(slim_libc, "$UTF8ToString");
// JavaScript reads decimals to the nearest double as well.
EM_JS(double, ReadNumber, (const char* text), { return Number(UTF8ToString(text)); });

/// Reads a text that is one JSON number or Python literal and nothing else, which is all that its callers hand over.
extern "C" double __wrap_strtod(const char* __restrict text, char** __restrict end) {
  const double value = ReadNumber(text);
  if (end != nullptr) *end = const_cast<char*>(text) + (std::isnan(value) ? 0 : std::strlen(text));
  return value;
}

/// nlohmann/json writes control characters into its messages with it; the core shows its own words instead.
extern "C" int __wrap_snprintf(char* __restrict text, size_t size, const char* __restrict, ...) {
  if (size > 0) *text = '\0';
  return 0;
}
