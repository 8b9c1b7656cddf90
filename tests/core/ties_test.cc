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

TEST(Ties, ChooseAmongTheLayers) {
  const Json tie = {{"repeat", {{"i", "len(kinds)"}}},
                    {"when", "kinds[i] == 'b' and i > index(kinds, 'b')"},
                    {"tensor", "heads.{i}.weight"},
                    {"to", "heads.{index(kinds, 'b')}.weight"}};
  EXPECT_EQ(Tied(Json::array({tie}), {{"kinds", {"b", "a", "b"}}})["tied_total_bytes"], 160);
  EXPECT_EQ(Tied(Json::array({tie}), {{"kinds", {"a", "b", "b"}}})["tied_total_bytes"], 160);
  EXPECT_EQ(Tied(Json::array({tie}), {{"kinds", {"a", "a", "a"}}})["tied_total_bytes"], 200);
}

TEST(Ties, OfWholeModules) {
  const Json tie = {{"repeat", {{"i", 2}}}, {"tensor", "heads.{i + 1}.*"}, {"to", "heads.0.*"}};
  EXPECT_EQ(Tied(Json::array({tie}))["tied_total_bytes"], 120);
  EXPECT_EQ(Failed(Tied(Json::array({{{"tensor", "heads.3.*"}, {"to", "heads.0.*"}}}))), "not_covered heads.3.*");
  EXPECT_EQ(Failed(Tied(Json::array({{{"tensor", "heads.*"}, {"to", "gone.*"}}}))), "not_covered heads.0.weight");
  EXPECT_EQ(Failed(Tied(Json::array({{{"tensor", "heads.0.*"}, {"to", "embed.weight"}}}))), "not_covered heads.0.*");
}

TEST(Ties, StopAtManyRounds) {
  const Json rounds = {{"a", 20000}, {"b", 20000}, {"c", 20000}};
  Json tie = {{"repeat", rounds}, {"tensor", "head.weight"}, {"to", "embed.weight"}};
  EXPECT_EQ(Failed(Tied(Json::array({tie}))), "limit_exceeded steps");
  tie["when"] = false;
  EXPECT_EQ(Failed(Tied(Json::array({tie}))), "limit_exceeded steps");
  tie["repeat"] = {{"a", 20001}};
  EXPECT_EQ(Failed(Tied(Json::array({tie}))), "limit_exceeded ");
  Json deep = Json::object();
  for (int i = 0; i < 100; ++i) deep["i" + std::to_string(i)] = 1;
  tie["repeat"] = deep;
  EXPECT_EQ(Failed(Tied(Json::array({tie}))), "invalid_blueprint repeat");
}

/// A model with a model inside, made of an embedding of n and a layer with a bias.
Json Nested(const Json& ties, const Json& inner_ties, const Json& place = "inner") {
  Json layer = Leaf({"m", 2});
  layer["parameters"]["bias"] = {"m"};
  const Json children = {{"a", Leaf({"n", 2})}, {"b", layer}};
  Json inner = {{"model", "Inner"}};
  if (place != "inner") inner = {{"class", "ModuleList"}, {"children", {{"0", inner}}}};
  Json blueprints = OneClass({{"class", "ToyModel"},
                              {"ties", ties},
                              {"children", {{"embed", Leaf({5, 2})}, {"head", layer}, {place, inner}}}});
  blueprints[0]["classes"]["Inner"] = {{"class", "Inner"}, {"ties", inner_ties}, {"children", children}};
  return blueprints;
}

const Json kInnerTie = {{"tensor", "b.weight"}, {"to", "a.weight"}};

TEST(Ties, OfModulesInModulesTakeTheirShapes) {
  const Json config = {{"model_type", "toy"}, {"n", 7}, {"m", 4}};
  Json blueprints = Nested(Json::array({{{"tensor", "other.*"}, {"to", "inner.*"}}}), Json::array({kInnerTie}));
  blueprints[0]["classes"]["ToyModel"]["children"]["other"] = {{"class", "Other"},
                                                               {"children", {{"a", Leaf({1})}, {"b", Leaf({2, 2})}}}};
  const Json answer = Ask(config, blueprints);
  EXPECT_EQ(answer["total_bytes"], 4 * (10 + 12 + 14 + 21 + 14 + 14));
  EXPECT_EQ(answer["tied_total_bytes"], 4 * (10 + 12 + 14 + 7));
}

TEST(Ties, ComeWithTheModelsInside) {
  const Json config = {{"model_type", "toy"}, {"n", 3}, {"m", 3}};
  for (const char* place : {"inner", "box"}) {
    const Json answer = Ask(config, Nested(Json::array(), Json::array({kInnerTie}), place));
    EXPECT_EQ(answer["total_bytes"], 4 * (10 + 9 + 6 + 9));
    EXPECT_EQ(answer["tied_total_bytes"], 4 * (10 + 9 + 6 + 3));
  }
}

// As transformers 5.23.0 with accelerate 1.15.0 has it for the same classes.
TEST(Ties, GiveTheirShapeAndTheirLengthToTheBias) {
  const Json config = {{"model_type", "toy"}, {"n", 7}, {"m", 4}};
  const Json head = {{"tensor", "head.weight"}, {"to", "embed.weight"}};
  const Json answer = Ask(config, Nested(Json::array({head}), Json::array({kInnerTie})), {{"tree", true}});
  EXPECT_EQ(answer["parameter_count"], 10 + 15 + 14 + 21);
  EXPECT_EQ(answer["total_bytes"], 4 * (10 + 15 + 14 + 21));
  EXPECT_EQ(answer["tied_total_bytes"], 4 * (10 + 5 + 14 + 7));
  EXPECT_EQ(answer["largest_layer_bytes"], 4 * 21);
  EXPECT_EQ(answer["largest_layer_names"], Json::array({"inner.b"}));
  const Json& tree = answer["tree"]["children"][1];
  EXPECT_EQ(tree["bytes"], 60);
  EXPECT_EQ(tree["tensors"][0]["shape"], Json({5, 2}));
  EXPECT_EQ(tree["tensors"][1]["shape"], Json({5}));
  EXPECT_EQ(answer["tree"]["bytes"], 240);
}

TEST(Ties, AreMadeAgainInTheModelsThatAreDirectChildren) {
  const Json config = {{"model_type", "toy"}, {"n", 7}, {"m", 4}};
  const Json ties = Json::array({{{"tensor", "inner.a.weight"}, {"to", "embed.weight"}}});
  const Json answer = Ask(config, Nested(ties, Json::array({kInnerTie})));
  EXPECT_EQ(answer["total_bytes"], 4 * (10 + 12 + 10 + 15));
  EXPECT_EQ(answer["tied_total_bytes"], 4 * (10 + 12 + 5));
  // A model that is no direct child keeps what it tied itself, so its tensors are of two shapes now.
  const Json deep = Json::array({{{"tensor", "box.0.a.weight"}, {"to", "embed.weight"}}});
  EXPECT_EQ(Failed(Ask(config, Nested(deep, Json::array({kInnerTie}), "box"))), "not_covered box.0.b.weight");
}

TEST(Ties, AreOfOneKind) {
  Json blueprints = OneClass({{"class", "ToyModel"},
                              {"ties", {{{"tensor", "b.weight"}, {"to", "a.weight"}}}},
                              {"children", {{"a", Leaf({2})}, {"b", Leaf({3})}}}});
  blueprints[0]["classes"]["ToyModel"]["children"]["a"]["parameters"]["weight"] = {{"shape", {2}},
                                                                                   {"dtype", "float16"}};
  EXPECT_EQ(Failed(Ask({{"model_type", "toy"}}, blueprints)), "not_covered b.weight");
}

TEST(Ties, CountABufferOnce) {
  const Json buffers = {{"class", "Norm"}, {"buffers", {{"mean", {"h"}}}}};
  const auto ask = [&buffers](const char* tensor, const char* to) {
    const Json inner = {{"class", "Inner"}, {"children", {{"a", buffers}, {"b", buffers}}}};
    return Ask({{"model_type", "toy"}, {"h", 10}}, OneClass({{"class", "ToyModel"},
                                                             {"ties", {{{"tensor", tensor}, {"to", to}}}},
                                                             {"children", {{"inner", inner}, {"c", buffers}}}}));
  };
  const Json answer = ask("inner.b.mean", "inner.a.mean");
  EXPECT_EQ(answer["total_bytes"], 80);
  EXPECT_EQ(answer["tied_total_bytes"], 80);
  EXPECT_EQ(answer["buffer_bytes"], 80);
  EXPECT_EQ(answer["largest_layer_names"], Json::array({"inner.a", "c"}));
  EXPECT_EQ(ask("c.mean", "inner.a.mean")["total_bytes"], 80);
  EXPECT_EQ(Failed(ask("inner.a.mean", "inner.b.mean")), "not_covered inner.a.mean");
  EXPECT_EQ(Failed(ask("inner.a.mean", "c.mean")), "not_covered inner.a.mean");
}

TEST(Ties, StayWithinWhatCanBeCounted) {
  const int64_t many = int64_t{1} << 52;
  const Json tie = {{"tensor", "head.weight"}, {"to", "embed.weight"}};
  EXPECT_EQ(
      Failed(Ask({{"model_type", "toy"}, {"n", many}, {"m", 1}}, Nested(Json::array(), Json::array({kInnerTie})))),
      "limit_exceeded weight");
  EXPECT_EQ(Failed(Ask({{"model_type", "toy"}, {"n", 1}, {"m", 0}}, Nested(Json::array({tie}), Json::array()))),
            "not_covered head.weight");
}

}  // namespace
}  // namespace tare
