// SPDX-License-Identifier: Apache-2.0
// Whole models of any type within another: what they hand out, which auto classes they have, and what the model around
// them takes out of them or puts in the place of their modules.
#include "harness.h"

namespace tare {
namespace {

/// A backbone with one linear layer of `width` numbers and two norms, in a list, of `width` and twice that.
Json Backbone() {
  const auto norm = [](std::string_view width) {
    return Json{{"class", "BatchNorm2d"},
                {"parameters", {{"weight", {width}}, {"bias", {width}}}},
                {"buffers", {{"num_batches_tracked", {{"shape", Json::array()}, {"dtype", "int64"}}}}}};
  };
  const Json norms = {{"class", "ModuleList"}, {"children", {{"0", norm("width")}, {"1", norm("width * 2")}}}};
  return {{"library", "transformers"},
          {"version", "1"},
          {"model_type", "back"},
          {"config", {{"defaults", {{"width", 10}, {"stages", {0}}}}}},
          {"auto", {{"AutoBackbone", "Back"}}},
          {"classes",
           {{"Back",
             {{"class", "Back"},
              {"channels", "[width * 2 ** stages[k] for k in range(len(stages))]"},
              {"children",
               {{"first", {{"class", "Linear"}, {"parameters", {{"weight", {"width"}}}}}}, {"norms", norms}}}}}}}};
}

/// The same as timm's features, of 4 and 8 channels, with one norm of 6.
Json TimmBackbone() {
  return {{"library", "transformers"},
          {"version", "1"},
          {"model_type", "timm_back"},
          {"config", {{"defaults", {{"stages", nullptr}, {"only", true}}}}},
          {"auto", {{"AutoBackbone", "TimmBack"}}},
          {"classes",
           {{"TimmBack",
             {{"class", "TimmBack"},
              {"children",
               {{"inner",
                 {{"timm", "'net'"}, {"arguments", {{"features_only", "only"}, {"out_indices", "stages"}}}}}}}}}}}};
}

Json Net() {
  const Json norm = {{"class", "BatchNorm2d"}, {"parameters", {{"weight", {6}}}}};
  return {{"library", "timm"},
          {"version", "1"},
          {"model_type", "family"},
          {"config", {{"defaults", {{"model_args", Json::object()}, {"pretrained_cfg", Json::object()}}}}},
          {"classes", {{"net", {{"class", "Net"}, {"children", {{"stem", norm}, {"body", "ReLU"}}}}}}},
          {"weights", {{"net", {{{"tags", {""}}}}}}},
          {"features",
           {{{"of", {"net"}},
             {"class", "FeatureListNet"},
             {"children", {"stem", "body"}},
             {"ends", {1, 2}},
             {"channels", {4, 8}},
             {"default", {0, 1}}}}}};
}

const Json kFrozen = {{"class", "Frozen"}, {"buffers", {{"weight", {"num_features"}}}}};

Json AskAround(const Json& backbone, const Json& node, const Json& config, const Json& more = Json::object()) {
  const std::string nested = backbone["model_type"];
  Json root = {{"class", "Toy"}, {"children", {{"backbone", {{"model", "AutoBackbone"}, {"config", "inner"}}}}}};
  root["children"]["backbone"].update(node);
  root.update(more);
  Json blueprints =
      OneClass(root, {{"defaults", {{"inner", nullptr}}},
                      {"sub_configs", {{"inner", {{"model_type", "'" + nested + "'"}, {"from", "inner"}}}}}});
  blueprints.push_back(backbone);
  blueprints.push_back(Net());
  return Ask({{"model_type", "toy"}, {"inner", config}}, blueprints, {{"tree", true}});
}

Json AskChannels(const Json& backbone, std::string_view size, const Json& config = Json::object()) {
  return AskAround(backbone, Json::object(), config, {{"parameters", {{"own", {size}}}}});
}

constexpr int kBackbone = 4 * (10 + 20 + 40) + 2 * 8;

TEST(Backbone, HandsOutItsChannels) {
  EXPECT_EQ(AskChannels(Backbone(), "channels(inner)[-1]")["total_bytes"], kBackbone + 4 * 10);
  EXPECT_EQ(AskChannels(Backbone(), "sum(channels(inner))", {{"stages", {1, 2}}})["total_bytes"], kBackbone + 4 * 60);
  EXPECT_EQ(AskChannels(TimmBackbone(), "sum(channels(inner))")["total_bytes"], 4 * 6 + 4 * 12);
  EXPECT_EQ(AskChannels(TimmBackbone(), "channels(inner)[0]", {{"stages", {-1}}})["total_bytes"], 4 * 6 + 4 * 8);
}

TEST(Backbone, SaysWhyItsChannelsAreNotKnown) {
  Json silent = Backbone();
  silent["classes"]["Back"].erase("channels");
  EXPECT_EQ(Failed(AskChannels(silent, "channels(inner)[0]")), "not_covered back");
  EXPECT_EQ(Failed(AskChannels(silent, "([7] and channels(inner))[0]")), "not_covered back");
  EXPECT_EQ(Failed(AskChannels(TimmBackbone(), "channels(inner)[0]", {{"only", false}})), "not_covered timm_back");
  silent["auto"] = {{"AutoModel", "Back"}};
  EXPECT_EQ(Failed(AskChannels(silent, "channels(inner)[0]")), "not_covered AutoBackbone");
  EXPECT_EQ(Failed(AskChannels(Backbone(), "channels(inner)[1]")).substr(0, 14), "invalid_config");
  EXPECT_EQ(Failed(AskChannels(Backbone(), "channels(3)")).substr(0, 14), "invalid_config");
  Json circle = Backbone();
  circle["config"]["sub_configs"] = {{"self", {{"model_type", "'toy'"}, {"from", "None"}, {"when", "False"}}}};
  circle["classes"]["Back"]["channels"] = "channels(self)";
  EXPECT_EQ(Failed(AskChannels(circle, "channels(inner)[0]")).substr(0, 14), "invalid_config");
}

TEST(Backbone, IsNotThereYetWhileConfigsAreResolved) {
  Json blueprints = OneClass({{"class", "Toy"}, {"parameters", {{"own", {"n"}}}}},
                             {{"derived", {{"n", "channels(inner)[0]"}}},
                              {"sub_configs", {{"inner", {{"model_type", "'back'"}, {"from", "None"}}}}}});
  blueprints.push_back(Backbone());
  EXPECT_EQ(Failed(Ask({{"model_type", "toy"}}, blueprints)), "invalid_blueprint channels");
  blueprints[0]["config"]["derived"]["n"] = "5 if has_auto(inner, 'AutoBackbone') else 7";
  EXPECT_EQ(Ask({{"model_type", "toy"}}, blueprints)["total_bytes"], 4 * 5);
  blueprints[0]["config"]["derived"]["n"] = "5 if has_auto(inner, 'AutoModel') else 7";
  EXPECT_EQ(Ask({{"model_type", "toy"}}, blueprints)["total_bytes"], 4 * 7);
}

TEST(Backbone, MayMakeAnotherModelOfTheOneAroundIt) {
  Json blueprints = OneClass(
      {{"class", "Toy"}},
      {{"sub_configs",
        {{"inner", {{"model_type", "inner['model_type'] if inner is not None else 'back'"}, {"from", "inner"}}}}},
       {"defaults", {{"inner", nullptr}}}});
  const auto linear = [](int size) { return Json{{"class", "Toy"}, {"parameters", {{"own", {size}}}}}; };
  Json first = linear(3), second = linear(5);
  first["when"] = "inner.model_type == 'back'";
  Json& classes = blueprints[0]["classes"];
  classes[std::string(classes.begin().key())] = Json::array({first, second});
  blueprints.push_back(Backbone());
  blueprints.push_back(TimmBackbone());
  const auto ask = [&](const Json& inner) { return Ask({{"model_type", "toy"}, {"inner", inner}}, blueprints); };
  EXPECT_EQ(ask(nullptr)["total_bytes"], 4 * 3);
  EXPECT_EQ(ask({{"model_type", "timm_back"}})["total_bytes"], 4 * 5);
  classes.begin().value()[1]["when"] = "inner.model_type == 'other'";
  EXPECT_EQ(Failed(ask({{"model_type", "timm_back"}})).substr(0, 11), "not_covered");
}

TEST(Backbone, GivesAwayAChildWhereItHasOne) {
  EXPECT_EQ(AskAround(Backbone(), {{"child", "first"}}, Json::object())["total_bytes"], 4 * 10);
  EXPECT_EQ(AskAround(Backbone(), {{"child", "last"}}, Json::object())["total_bytes"], kBackbone);
}

TEST(Backbone, HasOtherModulesInThePlaceOfItsOwn) {
  const Json answer = AskAround(Backbone(), {{"replace", {{"BatchNorm2d", kFrozen}}}}, Json::object());
  EXPECT_EQ(answer["total_bytes"], 4 * (10 + 10 + 20));
  EXPECT_EQ(answer["parameter_count"], 10);
  EXPECT_EQ(answer.dump().find("BatchNorm2d"), std::string::npos);
  const Json timm =
      AskAround(TimmBackbone(), {{"child", "inner"}, {"replace", {{"BatchNorm2d", kFrozen}}}}, Json::object());
  EXPECT_EQ(timm["total_bytes"], 4 * 6);
  EXPECT_EQ(timm["parameter_count"], 0);
}

TEST(Backbone, IsNotCoveredWhereWhatIsReplacedIsNotKnown) {
  EXPECT_EQ(Failed(AskAround(Backbone(), {{"replace", {{"BatchNorm2d", nullptr}}}}, Json::object())),
            "not_covered BatchNorm2d");
  EXPECT_EQ(AskAround(Backbone(), {{"replace", {{"BatchNorm3d", nullptr}}}}, Json::object())["total_bytes"], kBackbone);
  EXPECT_EQ(Failed(Ask({{"model_type", "toy"}}, OneClass(nullptr))).substr(0, 17), "invalid_blueprint");
  Json inner = TimmBackbone();
  inner["classes"]["TimmBack"]["children"]["inner"]["replace"] = {{"BatchNorm2d", nullptr}};
  EXPECT_EQ(Failed(AskAround(inner, Json::object(), Json::object())), "not_covered BatchNorm2d");
}

}  // namespace
}  // namespace tare
