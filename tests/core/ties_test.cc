// SPDX-License-Identifier: Apache-2.0
#include "harness.h"

namespace tare {
namespace {

Json Leaf(const Json& shape) { return {{"class", "Linear"}, {"parameters", {{"weight", shape}}}}; }

Json Tied(const Json& ties, const Json& config = Json::object()) {
  Json layer = Leaf({"h"});
  layer["repeat"] = {{"i", 3}};
  const Json node = {{"class", "ToyModel"},
                     {"ties", ties},
                     {"children",
                      {{"embed", Leaf({"h"})},
                       {"head", Leaf({"h"})},
                       {"heads", {{"class", "ModuleList"}, {"children", {{"{i}", layer}}}}}}}};
  Json given = {{"model_type", "toy"}, {"h", 10}, {"tie", true}};
  given.update(config);
  return Ask(given, OneClass(node), {{"tied", true}});
}

TEST(Ties, CountOnceWhatIsTied) {
  const Json tie = {{"when", "tie"}, {"tensor", "head.weight"}, {"to", "embed.weight"}};
  EXPECT_EQ(Tied(Json::array({tie}))["total_bytes"], 200);
  EXPECT_EQ(Tied(Json::array({tie}))["tied_total_bytes"], 160);
  EXPECT_EQ(Tied(Json::array({tie}))["rows"][0]["total_bytes"], 160);
  EXPECT_EQ(Tied(Json::array({tie, tie}))["tied_total_bytes"], 160);
  EXPECT_EQ(Tied(Json::array({tie}), {{"tie", false}})["tied_total_bytes"], 200);
}

TEST(Ties, Repeat) {
  const Json tie = {{"repeat", {{"i", 2}}}, {"tensor", "heads.{i + 1}.weight"}, {"to", "heads.0.weight"}};
  EXPECT_EQ(Tied(Json::array({tie}))["tied_total_bytes"], 120);
}

TEST(Ties, NeedBothTensors) {
  EXPECT_EQ(Failed(Tied(Json::array({{{"tensor", "gone.weight"}, {"to", "embed.weight"}}}))),
            "not_covered gone.weight");
  EXPECT_EQ(Failed(Tied(Json::array({{{"tensor", "head.weight"}, {"to", "embed.gone"}}}))), "not_covered head.weight");
  EXPECT_EQ(Failed(Tied(Json::array({{{"tensor", "head.weight"}}}))), "invalid_blueprint ties");
}

TEST(Ties, ComeWithTheModelsThatAreDirectChildren) {
  const Json tie = {{"when", "tie"}, {"tensor", "b.weight"}, {"to", "a.weight"}};
  Json blueprints = OneClass({{"class", "ToyModel"}, {"children", {{"inner", {{"model", "Inner"}}}}}});
  blueprints[0]["classes"]["Inner"] = {
      {"class", "Inner"}, {"ties", {tie}}, {"children", {{"a", Leaf({10})}, {"b", Leaf({10})}}}};
  EXPECT_EQ(Ask({{"model_type", "toy"}, {"tie", true}}, blueprints)["tied_total_bytes"], 40);
}

}  // namespace
}  // namespace tare
