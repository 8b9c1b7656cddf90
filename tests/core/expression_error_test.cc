// SPDX-License-Identifier: Apache-2.0
// An expression that cannot be answered names the key that is to blame.
#include "harness.h"

namespace tare {
namespace {

struct Row {
  std::string expression, error;
};

TEST(Expression, BlamesTheKey) {
  const Row rows[] = {
      {"1 + nothing", "invalid_config nothing"},
      {"nothing * 2", "invalid_config nothing"},
      {"h // zero", "invalid_config zero"},
      {"h % zero", "invalid_config zero"},
      {"h / (zero * 2)", "invalid_config zero"},
      {"zero ** -1", "invalid_config zero"},
      {"(zero * 0.5) ** -1", "invalid_config zero"},
      {"round(gap[1])", "limit_exceeded gap"},
      {"unheard + 1", "not_covered unheard"},
      {"[x for x in l] + x", "not_covered x"},
      {"l[3]", "invalid_config l"},
      {"l[-4]", "invalid_config l"},
      {"l['a']", "invalid_config "},
      {"h[0]", "invalid_config h"},
      {"sub.gone", "invalid_config sub.gone"},
      {"sub.h.x", "invalid_config sub.h"},
      {"nothing.x", "invalid_config nothing"},
      {"word + 1", "invalid_config word"},
      {"'a' < h", "invalid_config "},
      {"word < h", "invalid_config word"},
      {"h in nothing", "invalid_config nothing"},
      {"int(nothing)", "invalid_config nothing"},
      {"int(word)", "invalid_config word"},
      {"len(h)", "invalid_config h"},
      {"max(e)", "invalid_config e"},
      {"min([h, word])", "invalid_config h"},
      {"sqrt(-h)", "invalid_config h"},
      {"log2(zero)", "invalid_config zero"},
      {"sum(word)", "invalid_config word"},
      {"range(word)", "invalid_config word"},
      {"sorted(gap)", "invalid_config gap"},
      {"sorted([h, word])", "invalid_config h"},
      {"range(1, h, zero)", "invalid_config h"},
      {"big * big", "limit_exceeded big"},
      {"big + big", "limit_exceeded big"},
      {"-big - big - big", "limit_exceeded big"},
      {"h ** 100", "limit_exceeded h"},
      {"2.0 ** 5000", "limit_exceeded "},
      {"int(1e300 * h)", "limit_exceeded h"},
      {"range(big)", "limit_exceeded big"},
      {"index(l, h)", "invalid_config l"},
      {"index(h, 1)", "invalid_config h"},
      {"[0] * big", "limit_exceeded big"},
      {"[i + h for i in range(h * 5000) for j in range(5000)]", "limit_exceeded h"},
  };
  constexpr std::string_view kAttributes =
      R"({"nothing": null, "zero": 0, "h": 4, "l": [1, 2, 3], "e": [], "gap": [1, NaN, 0], "word": "x", "sub": {"h": 1}, "big": 9000000000000000000})";
  for (const Row& row : rows) EXPECT_EQ(EvaluateText(row.expression, kAttributes), row.error) << row.expression;
}

TEST(Expression, RefusesWhatIsNotOne) {
  for (const std::string text : {"",
                                 "1 +",
                                 "(1",
                                 "[1",
                                 "1 2",
                                 "a b",
                                 "f(1)",
                                 "len()",
                                 "len(1, 2)",
                                 "given(x)",
                                 "a.1",
                                 "x[",
                                 "x[1:2:3:4]",
                                 "'open",
                                 "\\",
                                 "a = 1",
                                 "1 if 2",
                                 "lambda: 1",
                                 "99999999999999999999",
                                 "01",
                                 "[x for 1 in l]",
                                 "x is",
                                 "not",
                                 "a not b"}) {
    EXPECT_TRUE(EvaluateText(text).starts_with("invalid_blueprint")) << text << " " << EvaluateText(text);
  }
}

TEST(Expression, IsSoonDoneWithWhatDoublesInEachRound) {
  std::string x = " for x in [0]", y = " for y in [0]", comparison = "1";
  for (int i = 0; i < 25; ++i) {
    x += " for x in [[x, x]]";
    y += " for y in [[y, y]]";
    comparison = "0 < (" + comparison + ") < 2";
  }
  EXPECT_EQ(EvaluateText("[1" + x + " if x == x]"), "[1]");  // the same list
  EXPECT_EQ(EvaluateText("[1" + x + y + " if x == y]").substr(0, 14), "limit_exceeded");
  EXPECT_EQ(EvaluateText(comparison).substr(0, 14), "limit_exceeded");
}

TEST(Expression, BoundsItsDepth) {
  const std::string brackets(10'000, '('), minuses(10'000, '-');
  std::string sum = "1", sums = "1";
  for (int i = 0; i < 10'000; ++i) sum += "+1";
  for (int i = 0; i < 5; ++i) {  // each short, and all together high
    sums = "(" + sums + ")";
    for (int k = 0; k < 40; ++k) sums += "+1";
  }
  for (const std::string& text : {brackets, minuses, sum, sums})
    EXPECT_TRUE(EvaluateText(text).starts_with("invalid_blueprint"));
}

}  // namespace
}  // namespace tare
