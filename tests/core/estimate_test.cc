// SPDX-License-Identifier: Apache-2.0
// The whole way: which class is asked for, what is reported, what is missing.
#include "harness.h"

namespace tare {
namespace {

Json Toy() {
  Json blueprints = OneClass({{"class", "ToyModel"}, {"parameters", {{"w", {"h"}}}}},
                             {{"defaults", {{"h", 4}, {"num_hidden_layers", 2}}}});
  blueprints[0]["auto"]["AutoModelForCausalLM"] = "ToyForCausalLM";
  blueprints[0]["classes"]["ToyForCausalLM"] = {
      {"class", "ToyForCausalLM"},
      {"children",
       {{"model", {{"model", "AutoModel"}}}, {"head", {{"class", "Linear"}, {"parameters", {{"w", {"h"}}}}}}}},
      {"ties", {{{"tensor", "head.w"}, {"to", "model.w"}}}}};
  return blueprints;
}

Json AskToy(const Json& config, const std::string& model_class) {
  Json given = {{"model_type", "toy"}};
  given.update(config);
  return Ask(given, Toy(), {{"model_class", model_class}});
}

TEST(Estimate, FindsTheClass) {
  const Json published = {{"architectures", {"ToyForCausalLM"}}};
  EXPECT_EQ(AskToy(published, "accelerate")["class"], "ToyModel");
  EXPECT_EQ(AskToy(published, "published")["class"], "ToyForCausalLM");
  EXPECT_EQ(AskToy(published, "AutoModelForCausalLM")["class"], "ToyForCausalLM");
  EXPECT_EQ(AskToy(published, "ToyModel")["class"], "ToyModel");
  EXPECT_EQ(AskToy({{"auto_map", {{"AutoConfig", "x"}, {"AutoModelForCausalLM", "y"}}}}, "accelerate")["class"],
            "ToyForCausalLM");
  EXPECT_EQ(AskToy({{"auto_map", {{"AutoConfig", "x"}}}}, "accelerate")["class"], "ToyModel");
  EXPECT_EQ(Failed(AskToy(published, "Other")), "unknown_class Other");
  EXPECT_EQ(Failed(AskToy({{"architectures", nullptr}}, "published")), "unknown_class architectures");
}

TEST(Estimate, ArchitecturesChooseAmongClasses) {
  Json blueprints = Toy();
  blueprints[0]["auto"]["AutoModelForCausalLM"] = {"ToyModel", "ToyForCausalLM"};
  const auto ask = [&](const Json& architectures) {
    return Ask({{"model_type", "toy"}, {"architectures", architectures}}, blueprints,
               {{"model_class", "AutoModelForCausalLM"}});
  };
  EXPECT_EQ(ask({"Other", "ToyForCausalLM"})["class"], "ToyForCausalLM");
  EXPECT_EQ(ask({"Other"})["class"], "ToyModel");
  EXPECT_EQ(Failed(ask(nullptr)), "refused architectures");
}

TEST(Estimate, CountsBothWays) {
  const Json report = AskToy({{"architectures", {"ToyForCausalLM"}}}, "accelerate");
  EXPECT_EQ(
      report["counts"],
      Json::parse(
          R"([{"way": "accelerate", "class": "ToyModel", "total_bytes": 16}, {"way": "published", "class": "ToyForCausalLM", "total_bytes": 16}])"));
  EXPECT_EQ(AskToy({{"architectures", {"Remote"}}}, "accelerate")["counts"].size(), 1u);
}

TEST(Estimate, ReportsWhatTypesPromise) {
  const Json report = AskToy({{"dtype", "bfloat16"}}, "accelerate");
  std::vector<std::string> keys;
  for (const auto& item : report.items()) keys.push_back(item.key());
  EXPECT_EQ(keys, (std::vector<std::string>{"library", "model_type", "class", "total_bytes", "tied_total_bytes",
                                            "largest_layer_bytes", "largest_layer_names", "parameter_count",
                                            "buffer_bytes", "rows", "counts", "source", "facts"}));
  EXPECT_EQ(report["source"], "transformers 1");
  EXPECT_EQ(report["facts"],
            Json::parse(R"([{"key": "num_hidden_layers", "value": 2}, {"key": "dtype", "value": "bfloat16"}])"));
}

TEST(Estimate, TellsTimmFromTheConfig) {
  const Json timm =
      Json::array({{{"library", "timm"},
                    {"version", "1"},
                    {"config", {{"defaults", {{"num_classes", 1000}}}}},
                    {"classes", {{"resnet50", {{"class", "ResNet"}, {"parameters", {{"w", {"num_classes"}}}}}}}}}});
  const Json report = Ask({{"architecture", "resnet50.a1_in1k"}, {"num_classes", 10}}, timm);
  EXPECT_EQ(report["library"], "timm");
  EXPECT_EQ(report["class"], "ResNet");
  EXPECT_EQ(report["model_type"], "resnet50");
  EXPECT_EQ(report["total_bytes"], 40);
  EXPECT_EQ(Failed(Ask({{"architecture", "vit"}}, timm)), "needs_blueprint timm/vit");
  // As transformers itself takes such a file.
  const Json file = {{"architecture", "vit"}, {"pretrained_cfg", Json::object()}};
  EXPECT_EQ(Failed(Ask(file, timm, {{"library", "transformers"}})), "needs_blueprint transformers/timm_wrapper");
  EXPECT_EQ(Failed(Ask({{"architecture", "vit"}}, timm, {{"library", "transformers"}})), "invalid_config model_type");
}

TEST(Estimate, BlamesTheRuleForWhatTheFileDoesNotSay) {
  Json blueprints =
      OneClass({{"class", "ToyModel"}, {"parameters", {{"w", {"h"}}}}}, {{"defaults", {{"h", nullptr}, {"n", nullptr}}},
                                                                         {"derived", {{"h", "n if h is None else h"}}},
                                                                         {"aliases", {{"old", "h"}}}});
  EXPECT_EQ(Failed(Ask({{"model_type", "toy"}}, blueprints)), "not_covered h");
  EXPECT_EQ(Failed(Ask({{"model_type", "toy"}, {"h", "x"}}, blueprints)), "invalid_config h");
  EXPECT_EQ(Failed(Ask({{"model_type", "toy"}, {"old", "x"}}, blueprints)), "invalid_config h");
  EXPECT_EQ(Ask({{"model_type", "toy"}, {"n", 3}}, blueprints)["total_bytes"], 12);
}

TEST(Estimate, AsksForWhatIsMissing) {
  EXPECT_EQ(Failed(Ask({{"model_type", "bert"}}, Json::array())), "needs_blueprint transformers/bert");
  EXPECT_EQ(Failed(Ask({{"model_type", "../../secret"}}, Json::array())), "invalid_config model_type");
  EXPECT_EQ(Failed(Ask({{"model_type", nullptr}}, Json::array())), "invalid_config model_type");
  EXPECT_EQ(Failed(Ask({{"pretrained_cfg", Json::object()}}, Json::array())), "invalid_config architecture");
}

TEST(Estimate, FollowsModelsWithinModels) {
  Json blueprints = Toy();
  blueprints.push_back({{"library", "transformers"},
                        {"version", "1"},
                        {"model_type", "pair"},
                        {"auto", {{"AutoModel", "PairModel"}}},
                        {"config",
                         {{"defaults", {{"text_config", nullptr}}},
                          {"sub_configs", {{"text_config", {{"model_type", "'toy'"}, {"from", "text_config"}}}}}}},
                        {"classes",
                         {{"PairModel",
                           {{"class", "PairModel"},
                            {"children", {{"text", {{"model", "AutoModelForCausalLM"}, {"config", "text_config"}}}}}}},
                          {"Alias", {{"model", "ToyModel"}, {"config", "text_config"}}},
                          {"Other", {{"model", "AutoModelForMaskedLM"}, {"config", "text_config"}}}}}});
  const Json config = {{"model_type", "pair"}, {"text_config", {{"h", 100}}}};
  EXPECT_EQ(Ask(config, blueprints)["total_bytes"], 800);
  EXPECT_EQ(Ask(config, blueprints)["tied_total_bytes"], 400);
  EXPECT_EQ(Ask(config, blueprints, {{"model_class", "Alias"}})["class"], "ToyModel");
  EXPECT_EQ(Failed(Ask(config, blueprints, {{"model_class", "Other"}})), "not_covered AutoModelForMaskedLM");
}

TEST(Estimate, TrustsNoBlueprintThatCannotBeRead) {
  Json blueprints = Toy();
  blueprints[0]["classes"]["ToyModel"]["children"] = {{"x", {{"class", "X"}, {"unheard", 1}}}};
  const Json config = {{"model_type", "toy"}, {"architectures", {"ToyForCausalLM"}}};
  for (const char* asked : {"AutoModel", "published", "ToyForCausalLM"})
    EXPECT_EQ(Failed(Ask(config, blueprints, {{"model_class", asked}})), "invalid_blueprint unheard");
  blueprints[0]["classes"]["ToyForCausalLM"] = {{"class", "ToyForCausalLM"}};
  EXPECT_EQ(Failed(Ask(config, blueprints, {{"model_class", "published"}})), "invalid_blueprint unheard");
}

TEST(Estimate, ChecksOptions) {
  const auto failure = [](const Json& options) { return Failed(Ask({{"model_type", "toy"}}, Toy(), options)); };
  EXPECT_EQ(failure({{"library", "flax"}}), "invalid_config options.library");
  EXPECT_EQ(failure({{"tied", 1}}), "invalid_config options.tied");
  EXPECT_EQ(failure({{"surprise", 1}}), "invalid_config options.surprise");
  EXPECT_EQ(failure(Json::array()), "invalid_config options.all");
  EXPECT_EQ(failure({{"fit", {{"gpus", {{{"name", "x"}, {"bytes", -1}}}}}}}), "invalid_config options.fit.gpus.bytes");
}

}  // namespace
}  // namespace tare
