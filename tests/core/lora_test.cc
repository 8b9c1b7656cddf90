// SPDX-License-Identifier: Apache-2.0
#include "harness.h"

namespace tare {
namespace {

Json Leaf(const std::string& name, const Json& shape) { return {{"class", name}, {"parameters", {{"weight", shape}}}}; }

Json Count(const Json& targets) {
  Json layer = {
      {"class", "Layer"},
      {"children", {{"q_proj", Leaf("Linear", {3, 4})}, {"up", Leaf("Conv1D", {4, 8})}, {"norm", Leaf("Norm", {4})}}}};
  layer["repeat"] = {{"i", 5}};
  const Json node = {{"class", "ToyModel"},
                     {"ties", {{{"when", "False"}, {"tensor", "decoder.weight"}, {"to", "embed.weight"}}}},
                     {"children",
                      {{"embed", Leaf("Embedding", {10, 4})},
                       {"layers", {{"class", "ModuleList"}, {"children", {{"{i}", layer}}}}},
                       {"decoder", Leaf("FancyLinear", {10, 4})},
                       {"lm_head", Leaf("Linear", {10, 4})},
                       {"score", Leaf("Linear", {2, 4})},
                       {"again", {{"class", "Linear"}, {"same_as", "score"}}}}}};
  return Ask({{"model_type", "toy"}}, OneClass(node), {{"lora", {{"rank", 2}, {"target_modules", targets}}}})["lora"];
}

TEST(Lora, MatchesNamesAsPeft) {
  EXPECT_EQ(Count({"q_proj"}),
            Json::parse(R"({"trainable_parameters": 70, "matched": [{"target": "q_proj", "modules": 5}]})"));
  EXPECT_EQ(Count({"layers.1.q_proj"})["trainable_parameters"], 14);
  EXPECT_EQ(Count({"1.q_proj", "up"})["trainable_parameters"], 14 + 5 * 24);
  EXPECT_EQ(Count({"proj"})["trainable_parameters"], 0);
  EXPECT_EQ(Count({"norm"})["trainable_parameters"], 0);
  EXPECT_EQ(Count({"embed"})["trainable_parameters"], 28);
  EXPECT_EQ(Count({"q_proj", "layers.0.q_proj"})["trainable_parameters"], 70);
}

TEST(Lora, LeavesTheOutputEmbeddingOutOfAllLinear) {
  EXPECT_EQ(Count("all-linear"),
            Json::parse(R"({"trainable_parameters": 202, "matched": [{"target": "all-linear", "modules": 11}]})"));
}

TEST(Lora, NeedsARank) {
  const auto failure = [](const Json& lora) {
    return Failed(Ask({{"model_type", "toy"}}, OneClass({{"class", "T"}}), {{"lora", lora}}));
  };
  EXPECT_EQ(failure({{"target_modules", "all-linear"}}), "invalid_config options.lora.rank");
  EXPECT_EQ(failure({{"rank", 0}, {"target_modules", "all-linear"}}), "invalid_config options.lora.rank");
  EXPECT_EQ(failure({{"rank", 1.9}, {"target_modules", "all-linear"}}), "invalid_config options.lora.rank");
  EXPECT_EQ(failure({{"rank", 8}, {"target_modules", "some"}}), "invalid_config options.lora.target_modules");
  EXPECT_EQ(failure({{"rank", 8}, {"alpha", 1}}), "invalid_config options.lora.alpha");
}

}  // namespace
}  // namespace tare
