// SPDX-License-Identifier: Apache-2.0
// Totals and largest layers as accelerate counts them.
#include "harness.h"

namespace tare {
namespace {

Json Leaf(const std::string& name, const Json& shape) { return {{"class", name}, {"parameters", {{"weight", shape}}}}; }

Json Measure(const Json& node) { return Ask({{"model_type", "toy"}}, OneClass(node)); }

TEST(Size, CountsEveryDtype) {
  const Json buffers = {{"flags", {{"shape", {3}}, {"dtype", "bool"}}},
                        {"count", {{"shape", Json::array()}, {"dtype", "int64"}}},
                        {"wave", {{"shape", {2}}, {"dtype", "complex64"}}},
                        {"half", {{"shape", {2}}, {"dtype", "bfloat16"}}}};
  const Json report = Measure({{"class", "ToyModel"}, {"parameters", {{"w", {5}}}}, {"buffers", buffers}});
  EXPECT_EQ(report["total_bytes"], 20 + 0.375 + 8 + 16 + 4);
  EXPECT_EQ(report["buffer_bytes"], 28.375);
  EXPECT_EQ(report["parameter_count"], 5);
  EXPECT_EQ(report["rows"][0]["text"][1], "48.38 bytes");
  EXPECT_EQ(report["rows"][3]["total_bytes"], 48.375 / 8);
}

TEST(Size, DividesRows) {
  const Json report = Measure({{"class", "ToyModel"}, {"children", {{"a", Leaf("Linear", {1000})}}}});
  const Json& rows = report["rows"];
  EXPECT_EQ(rows[0]["training_bytes"], 16000);
  EXPECT_EQ(rows[1]["training_bytes"], 8000);
  EXPECT_TRUE(rows[2]["training_bytes"].is_null());
  EXPECT_EQ(rows[2]["total_bytes"], 1000);
  EXPECT_EQ(rows[0]["text"], Json({"3.91 KB", "3.91 KB", "15.62 KB"}));
  EXPECT_EQ(rows[3]["text"], Json({"500.0 bytes", "500.0 bytes", "N/A"}));
}

TEST(Size, NamesLargestLayersInOrder) {
  Json layer = {{"class", "Layer"}, {"children", {{"a", Leaf("A", {4})}, {"b", Leaf("B", {4})}}}};
  layer["repeat"] = {{"i", 2}};
  Json node = {
      {"class", "ToyModel"},
      {"parameters", {{"p", {4}}}},
      {"buffers", {{"q", {4}}}},
      {"children", {{"layers", {{"class", "ModuleList"}, {"children", {{"{i}", layer}}}}}, {"small", Leaf("A", {3})}}}};
  EXPECT_EQ(Measure(node)["largest_layer_names"],
            Json({"p", "layers.0.a", "layers.0.b", "layers.1.a", "layers.1.b", "q"}));
  node["no_split"] = {"Layer", "Absent"};
  EXPECT_EQ(Measure(node)["largest_layer_names"], Json({"layers.0", "layers.1"}));
  EXPECT_EQ(Measure(node)["largest_layer_bytes"], 32);
}

TEST(Size, RepeatsTensorsInALoop) {
  const Json config = {{"defaults", {{"layers", 3}, {"input", 2}, {"out", 5}}}};
  const Json layer = {{"weight_l{i}", Json::array({"4 * out", "input if i == 0 else out"})},
                      {"bias_l{i}", {"4 * out"}}};
  const auto ask = [&](const Json& tensors, const Json& given) {
    Json full = {{"model_type", "toy"}};
    full.update(given);
    return Ask(full, OneClass({{"class", "LSTM"}, {"parameters", {{"each {i}", tensors}}}}, config));
  };
  const Json tensors = {{"repeat", {{"i", "layers"}}}, {"each", layer}};
  EXPECT_EQ(ask(tensors, Json::object())["parameter_count"], 20 * 2 + 2 * 20 * 5 + 3 * 20);
  EXPECT_EQ(ask(tensors, {{"layers", 1}})["parameter_count"], 20 * 2 + 20);
  EXPECT_EQ(ask(tensors, {{"layers", 0}})["parameter_count"], 0);
  EXPECT_EQ(Failed(ask(tensors, {{"layers", -1}})), "invalid_config layers");
  EXPECT_EQ(Failed(ask(tensors, {{"layers", 1'000'000'000}})), "limit_exceeded layers");
  EXPECT_EQ(Failed(ask({{"each", layer}}, Json::object())), "invalid_blueprint each {i}");
  EXPECT_EQ(Failed(ask({{"repeat", {{"i", 2}}}, {"each", {{"again", tensors}}}}, Json::object())),
            "invalid_blueprint again");
}

TEST(Size, HidesTensorsBesideChildren) {
  const Json inner = {{"class", "X"}, {"parameters", {{"big", {100}}}}, {"children", {{"a", Leaf("A", {1})}}}};
  const Json report = Measure({{"class", "ToyModel"}, {"children", {{"x", inner}}}});
  EXPECT_EQ(report["largest_layer_names"], Json({"x.a"}));
  EXPECT_EQ(report["total_bytes"], 404);
}

TEST(Size, CountsSharedModulesOnce) {
  const Json again = {{"class", "A"}, {"same_as", "a"}};
  const Json report = Measure({{"class", "ToyModel"}, {"children", {{"a", Leaf("A", {4})}, {"again", again}}}});
  EXPECT_EQ(report["total_bytes"], 16);
  EXPECT_EQ(report["largest_layer_names"], Json({"a"}));
}

TEST(Size, NamesEverythingWhereAllIsEmpty) {
  const Json report =
      Measure({{"class", "ToyModel"}, {"children", {{"a", {{"class", "A"}}}, {"b", {{"class", "B"}}}}}});
  EXPECT_EQ(report["largest_layer_names"], Json({"a", "b"}));
  EXPECT_EQ(report["rows"][0]["text"], Json({"0 bytes", "0 bytes", "0 bytes"}));
}

TEST(Size, TakesInTheNoSplitSetsOfDirectChildren) {
  const Json block = {{"class", "Block"}, {"children", {{"a", Leaf("A", {2})}, {"b", Leaf("B", {2})}}}};
  Json blueprints = OneClass({{"class", "ToyModel"}, {"children", {{"inner", {{"model", "Inner"}}}}}});
  blueprints[0]["classes"]["Inner"] = {{"class", "Inner"}, {"no_split", {"Block"}}, {"children", {{"block", block}}}};
  EXPECT_EQ(Ask({{"model_type", "toy"}}, blueprints)["largest_layer_names"], Json({"inner.block"}));
  blueprints[0]["classes"]["ToyModel"]["children"] = {
      {"wrap", {{"class", "W"}, {"children", {{"inner", {{"model", "Inner"}}}}}}}};
  EXPECT_EQ(Ask({{"model_type", "toy"}}, blueprints)["largest_layer_names"],
            Json({"wrap.inner.block.a", "wrap.inner.block.b"}));
}

}  // namespace
}  // namespace tare
