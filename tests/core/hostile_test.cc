// SPDX-License-Identifier: Apache-2.0
// Whatever the texts say: an answer, soon, that is a report or names what is wrong.
#include <chrono>

#include "harness.h"

namespace tare {
namespace {

/// A small language model with everything a config can break.
Json Blueprint() {
  const Json layer = {
      {"repeat", {{"i", "num_hidden_layers"}}},
      {"class", "Layer"},
      {"children",
       {{"up", {{"class", "Linear"}, {"parameters", {{"weight", {"intermediate_size", "hidden_size"}}}}}},
        {"head",
         {{"when", "layer_types[i] == 'full'"},
          {"class", "Linear"},
          {"parameters", {{"weight", {"hidden_size // num_heads"}}}}}}}}};
  const Json config = {
      {"defaults",
       {{"num_hidden_layers", 2},
        {"hidden_size", 8},
        {"intermediate_size", 16},
        {"num_heads", 2},
        {"layer_types", nullptr},
        {"vocab_size", 10}}},
      {"types", {{"int", {"vocab_size"}}}},
      {"derived",
       {{"layer_types", "layer_types if layer_types is not None else ['full' for k in range(num_hidden_layers)]"}}}};
  return OneClass({{"class", "ToyModel"},
                   {"children",
                    {{"embed", {{"class", "Embedding"}, {"parameters", {{"weight", {"vocab_size", "hidden_size"}}}}}},
                     {"layers", {{"class", "ModuleList"}, {"children", {{"{i}", layer}}}}}}}},
                  config);
}

std::string Try(const Json& changes) {
  Json config = {{"model_type", "toy"}};
  config.update(changes);
  return Failed(Ask(config, Blueprint()));
}

TEST(Hostile, NamesTheKey) {
  EXPECT_EQ(Try(Json::object()), "");
  EXPECT_EQ(Try({{"num_hidden_layers", 1'000'000'000}}), "limit_exceeded num_hidden_layers");
  EXPECT_EQ(Try({{"num_hidden_layers", 15'000}}), "");
  EXPECT_EQ(Try({{"num_hidden_layers", -1}}), "invalid_config num_hidden_layers");
  EXPECT_EQ(Try({{"num_hidden_layers", "12"}}), "invalid_config num_hidden_layers");
  EXPECT_EQ(Try({{"num_hidden_layers", 2.5}}), "invalid_config num_hidden_layers");
  EXPECT_EQ(Try({{"hidden_size", -8}}), "invalid_config hidden_size");
  EXPECT_EQ(Try({{"hidden_size", 8.5}}), "invalid_config hidden_size");
  EXPECT_EQ(Try({{"hidden_size", 1e300}}), "invalid_config hidden_size");
  EXPECT_EQ(Try({{"hidden_size", INT64_MAX}}), "limit_exceeded vocab_size");
  EXPECT_EQ(Try({{"hidden_size", int64_t{1} << 50}, {"vocab_size", int64_t{1} << 50}}), "limit_exceeded vocab_size");
  EXPECT_EQ(Try({{"vocab_size", int64_t{1} << 52}, {"hidden_size", 1}}), "");
  EXPECT_EQ(Try({{"vocab_size", int64_t{1} << 55}, {"hidden_size", 1}}), "limit_exceeded vocab_size");
  EXPECT_EQ(Try({{"num_heads", 0}}), "invalid_config num_heads");
  EXPECT_EQ(Try({{"vocab_size", Json::object()}}), "invalid_config vocab_size");
  EXPECT_EQ(Try({{"layer_types", {"full"}}}), "invalid_config layer_types");
  EXPECT_EQ(Try({{"layer_types", 7}}), "invalid_config layer_types");
}

TEST(Hostile, SurvivesNullEverywhere) {
  for (const char* key : {"num_hidden_layers", "hidden_size", "intermediate_size", "num_heads", "vocab_size"}) {
    EXPECT_EQ(Try({{key, nullptr}}), std::string("invalid_config ") + key);
  }
  EXPECT_EQ(Try({{"layer_types", nullptr}, {"architectures", nullptr}, {"auto_map", nullptr}}), "");
  EXPECT_EQ(Failed(Ask(nullptr, Blueprint())), "invalid_config config");
  EXPECT_EQ(Failed(Ask(Json::array({1}), Blueprint())), "invalid_config config");
  EXPECT_EQ(Failed(Ask({{"model_type", "toy"}}, nullptr)), "invalid_blueprint blueprints");
  EXPECT_EQ(Failed(Ask({{"model_type", "toy"}}, Json::array({nullptr}))), "invalid_blueprint blueprints");
}

TEST(Hostile, SurvivesAnyTruncation) {
  const std::string config = R"({"model_type": "toy", "hidden_size": 8, "layer_types": ["full", "\u00e4"]})",
                    blueprints = Blueprint().dump();
  for (size_t i = 0; i < config.size(); ++i)
    EXPECT_EQ(Failed(Json::parse(Estimate(config.substr(0, i), blueprints, "{}"))), "invalid_json config");
  for (size_t i = 0; i < blueprints.size(); ++i)
    EXPECT_EQ(Failed(Json::parse(Estimate(config, blueprints.substr(0, i), "{}"))), "invalid_json blueprints");
}

TEST(Hostile, SurvivesAnyKindInABlueprint) {
  const Json whole = Blueprint();
  for (const Json& part : {Json(nullptr), Json(true), Json(-1), Json(1.5), Json("x"), Json("("), Json::array({nullptr}),
                           Json({{"x", nullptr}})}) {
    const Json flat = whole.flatten();
    for (const auto& [pointer, value] : flat.items()) {
      Json changed = whole;
      for (Json::json_pointer at(pointer); !at.empty(); at.pop_back()) {
        changed[at] = part;
        const std::string answer = Estimate(R"({"model_type": "toy"})", changed.dump(),
                                            R"({"tree": true, "lora": {"rank": 1, "target_modules": "all-linear"}})");
        ASSERT_TRUE(Json::accept(answer)) << pointer;
      }
    }
  }
}

TEST(Hostile, IsSoonDoneWithLargeTexts) {
  const auto start = std::chrono::steady_clock::now();
  std::string keys = R"({"model_type": "toy")";
  for (int i = 0; i < 300'000; ++i) keys += ",\"" + std::to_string(i) + "\":" + std::to_string(i);
  const std::string blueprints = Blueprint().dump();
  EXPECT_EQ(Failed(Json::parse(Estimate(keys + "}", blueprints, "{}"))), "");
  EXPECT_EQ(Failed(Json::parse(Estimate(std::string(100 << 20, '1'), blueprints, "{}"))), "invalid_json config");
  EXPECT_EQ(Failed(Json::parse(Estimate("[" + std::string(4 << 20, '[') + "]", blueprints, "{}"))),
            "invalid_json config");
  std::string list = "[0";
  for (int i = 0; i < 1'000'000; ++i) list += ",0";
  EXPECT_EQ(Failed(Json::parse(Estimate(R"({"model_type": "toy", "layer_types": )" + list + "]}", blueprints, "{}"))),
            "");
  // What is looked for again and again in an object, however wide, and in a text.
  std::string wide = R"({"full": 0)";
  for (int i = 0; i < 300'000; ++i) wide += ",\"" + std::to_string(i) + "\":0";
  const std::string text = '"' + std::string(4 << 20, '0') + '"';
  const std::string head = R"({"model_type": "toy", "num_hidden_layers": 15000, "wide": )";
  for (const std::string question : {"'x' in wide", "wide['full'] == 0", "wide.full == 0", "len(wide) == int(wide)"}) {
    Json asking = Blueprint();
    asking[0]["config"]["derived"]["layer_types"] = "['full' for k in range(num_hidden_layers) if " + question + "]";
    for (const std::string& value : {wide + "}", text})
      EXPECT_NE(Failed(Json::parse(Estimate(head + value + "}", asking.dump(), "{}"))), "") << question;
  }
  const std::string layers = wide + R"(, "per_layer_config": {"0": )" + wide + R"(}}, "model_type": "toy"})";
  EXPECT_EQ(Failed(Json::parse(Estimate(layers, blueprints, "{}"))), "limit_exceeded steps");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(Hostile, BoundsNestedLoops) {
  Json blueprints = Blueprint();
  const Json inner = {{"repeat", {{"j", 15'000}}}, {"class", "X"}};
  blueprints[0]["classes"]["ToyModel"]["children"] = {
      {"{i}", {{"repeat", {{"i", 15'000}}}, {"class", "Y"}, {"children", {{"{j}", inner}}}}}};
  EXPECT_TRUE(Failed(Ask({{"model_type", "toy"}}, blueprints)).starts_with("limit_exceeded"));
  blueprints[0]["classes"]["ToyModel"]["children"] = {
      {"{i}_{j}_{k}", {{"repeat", {{"i", 15'000}, {"j", 15'000}, {"k", 15'000}}}, {"when", "False"}, {"class", "X"}}}};
  EXPECT_TRUE(Failed(Ask({{"model_type", "toy"}}, blueprints)).starts_with("limit_exceeded"));
  const std::string slow = "[i for i in range(20000) for j in range(20000) if False]";
  blueprints[0]["config"]["derived"]["slow"] = slow;
  EXPECT_TRUE(Failed(Ask({{"model_type", "toy"}}, blueprints)).starts_with("limit_exceeded"));
  blueprints[0]["config"]["derived"].erase("slow");
  Json each = {{"class", "X"}, {"when", "False"}};
  for (int k = 0; k < 6; ++k)
    each = {{"repeat", {{std::string(1, static_cast<char>('i' + k)), 15'000}}}, {"each", {{"e", each}}}};
  blueprints[0]["classes"]["ToyModel"]["children"] = {{"e", each}};
  EXPECT_TRUE(Failed(Ask({{"model_type", "toy"}}, blueprints)).starts_with("limit_exceeded"));
  Json deep = {{"class", "X"}};
  for (int k = 0; k < 55; ++k)
    deep = {{"each", {{"e", deep}}}};  // more levels than modules may have, fewer than a text may have
  blueprints[0]["classes"]["ToyModel"]["children"] = {{"e", deep}};
  EXPECT_TRUE(Failed(Ask({{"model_type", "toy"}}, blueprints)).starts_with("limit_exceeded"));
}

TEST(Hostile, BoundsWhatTheAnswerHolds) {
  Json doubled = Blueprint();
  for (int k = 0; k < 30; ++k) {  // each twice as large as the next, half of it counted elsewhere
    const std::string next = "p" + std::to_string(k + 1);
    doubled[0]["parts"]["p" + std::to_string(k)] = {
        {"class", "P"}, {"children", {{"a", {{"use", next}}}, {"b", {{"use", next}, {"same_as", "a"}}}}}};
  }
  doubled[0]["parts"]["p30"] = {{"class", "P"}};
  doubled[0]["classes"]["ToyModel"]["children"] = {{"p", {{"use", "p0"}}}};
  EXPECT_TRUE(Failed(Ask({{"model_type", "toy"}}, doubled, {{"tree", true}})).starts_with("limit_exceeded"));

  Json named = Blueprint();  // 15,000 equal layers, each of a very long name
  named[0]["classes"]["ToyModel"]["children"] = {
      {std::string(100'000, 'x'),
       {{"class", "X"}, {"children", {{"{i}", {{"repeat", {{"i", 15'000}}}, {"class", "Y"}}}}}}}};
  EXPECT_TRUE(Failed(Ask({{"model_type", "toy"}}, named)).starts_with("limit_exceeded"));
}

}  // namespace
}  // namespace tare
