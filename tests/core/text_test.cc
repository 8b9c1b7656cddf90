// SPDX-License-Identifier: Apache-2.0
#include "text.h"

#include <fstream>

#include "harness.h"

namespace tare {
namespace {

std::string TextOf(int64_t bytes) { return ByteText({bytes * 8}); }

TEST(ByteText, WritesAsAccelerate) {
  EXPECT_EQ(TextOf(433249280), "413.18 MB");
  EXPECT_EQ(TextOf(90669056), "86.47 MB");
  EXPECT_EQ(TextOf(9437184), "9.0 MB");
  EXPECT_EQ(TextOf(1050673152), "1002.0 MB");
  EXPECT_EQ(TextOf(2199023255552), "2.0 TB");
  EXPECT_EQ(TextOf(0), "0 bytes");
  EXPECT_EQ(TextOf(1023), "1023 bytes");
  EXPECT_EQ(TextOf(1024), "1.0 KB");
  EXPECT_EQ(TextOf(1048575), "1024.0 KB");
}

TEST(ByteText, WritesFloatsAsPython) {
  EXPECT_EQ(ByteText({512 * 8, 0, true}), "512.0 bytes");
  EXPECT_EQ(ByteText({8, 2, true}), "0.25 bytes");
  EXPECT_EQ(ByteText({1, 0, true}), "0.12 bytes");  // round(0.125, 2): a tie goes to the even digit
  EXPECT_EQ(ByteText({3, 0, true}), "0.38 bytes");  // round(0.375, 2)
  EXPECT_EQ(ByteText({5, 3, true}), "0.08 bytes");
}

TEST(ByteText, EqualsPythonOnManyValues) {
  std::ifstream lines(std::string(TEST_FILES) + "/byte_texts.txt");
  uint64_t state = 1;
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const int64_t eighths = static_cast<int64_t>((state >> 5) >> (state % 56)) / 8 * 8;
    const int halvings = static_cast<int>(state >> 60 & 3);
    ASSERT_EQ(ByteText({eighths, halvings, halvings > 0}), line) << eighths << " " << halvings;
  }
  EXPECT_EQ(count, 3000);
}

TEST(ExactNumber, KeepsEveryDigit) {
  EXPECT_EQ(ExactNumber({int64_t{433249280} * 8}), "433249280");
  EXPECT_EQ(ExactNumber({1}), "0.125");
  EXPECT_EQ(ExactNumber({97, 3}), "1.515625");
  EXPECT_EQ(ExactNumber({8, 1}), "0.5");
}

}  // namespace
}  // namespace tare
