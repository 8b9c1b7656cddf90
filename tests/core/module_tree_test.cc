// SPDX-License-Identifier: Apache-2.0
// Blueprint nodes -> modules, seen through the tree of the report.
#include "harness.h"

namespace tare {
namespace {

/// "name Class xN [tensor=shape ...] (children)" of a node of the tree.
std::string Draw(const Json& node) {
  std::string text = node["name"].get<std::string>() + ":" + node["class"].get<std::string>();
  if (node["times"] != 1) text += " x" + node["times"].dump() + "-" + node["last_name"].get<std::string>();
  for (const Json& tensor : node["tensors"]) text += " " + tensor["name"].get<std::string>() + tensor["shape"].dump();
  std::string children;
  for (const Json& child : node["children"]) children += (children.empty() ? "" : ", ") + Draw(child);
  return children.empty() ? text : text + " (" + children + ")";
}

std::string Build(const Json& children, const Json& config = Json::object(), const Json& parts = Json::object()) {
  Json blueprints = OneClass({{"class", "ToyModel"}, {"children", children}});
  blueprints[0]["parts"] = parts;
  Json given = {{"model_type", "toy"}};
  given.update(config);
  const Json answer = Ask(given, blueprints, {{"tree", true}});
  return answer.contains("error") ? Failed(answer) : Draw(answer["tree"]);
}

const Json kNorm = {{"class", "Norm"}, {"parameters", {{"weight", {"h"}}}}};

TEST(ModuleTree, MergesEqualNumberedNeighbours) {
  Json layer = kNorm;
  layer["repeat"] = {{"i", "n"}};
  EXPECT_EQ(Build({{"{i}", layer}}, {{"h", 4}, {"n", 3}}), ":ToyModel (0:Norm x3-2 weight[4])");
  EXPECT_EQ(Build({{"{i}", layer}}, {{"h", 4}, {"n", 1}}), ":ToyModel (0:Norm weight[4])");
  EXPECT_EQ(Build({{"{i}", layer}}, {{"h", 4}, {"n", 0}}), ":ToyModel");
  EXPECT_EQ(Build({{"{i}", layer}}, {{"h", 4}, {"n", -5}}), "invalid_config n");
  layer["repeat"] = {{"i", "n - 1"}};
  EXPECT_EQ(Build({{"{i}", layer}}, {{"h", 4}, {"n", 0}}), ":ToyModel");  // range() of a negative number is empty
}

TEST(ModuleTree, BuildsWhatDependsOnTheIndexAnew) {
  const Json layer = {{"repeat", {{"i", "len(widths)"}}},
                      {"class", "Layer"},
                      {"children", {{"a", {{"class", "A"}, {"parameters", {{"w", {"widths[i]"}}}}}}, {"b", kNorm}}}};
  EXPECT_EQ(Build({{"layer{i + 1}", layer}}, {{"h", 4}, {"widths", {1, 1, 2}}}),
            ":ToyModel (layer1:Layer (a:A w[1], b:Norm weight[4]), layer2:Layer (a:A w[1], b:Norm weight[4]), "
            "layer3:Layer (a:A w[2], b:Norm weight[4]))");
}

TEST(ModuleTree, RepeatsOverSeveralIndices) {
  const Json layer = {{"repeat", {{"i", 2}, {"j", "i + 1"}}}, {"class", "L"}, {"parameters", {{"w", {"i * 10 + j"}}}}};
  EXPECT_EQ(Build({{"{i}_{j}", layer}}), ":ToyModel (0_0:L w[0], 1_0:L w[10], 1_1:L w[11])");
}

TEST(ModuleTree, TakesTheFirstAlternativeThatHolds) {
  const Json block =
      Json::array({{{"when", "kind == 'a'"}, {"class", "A"}}, {{"when", "kind == 'b'"}, {"class", "B"}}});
  EXPECT_EQ(Build({{"block", block}}, {{"kind", "a"}}), ":ToyModel (block:A)");
  EXPECT_EQ(Build({{"block", block}}, {{"kind", "b"}}), ":ToyModel (block:B)");
  EXPECT_EQ(Build({{"block", block}}, {{"kind", "c"}}), ":ToyModel");
}

TEST(ModuleTree, ChoosesAlternativesOfALoopInEveryRound) {
  const Json layers = Json::array({{{"repeat", {{"i", 4}}}, {"when", "i % 2 == 0"}, {"class", "Even"}},
                                   {{"repeat", {{"i", 4}}}, {"when", "i > 0"}, {"class", "Odd"}}});
  EXPECT_EQ(Build({{"{i}", layers}}), ":ToyModel (0:Even, 1:Odd, 2:Even, 3:Odd)");
  Json unlike = layers;
  unlike[1]["repeat"]["i"] = 5;
  EXPECT_EQ(Build({{"{i}", unlike}}), "invalid_blueprint Odd");
}

TEST(ModuleTree, AddsAllChildrenOfARoundInTurn) {
  const Json inner = {{"repeat", {{"j", "i"}}}, {"class", "B"}, {"parameters", {{"w", {"i * 10 + j"}}}}};
  const Json round = {{"repeat", {{"i", "n"}}}, {"each", {{"{#}", {{"class", "A"}}}, {"{#} ", inner}, {"{#}  ", "C"}}}};
  EXPECT_EQ(Build({{"each {i}", round}, {"{#}", "End"}}, {{"n", 3}}),
            ":ToyModel (0:A, 1:C, 2:A, 3:B w[10], 4:C, 5:A, 6:B w[20], 7:B w[21], 8:C, 9:End)");
  const Json named = {{"repeat", {{"i", "n"}}}, {"when", "i > 0"}, {"each", {{"conv{i}", "A"}, {"norm{i}", "B"}}}};
  EXPECT_EQ(Build({{"each {i}", named}}, {{"n", 3}}), ":ToyModel (conv1:A, norm1:B, conv2:A, norm2:B)");
}

TEST(ModuleTree, CountsSiblingsInNames) {
  const Json first = {{"when", "yes"}, {"class", "A"}}, second = {{"class", "B"}},
             loop = {{"repeat", {{"i", 2}}}, {"class", "C"}};
  EXPECT_EQ(Build({{"{#}", first}, {"{#} ", second}, {"{#}  ", loop}}, {{"yes", true}}),
            ":ToyModel (0:A, 1:B, 2:C x2-3)");
  EXPECT_EQ(Build({{"{#}", first}, {"{#} ", second}, {"{#}  ", loop}}, {{"yes", false}}), ":ToyModel (0:B, 1:C x2-2)");
}

TEST(ModuleTree, BindsArgumentsOfParts) {
  const Json parts = {{"Block", {{"class", "Block"}, {"parameters", {{"w", {"width", "h"}}}}}}};
  const Json layer = {{"repeat", {{"i", 3}}}, {"use", "Block"}, {"with", {{"width", "2 if i else 1"}}}};
  EXPECT_EQ(Build({{"{i}", layer}}, {{"h", 4}}, parts), ":ToyModel (0:Block w[1,4], 1:Block x2-2 w[2,4])");
  EXPECT_EQ(Build({{"x", {{"use", "Gone"}}}}), "invalid_blueprint Gone");
  const Json blind = {{"Block", {{"class", "Block"}, {"parameters", {{"w", {"i"}}}}}}};
  EXPECT_EQ(Build({{"{i}", layer}}, {{"h", 4}}, blind), "not_covered i");
}

TEST(ModuleTree, StopsAtPartsWithinThemselves) {
  const Json parts = {{"Loop", {{"class", "Loop"}, {"children", {{"again", {{"use", "Loop"}}}}}}}};
  EXPECT_EQ(Build({{"x", {{"use", "Loop"}}}}, Json::object(), parts), "limit_exceeded children");
}

TEST(ModuleTree, ChoosesTensors) {
  const Json tensors = {{"w", Json::array({{{"when", "a"}, {"shape", {1}}}, {{"shape", {2}}}})},
                        {"s", Json::array()},
                        {"o", {{"when", "not a"}, {"shape", {3}}, {"dtype", "int64"}, {"persistent", false}}}};
  const Json node = {{"x", {{"class", "X"}, {"parameters", tensors}}}};
  EXPECT_EQ(Build(node, {{"a", true}}), ":ToyModel (x:X w[1] s[])");
  EXPECT_EQ(Build(node, {{"a", false}}), ":ToyModel (x:X w[2] s[] o[3])");
}

TEST(ModuleTree, ChecksAssumptionsOfNodes) {
  const Json node = {{"x", {{"when", "here"}, {"assumes", {"a > 1"}}, {"class", "X"}}}};
  EXPECT_EQ(Build(node, {{"here", true}, {"a", 1}}), "not_covered a");
  EXPECT_EQ(Build(node, {{"here", false}, {"a", 1}}), ":ToyModel");
}

TEST(ModuleTree, BlamesTheKeyOfABadShape) {
  for (const Json& bad : {Json(-1), Json(1.5), Json(nullptr), Json("4"), Json(true), Json::array()}) {
    EXPECT_EQ(Build({{"x", kNorm}}, {{"h", bad}}), "invalid_config h") << bad;
  }
}

TEST(ModuleTree, IgnoresNothingInABlueprint) {
  EXPECT_EQ(Build({{"x", {{"class", "X"}, {"surprise", 1}}}}), "invalid_blueprint surprise");
  EXPECT_EQ(Build({{"x", {{"class", "X"}, {"parameters", {{"w", {{"shape", {1}}, {"dtype", "float7"}}}}}}}}),
            "invalid_blueprint w");
  EXPECT_EQ(Build({{"x", {{"class", "X"}, {"parameters", {{"w", {{"size", {1}}}}}}}}}), "invalid_blueprint size");
  EXPECT_EQ(Build({{"{i", {{"class", "X"}}}}), "invalid_blueprint {i");
}

}  // namespace
}  // namespace tare
