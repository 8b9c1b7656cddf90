// SPDX-License-Identifier: Apache-2.0
// The fuzz target: one input holds config, blueprints and options, parted by zero bytes (what is missing is empty).
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "estimate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size), texts[3];
  for (std::string_view& text : texts) {
    const size_t end = rest.find('\0');
    text = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  const std::string answer = tare::Estimate(texts[0], texts[1], texts[2]);
  if (answer.size() < 2 || answer.front() != '{' || answer.back() != '}') std::abort();
  return 0;
}
