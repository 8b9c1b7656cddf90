// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include <cmath>

#include "harness.h"

namespace tare {
namespace {

std::string Parse(std::string_view text) {
  Context context;
  Value value;
  return ParseJson(context, text, kMaxConfigBytes, "text", &value)
             ? Show(value)
             : std::string(ErrorName(context.error().code)) + ": " + context.error().text;
}

TEST(ParseJson, ReadsEveryKind) {
  EXPECT_EQ(Parse(R"( [null, true, false, 1, -2.5, "a", [], [[3]]] )"), "[None, True, False, 1, -2.5, 'a', [], [[3]]]");
  EXPECT_EQ(Parse(R"({"a": {"b": 1}, "c": 2})"), "{2}");
  EXPECT_EQ(Parse(R"(["\u0041\n\"\\\/", "\ud83d\ude00", "ä"])"), "['A\n\"\\/', '\xF0\x9F\x98\x80', '\xC3\xA4']");
}

TEST(ParseJson, LetsPythonsNumbersIn) {
  Context context;
  Value value;
  ASSERT_TRUE(ParseJson(context, "[NaN, Infinity, -Infinity]", 100, "text", &value));
  EXPECT_TRUE(std::isnan(value.as_list()[0].as_double()));
  EXPECT_EQ(value.as_list()[1].as_double(), INFINITY);
  EXPECT_EQ(value.as_list()[2].as_double(), -INFINITY);
  EXPECT_EQ(Parse(R"(["NaN", "a\"Infinity", "\\", -1])"), R"(['NaN', 'a"Infinity', '\', -1])");
  EXPECT_EQ(
      Parse(R"([{"__float__": "-Infinity"}, {"__float__": "inf"}, {"__float__": 1}, {"__float__": "NaN", "a": 1}])"),
      "[null, {1}, {1}, {2}]");
  // Nothing that a file says is taken for what stands for them on the way.
  EXPECT_EQ(Parse(R"(["\u007f"])"), "['\x7F']");
  EXPECT_EQ(Parse(R"(["\u007f", "NaN"])"), "['\x7F', 'NaN']");
  EXPECT_EQ(Parse(R"(["\u007F", NaN])"), "invalid_json: The text is not JSON; reading stopped at character 12.");
  EXPECT_EQ(Parse("[\"\x7F\", NaN]"), "invalid_json: The text is not JSON; reading stopped at character 7.");
}

TEST(ParseJson, KeepsIntegersWhole) {
  EXPECT_EQ(Parse("[0, -12, 9223372036854775807]"), "[0, -12, 9223372036854775807]");
  EXPECT_EQ(Parse("[9223372036854775808, -9223372036854775809, 0.1]"),
            "[9.223372036854776e+18, -9.223372036854776e+18, 0.1]");
}

TEST(ParseJson, KeepsTheLastOfDuplicateKeysAtTheFirstPlace) {
  Context context;
  Value value;
  ASSERT_TRUE(ParseJson(context, R"({"a": 1, "b": {"a": 9}, "a": 2})", 100, "text", &value));
  const auto entries = value.as_object()->entries;
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].key->text, "a");
  EXPECT_EQ(entries[0].value.as_int(), 2);
}

TEST(ParseJson, RefusesEverythingElse) {
  const std::string texts[] = {"",
                               " ",
                               "{",
                               "[1",
                               "[1,]",
                               "{\"a\"}",
                               "{\"a\":}",
                               "{\"a\":1,}",
                               "{a:1}",
                               "[1 2]",
                               "nul",
                               "tru",
                               "01",
                               "\"",
                               "\"\\x\"",
                               "\"\\u12\"",
                               "\"\\ud800\"",
                               "\"\\ud800\\u0041\"",
                               "\"\n\"",
                               "\"\xFF\"",
                               "\"\xC0\x80\"",
                               "\"\xED\xA0\x80\"",
                               "\"\xF5\x80\x80\x80\"",
                               "\"\xE2\x82\"",
                               "[1]]",
                               "1,",
                               "'a'",
                               "// c\n1"};
  for (const std::string& text : texts)
    EXPECT_TRUE(Parse(text).starts_with("invalid_json")) << text << " " << Parse(text);
}

TEST(ParseJson, BoundsDepthAndSize) {
  EXPECT_EQ(Parse(std::string(1'000'000, '[')), "invalid_json: The text is nested deeper than 128 levels.");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(Parse(objects), "invalid_json: The text is nested deeper than 128 levels.");
  EXPECT_EQ(Parse(std::string(kMaxConfigBytes + 1, ' ')), "invalid_json: The text is larger than 8 MB.");
}

TEST(ParseJson, SaysWhereItStopped) {
  EXPECT_EQ(Parse("[1, x]"), "invalid_json: The text is not JSON; reading stopped at character 5.");
  EXPECT_EQ(Parse("[NaN, x]"), "invalid_json: The text is not JSON; reading stopped at character 7.");
  EXPECT_EQ(Parse("[1e999]"),
            "invalid_json: The text has a number that no computer holds; reading stopped at character 6.");
}

}  // namespace
}  // namespace tare
