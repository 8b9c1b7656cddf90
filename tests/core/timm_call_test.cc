// SPDX-License-Identifier: Apache-2.0
// A model of timm inside another model: which blueprint is asked for, with which arguments, and which modules it
// leaves.
#include "harness.h"

namespace tare {
namespace {

Json Linear(const Json& in, const Json& out) { return {{"class", "Linear"}, {"parameters", {{"weight", {out, in}}}}}; }

/// Three modules of 4 * in_chans, 16 and 4 * num_classes numbers; a fourth has none.
Json Net() {
  return {{"library", "timm"},
          {"version", "1"},
          {"model_type", "family"},
          {"config",
           {{"defaults", {{"model_args", Json::object()}, {"pretrained_cfg", Json::object()}}},
            {"derived",
             {{"num_classes",
               "model_args['num_classes'] if 'num_classes' in model_args else "
               "pretrained_cfg['num_classes'] if 'num_classes' in pretrained_cfg else 1000"},
              {"in_chans", "model_args['in_chans'] if 'in_chans' in model_args else 3"}}},
            {"assumes", {"len([k for k in list(model_args) if k not in ['num_classes', 'in_chans']]) == 0"}}}},
          {"classes",
           {{"net",
             {{"class", "Net"},
              {"children",
               {{"stem", Linear("in_chans", 4)},
                {"stages", {{"class", "Sequential"}, {"children", {{"0", Linear(4, 4)}}}}},
                {"fc", Linear(4, "num_classes")}}}}}}},
          {"weights", {{"net", {{{"tags", {"", "a"}}}, {{"tags", {"b"}}, {"num_classes", 10}}}}}},
          {"features",
           {{{"of", {"net"}},
             {"class", "FeatureListNet"},
             {"children", {"stem", "act", "stages.0"}},
             {"ends", {2, 3}},
             {"default", {0, 1}}}}}};
}

Json Blueprints() {
  Json blueprints =
      OneClass({{"class", "Wrapper"},
                {"children",
                 {{"timm_model",
                   {{"timm", "architecture"},
                    {"arguments", {{"num_classes", "n"}, {"in_chans", "channels"}}},
                    {"more", "model_args"}}}}}},
               {{"defaults", {{"architecture", "net"}, {"n", 0}, {"channels", nullptr}, {"model_args", nullptr}}}});
  blueprints.push_back(Net());
  return blueprints;
}

Json AskToy(const Json& config) {
  Json given = {{"model_type", "toy"}};
  given.update(config);
  return Ask(given, Blueprints(), {{"tree", true}});
}

TEST(TimmCall, CountsTheModelUnderItsArguments) {
  EXPECT_EQ(AskToy(Json::object())["total_bytes"], 4 * (12 + 16));
  EXPECT_EQ(AskToy({{"n", 5}, {"channels", 1}})["total_bytes"], 4 * (4 + 16 + 20));
  EXPECT_EQ(AskToy({{"model_args", {{"depth", nullptr}}}})["total_bytes"], 4 * (12 + 16));  // as if not given
}

TEST(TimmCall, KnowsWhatTimmSaysOfWeights) {
  EXPECT_EQ(AskToy({{"n", nullptr}})["total_bytes"], 4 * (12 + 16 + 4000));
  EXPECT_EQ(AskToy({{"n", nullptr}, {"architecture", "net.a"}})["total_bytes"], 4 * (12 + 16 + 4000));
  EXPECT_EQ(AskToy({{"n", nullptr}, {"architecture", "net.b"}})["total_bytes"], 4 * (12 + 16 + 40));
  EXPECT_EQ(Failed(AskToy({{"architecture", "net.c"}})), "not_covered net");
}

TEST(TimmCall, LeavesTheModulesOfFeatures) {
  const auto with = [](const Json& indices) {
    Json arguments = {{"features_only", true}};
    if (!indices.is_null()) arguments["out_indices"] = indices;
    return AskToy({{"model_args", arguments}});
  };
  EXPECT_EQ(with(nullptr)["total_bytes"], 4 * (12 + 16));
  EXPECT_EQ(with({0})["total_bytes"], 4 * 12);
  EXPECT_EQ(with({0, 1})["total_bytes"], 4 * (12 + 16));
  EXPECT_EQ(with({-2})["total_bytes"], 4 * 12);
  EXPECT_NE(with({1}).dump().find("\"stages_0\""), std::string::npos);
  for (const Json& indices : {Json{2}, Json{-3}, Json{"0"}, Json::array(), Json(1)})
    EXPECT_EQ(Failed(with(indices)), "not_covered net") << indices;
  // Without features_only they are an argument like others, which the model does not know.
  EXPECT_EQ(Failed(AskToy({{"model_args", {{"out_indices", {0}}}}})), "not_covered model_args");
  Json blueprints = Blueprints();
  blueprints[1].erase("features");
  EXPECT_EQ(Failed(Ask({{"model_type", "toy"}, {"model_args", {{"features_only", true}}}}, blueprints)),
            "not_covered net");
}

TEST(TimmCall, SaysWhichArgumentsItHasNoRulesFor) {
  const auto text = [](const Json& arguments) { return AskToy({{"model_args", arguments}})["error"]["text"]; };
  EXPECT_EQ(text({{"depth", 3}, {"width", 3}}),
            "The blueprint was verified only for configs without this in model_args: depth, width.");
  EXPECT_EQ(text({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}, {"f", 1}}),
            "The blueprint was verified only for configs without this in model_args: a, b, c, d, e and others.");
  EXPECT_EQ(text({{std::string(101, 'a'), 3}}),
            "The blueprint was verified only for configs where len([k for k in list(model_args) if k not in "
            "['num_classes', 'in_chans']]) == 0.");
}

TEST(TimmCall, AsksForWhatIsMissing) {
  EXPECT_EQ(Failed(AskToy({{"architecture", "other.a"}})), "needs_blueprint timm/other");
  EXPECT_EQ(Failed(AskToy({{"architecture", "hf-hub:timm/net"}})).substr(0, 11), "not_covered");
  EXPECT_EQ(Failed(AskToy({{"architecture", nullptr}})), "invalid_config architecture");
  EXPECT_EQ(Failed(AskToy({{"model_args", 3}})), "invalid_config model_args");
  EXPECT_EQ(Failed(AskToy({{"model_args", {{"num_classes", 3}}}})), "refused model_args");
  EXPECT_EQ(Failed(AskToy({{"model_args", {{"depth", 3}}}})), "not_covered model_args");
  Json blueprints = Blueprints();
  blueprints[1].erase("weights");
  EXPECT_EQ(Failed(Ask({{"model_type", "toy"}}, blueprints)), "not_covered net");
}

TEST(TimmCall, IsSoonDoneWithManyArguments) {
  std::string config = R"({"model_type": "toy", "model_args": {"0": 0)";
  for (int i = 1; i < 200'000; ++i) config += ",\"" + std::to_string(i) + "\":0";
  EXPECT_EQ(Failed(Json::parse(Estimate(config + "}}", Blueprints().dump(), "{}"))), "limit_exceeded steps");
}

/// A way of counting that needs a file is asked for, though the class that was asked for does without.
TEST(TimmCall, AsksForTheOtherWaysOfCountingToo) {
  Json blueprints = Blueprints();
  blueprints[0]["classes"]["Small"] = {{"class", "Small"}};
  blueprints.erase(1);
  EXPECT_EQ(Failed(Ask({{"model_type", "toy"}}, blueprints, {{"model_class", "Small"}})), "needs_blueprint timm/net");
}

TEST(Config, KnowsWhetherItIsNested) {
  Json blueprints =
      OneClass({{"class", "Toy"}, {"parameters", {{"w", {"n"}}}}}, {{"derived", {{"n", "2 if nested else 1"}}}});
  EXPECT_EQ(Ask({{"model_type", "toy"}}, blueprints)["total_bytes"], 4);
  blueprints.push_back({{"library", "transformers"},
                        {"version", "1"},
                        {"model_type", "outer"},
                        {"config", {{"sub_configs", {{"inner", {{"model_type", "'toy'"}, {"from", "None"}}}}}}},
                        {"auto", {{"AutoModel", "Outer"}}},
                        {"classes", {{"Outer", {{"model", "AutoModel"}, {"config", "inner"}}}}}});
  EXPECT_EQ(Ask({{"model_type", "outer"}}, blueprints)["total_bytes"], 8);
}

}  // namespace
}  // namespace tare
