// SPDX-License-Identifier: Apache-2.0
#include "number.h"

#include <cstdlib>

#include "harness.h"

namespace tare {
namespace {

std::string Read(std::string_view text) {
  Value value;
  const size_t length = ReadNumber(text, &value);
  return length == 0 ? "no" : Show(value) + (length < text.size() ? " and more" : "");
}

TEST(Number, KeepsIntegersWhole) {
  EXPECT_EQ(Read("0"), "0");
  EXPECT_EQ(Read("-12"), "-12");
  EXPECT_EQ(Read("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(Read("9223372036854775808"), "9.223372036854776e+18");
  EXPECT_EQ(Read("123456789012345678901234567890"), "1.2345678901234568e+29");
}

TEST(Number, RefusesOtherSpellings) {
  for (const std::string_view text : {"", "-", "+1", ".5", "1.", "1e", "1e+", "x"}) EXPECT_EQ(Read(text), "no") << text;
  EXPECT_EQ(Read("01"), "0 and more");
  EXPECT_EQ(Read("1.5.2"), "1.5 and more");
}

TEST(Number, ReadsTheNearestDouble) {
  uint64_t state = 7;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const int digits = static_cast<int>(state >> 33 & 15) + 1, exponent = static_cast<int>(state >> 40 & 15) - 8;
    std::string text = std::to_string(state >> 4).substr(0, static_cast<size_t>(digits));
    text += "." + std::to_string(state % 1000) + "e" + std::to_string(exponent);
    Value value;
    ASSERT_EQ(ReadNumber(text, &value), text.size()) << text;
    ASSERT_EQ(value.as_double(), std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(Number, StaysCloseBeyond) {
  for (const char* text : {"3.4028234663852886e+38", "1e-30", "2.2250738585072014e-308", "1.7976931348623157e308"}) {
    Value value;
    ASSERT_GT(ReadNumber(text, &value), 0u);
    EXPECT_NEAR(value.as_double() / std::strtod(text, nullptr), 1, 1e-13) << text;
  }
  EXPECT_EQ(Read("1e-400"), "0.0");
}

}  // namespace
}  // namespace tare
