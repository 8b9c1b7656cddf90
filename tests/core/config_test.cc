// SPDX-License-Identifier: Apache-2.0
// config.json -> attributes, seen through the shape of one tensor.
#include "harness.h"

namespace tare {
namespace {

/// The value of an expression over the resolved attributes, as the number of elements of a tensor; or the failure.
std::string Resolve(const Json& stage, const Json& config, const std::string& expression,
                    const Json& more = Json::array()) {
  Json blueprints = OneClass({{"class", "ToyModel"}, {"parameters", {{"weight", {expression}}}}}, stage);
  blueprints.insert(blueprints.end(), more.begin(), more.end());
  Json given = {{"model_type", "toy"}};
  given.update(config);
  const Json answer = Ask(given, blueprints);
  return answer.contains("error") ? Failed(answer) : std::to_string(answer["parameter_count"].get<int64_t>());
}

TEST(Config, OverlaysDefaults) {
  const Json stage = {{"defaults", {{"a", 3}, {"b", nullptr}}}};
  EXPECT_EQ(Resolve(stage, Json::object(), "a"), "3");
  EXPECT_EQ(Resolve(stage, {{"a", 5}}, "a"), "5");
  EXPECT_EQ(Resolve(stage, {{"a", nullptr}}, "a"), "invalid_config a");
  EXPECT_EQ(Resolve(stage, {{"c", 7}}, "c"), "7");
  EXPECT_EQ(Resolve(stage, Json::object(), "1 if b is None else 2"), "1");
}

TEST(Config, DerivesFromInputsOnly) {
  const Json stage = {{"defaults", {{"a", 3}, {"b", 2}}}, {"derived", {{"a", "b * 10"}, {"b", "a + 1"}, {"c", 9}}}};
  EXPECT_EQ(Resolve(stage, Json::object(), "a * 100 + b * 10 + c"), "2049");
}

TEST(Config, TellsGivenFromDefault) {
  const Json stage = {{"defaults", {{"a", 3}}}};
  EXPECT_EQ(Resolve(stage, Json::object(), "1 if given('a') else 2"), "2");
  EXPECT_EQ(Resolve(stage, {{"a", nullptr}}, "1 if given('a') else 2"), "1");
}

TEST(Config, WritesAliasesThrough) {
  const Json stage = {{"defaults", {{"n_layer", 3}}},
                      {"aliases", {{"num_hidden_layers", "n_layer"}}},
                      {"derived", {{"twice", "n_layer * 2"}}}};
  EXPECT_EQ(Resolve(stage, Json::object(), "num_hidden_layers"), "3");
  EXPECT_EQ(Resolve(stage, {{"num_hidden_layers", 7}}, "n_layer"), "7");
  EXPECT_EQ(Resolve(stage, {{"num_hidden_layers", 7}, {"n_layer", 5}}, "n_layer"), "7");
  EXPECT_EQ(Resolve(stage, {{"num_hidden_layers", 7}}, "twice"), "6");  // after derived
}

TEST(Config, SetsPathsOfDerived) {
  const Json stage = {{"defaults", {{"rope", nullptr}}},
                      {"derived", {{"rope.kind", "'plain'"}, {"rope.size.x", 4}, {"rope.none", "None"}}}};
  EXPECT_EQ(Resolve(stage, Json::object(), "len(rope.kind) * rope.size.x"), "20");
  EXPECT_EQ(Resolve(stage, {{"rope", {{"base", 3}}}}, "rope.base"), "3");
  EXPECT_EQ(Resolve(stage, Json::object(), "1 if 'none' in rope else 2"), "2");
}

TEST(Config, LeavesOutWhatAnObjectLacks) {
  const Json stage = {{"defaults", {{"conv", nullptr}, {"size", 5}}},
                      {"derived", {{"conv.kernel", "size if conv is None else conv['kernel']"}}}};
  EXPECT_EQ(Resolve(stage, Json::object(), "conv.kernel"), "5");
  EXPECT_EQ(Resolve(stage, {{"conv", {{"kernel", 7}}}}, "conv.kernel"), "7");
  EXPECT_EQ(Resolve(stage, {{"conv", {{"width", 3}}}}, "conv.width"), "3");
  EXPECT_EQ(Resolve(stage, {{"conv", {{"width", 3}}}}, "conv.kernel"), "invalid_config conv.kernel");
  EXPECT_EQ(Resolve(stage, {{"conv", 3}}, "size"), "invalid_config conv");
}

TEST(Config, ChecksTypes) {
  const Json stage = {
      {"defaults", {{"a", 3}}},
      {"types", {{"int", {"a"}}, {"None|float", {"f", "g"}}, {"str", {"s"}}, {"dict|list", {"l"}}, {"bool", {"b"}}}}};
  EXPECT_EQ(Resolve(stage, {{"a", "3"}}, "a"), "invalid_config a");
  EXPECT_EQ(Resolve(stage, {{"a", 3.0}}, "a"), "invalid_config a");
  EXPECT_EQ(Resolve(stage, {{"a", true}}, "a"), "invalid_config a");
  EXPECT_EQ(Resolve(stage, {{"a", nullptr}}, "a"), "invalid_config a");
  EXPECT_EQ(Resolve(stage, {{"f", 1.0}, {"s", "x"}, {"l", Json::array()}, {"b", false}}, "a"), "3");
  EXPECT_EQ(Resolve(stage, {{"f", nullptr}, {"l", Json::object()}}, "a"), "3");
  EXPECT_EQ(Resolve(stage, {{"f", "1"}}, "a"), "invalid_config f");
  EXPECT_EQ(Resolve(stage, {{"g", 1}}, "a"), "invalid_config g");
  EXPECT_EQ(Resolve(stage, {{"b", 1}}, "a"), "invalid_config b");
}

TEST(Config, ChecksTypesWithinOthers) {
  const auto takes = [](const std::string& type, const Json& value) {
    const std::string found = Resolve({{"defaults", {{"a", 3}}}, {"types", {{type, {"x"}}}}}, {{"x", value}}, "a");
    EXPECT_TRUE(found == "3" || found == "invalid_config x");
    return found == "3";
  };
  EXPECT_TRUE(takes("None|list[int]", {1, 2}) && takes("None|list[int]", nullptr) &&
              takes("None|list[int]", Json::array()));
  EXPECT_FALSE(takes("None|list[int]", {1, 2.5}) || takes("None|list[int]", {1, nullptr}) ||
               takes("None|list[int]", 1));
  EXPECT_TRUE(takes("list[list[bool|int]]|str", {{1, true}, {2}}) && takes("list[list[bool|int]]|str", "x"));
  EXPECT_FALSE(takes("list[list[bool|int]]|str", {{1, 2.5}, {2}}) || takes("list[list[bool|int]]|str", {1}));
  EXPECT_TRUE(takes("'mean'|'sum'|None", "sum") && takes("'mean'|'sum'|None", nullptr));
  EXPECT_FALSE(takes("'mean'|'sum'|None", "max") || takes("'mean'|'sum'|None", 1));
  EXPECT_TRUE(takes("dict['full'|'sliding', dict]", {{"full", {{"a", 1}}}}) && takes("dict[str, any]", {{"a", 1}}));
  EXPECT_FALSE(takes("dict['full'|'sliding', dict]", {{"half", {{"a", 1}}}}) || takes("dict[str, int]", {{"a", "1"}}));
  EXPECT_FALSE(takes("tuple", {1, 2}) || takes("", 1) || takes("list[", {1}) || takes("list[int", {1}) ||
               takes("int]", 1));
}

TEST(Config, IgnoresNothingThatIsSaidOfOneLayer) {
  const Json stage = {{"defaults", {{"num_hidden_layers", 4}, {"wide", 8}, {"heads", 2}}},
                      {"derived", {{"per_layer_heads", "[heads] * num_hidden_layers"}}},
                      {"per_layer", {"window"}}};
  const auto with = [&](const Json& layers) { return Resolve(stage, {{"per_layer_config", layers}}, "wide"); };
  EXPECT_EQ(with(nullptr), "8");
  EXPECT_EQ(with(Json::object()), "8");
  EXPECT_EQ(with({{"1", {{"heads", 3}}}, {"02", {{"wide", 8}}}}), "8");
  EXPECT_EQ(with({{"1", {{"window", 16}}}}), "8");
  EXPECT_EQ(with({{"1", {{"wide", 9}}}}), "not_covered per_layer_config");
  EXPECT_EQ(with({{"1", {{"skip", Json::array({"mlp"})}}}}), "not_covered per_layer_config");
  EXPECT_EQ(with({{"4", {{"heads", 3}}}}), "refused per_layer_config");
  EXPECT_EQ(with({{"-1", {{"heads", 3}}}}), "refused per_layer_config");
  EXPECT_EQ(with({{"first", {{"heads", 3}}}}), "invalid_config per_layer_config");
  EXPECT_EQ(with({{"1", 3}}), "invalid_config per_layer_config");
  EXPECT_EQ(with(Json::array()), "invalid_config per_layer_config");
}

TEST(Config, RefusesAndAssumes) {
  const Json stage = {{"defaults", {{"a", 3}}},
                      {"assumes", {"a < 10"}},
                      {"refuses", {{{"when", "a == 5"}, {"text", "Five is right out."}}}}};
  EXPECT_EQ(Resolve(stage, {{"a", 5}}, "a"), "refused a");
  EXPECT_EQ(Resolve(stage, {{"a", 11}}, "a"), "not_covered a");
  EXPECT_EQ(Resolve(stage, {{"a", 9}}, "a"), "9");
  EXPECT_EQ(Resolve(stage, {{"a", Json::array({9, 9})}}, "a"), "not_covered a");  // the library may take a list, too
}

TEST(Config, BlamesTheKeyThatAFileMayNotHave) {
  const Json stage = {{"refuses", {{{"when", "'a' in config_json"}, {"text", "It is computed."}}}}};
  EXPECT_EQ(Resolve(stage, {{"a", nullptr}}, "1"), "refused a");
  EXPECT_EQ(Resolve(stage, Json::object(), "1"), "1");
}

TEST(Config, KnowsTypesOfRotaryEmbeddings) {
  const Json stage = {{"defaults", {{"rope_parameters", nullptr}}},
                      {"rope", {{"default", Json::array()}, {"linear", {"factor"}}}}};
  const auto with = [&](const Json& config) { return Resolve(stage, config, "1"); };
  EXPECT_EQ(with({{"rope_scaling", {{"type", "linear"}, {"factor", 2}}}}), "1");
  EXPECT_EQ(with({{"rope_scaling", {{"type", "linear"}}}}), "refused rope_scaling");
  EXPECT_EQ(with({{"rope_parameters", {{"rope_type", "linear"}, {"type", "default"}}}}), "refused rope_parameters");
  EXPECT_EQ(with({{"rope_parameters", {{"factor", 2}}}}), "1");
  EXPECT_EQ(with({{"rope_scaling", Json::object()}, {"rope_parameters", {{"type", "ntk"}}}}),
            "not_covered rope_parameters");
  EXPECT_EQ(with({{"rope_parameters", {{"full", {{"rope_type", "ntk"}}}}}}), "1");  // of each kind of layers
  EXPECT_EQ(with({{"rope_scaling", "linear"}}), "invalid_config rope_scaling");
  EXPECT_EQ(with({{"rope_scaling", {{"type", 3}}}}), "invalid_config rope_scaling");
  EXPECT_EQ(with({{"rope_scaling", nullptr}}), "1");
}

TEST(Config, RefusesHeadsThatCannotBeTurnedInPairs) {
  const Json stage = {{"defaults", {{"head_dim", 64}, {"rope_parameters", nullptr}, {"layer_types", {"full"}}}},
                      {"aliases", {{"head_size", "head_dim"}}}};
  const auto with = [&](const Json& config) { return Resolve(stage, config, "1"); };
  const Json rope = {{"rope_type", "default"}};
  EXPECT_EQ(with({{"head_dim", 65}}), "1");  // nothing is rotated
  EXPECT_EQ(with({{"head_dim", 65}, {"rope_parameters", Json::object()}}), "1");
  EXPECT_EQ(with({{"head_dim", 65}, {"rope_parameters", rope}}), "refused head_dim");
  EXPECT_EQ(with({{"head_size", 65}, {"rope_parameters", rope}}), "refused head_dim");
  EXPECT_EQ(with({{"head_dim", 66}, {"rope_parameters", rope}}), "1");
  EXPECT_EQ(with({{"head_dim", 3}, {"rope_parameters", rope}}), "1");
  EXPECT_EQ(with({{"head_dim", 65}, {"rope_parameters", {{"partial_rotary_factor", 0.5}}}}), "1");
  EXPECT_EQ(with({{"head_dim", 65}, {"rope_parameters", {{"partial_rotary_factor", 1}}}}), "refused head_dim");
  EXPECT_EQ(with({{"head_dim", 65}, {"rope_parameters", rope}, {"partial_rotary_factor", 0.5}}), "1");
  EXPECT_EQ(with({{"head_dim", 65}, {"rope_parameters", {{"partial_rotary_factor", "all"}}}}), "1");
  EXPECT_EQ(with({{"head_dim", 65}, {"rope_parameters", {{"full", rope}}}}), "refused head_dim");
  EXPECT_EQ(with({{"head_dim", 65}, {"rope_parameters", {{"sliding", rope}}}}), "1");  // there are no such layers
  EXPECT_EQ(with({{"head_dim", 65}, {"rope_parameters", {{"full", rope}, {"partial_rotary_factor", 0.5}}}}), "1");
  EXPECT_EQ(with({{"head_dim", 65}, {"rope_parameters", rope}, {"per_layer_head_dim", {64}}}), "1");
}

TEST(Config, ChecksTheKeysOfAllConfigs) {
  const auto with = [&](const Json& config) { return Resolve(Json::object(), config, "1"); };
  EXPECT_EQ(with({{"dtype", "bfloat16"}, {"torch_dtype", "auto"}}), "1");
  EXPECT_EQ(with({{"dtype", nullptr}, {"torch_dtype", "auto"}}), "refused torch_dtype");
  EXPECT_EQ(with({{"dtype", "torch.float16"}}), "refused dtype");
  EXPECT_EQ(with({{"dtype", {"float16"}}}), "invalid_config dtype");
  EXPECT_EQ(with({{"id2label", {{"0", "a"}, {"-1", "b"}, {" +1_0\n", "c"}}}}), "1");
  for (const char* key : {"", "a", "1.0", "1__0", "_1", "1_", "- 1"})
    EXPECT_EQ(with({{"id2label", {{key, "a"}}}}), "refused id2label");
  EXPECT_EQ(with({{"id2label", {{"0", "a"}, {"-00", "b"}}}}), "not_covered id2label");
  EXPECT_EQ(with({{"id2label", {"a", "b"}}}), "invalid_config id2label");
  EXPECT_EQ(with({{"attn_implementation", "torch"}}), "refused attn_implementation");
  EXPECT_EQ(with({{"_attn_implementation", ""}}), "refused _attn_implementation");
  for (const char* word : {"eager", "flash_attention_2", "paged|sdpa", "kernels-community/flash-attn"})
    EXPECT_EQ(with({{"attn_implementation", word}}), "1");
  EXPECT_EQ(with({{"num_labels", nullptr}}), "invalid_config num_labels");
  const Json single = {{"problem_type", "single_label_classification"}, {"num_labels", 1}};
  EXPECT_EQ(with(single), "refused problem_type");
  EXPECT_EQ(with({{"problem_type", single["problem_type"]}, {"id2label", {{"0", "a"}}}, {"num_labels", 3}}),
            "refused problem_type");
  EXPECT_EQ(with({{"problem_type", single["problem_type"]}, {"num_labels", 2}}), "1");
}

const Json kInner = {
    {"library", "transformers"},
    {"version", "1"},
    {"model_type", "inner"},
    {"classes", Json::object()},
    {"config",
     {{"defaults", {{"h", 8}, {"g", nullptr}}}, {"types", {{"int", {"h"}}}}, {"derived", {{"double", "h * 2"}}}}}};

TEST(Config, ChecksNoTypesOfDefaults) {  // in a pack that JavaScript has read, 8.0 is 8
  const Json stage = {
      {"defaults", {{"inner", nullptr}}},
      {"sub_configs", {{"inner", {{"model_type", "'inner'"}, {"from", "inner"}, {"default", {{"h", 9.0}}}}}}}};
  EXPECT_EQ(Resolve(stage, Json::object(), "1 if inner.h == 9 else 2", Json::array({kInner})), "1");
  EXPECT_EQ(Resolve(stage, {{"inner", {{"h", 9.0}}}}, "inner.h", Json::array({kInner})), "invalid_config inner.h");
}

TEST(Config, ResolvesNestedConfigs) {
  const Json sub = {{"model_type", "inner_config['model_type'] if inner_config is not None else 'inner'"},
                    {"from", "inner_config"},
                    {"default", {{"h", 5}}},
                    {"then", {{"g", "a + inner_config.double"}}}};
  const Json stage = {{"defaults", {{"a", 1}, {"inner_config", nullptr}}},
                      {"sub_configs", {{"inner_config", sub}}},
                      {"derived", {{"c", "inner_config.h"}}}};
  const Json more = Json::array({kInner});
  EXPECT_EQ(Resolve(stage, Json::object(), "inner_config.double", more), "10");
  EXPECT_EQ(Resolve(stage, Json::object(), "inner_config.g * 100 + c", more), "1105");
  EXPECT_EQ(Resolve(stage, {{"inner_config", {{"model_type", "inner"}, {"h", 6}}}}, "inner_config.double", more), "12");
  EXPECT_EQ(Resolve(stage, {{"inner_config", {{"model_type", "inner"}, {"h", "6"}}}}, "1", more),
            "invalid_config inner_config.h");
  EXPECT_EQ(Resolve(stage, {{"inner_config", {{"model_type", 7}}}}, "1", more),
            "invalid_config inner_config.model_type");
  EXPECT_EQ(Resolve(stage, {{"inner_config", {{"model_type", "../x"}}}}, "1", more),
            "invalid_config inner_config.model_type");
  EXPECT_EQ(Resolve(stage, {{"inner_config", 7}}, "1", more), "invalid_config inner_config");
  EXPECT_EQ(Resolve(stage, {{"inner_config", {{"model_type", "other"}}}}, "1", more),
            "needs_blueprint transformers/other");
}

TEST(Config, SetsWhatIsWithinNestedConfigs) {
  const Json outer = {{"library", "transformers"},
                      {"version", "1"},
                      {"model_type", "outer"},
                      {"classes", Json::object()},
                      {"config",
                       {{"defaults", {{"inner_config", nullptr}}},
                        {"sub_configs", {{"inner_config", {{"model_type", "'inner'"}, {"from", "inner_config"}}}}}}}};
  const Json sub = {
      {"model_type", "'outer'"},
      {"from", "outer_config"},
      {"then", {{"inner_config.h", "outer_config.inner_config.h if size is None else size"}, {"g", "2"}}}};
  const Json stage = {{"defaults", {{"size", nullptr}, {"outer_config", nullptr}}},
                      {"sub_configs", {{"outer_config", sub}}}};
  const Json more = Json::array({outer, kInner});
  const std::string seen = "outer_config.inner_config.h * 100 + outer_config.inner_config.double * outer_config.g";
  EXPECT_EQ(Resolve(stage, Json::object(), seen, more), "832");
  EXPECT_EQ(Resolve(stage, {{"size", 3}}, seen, more), "332");  // after what follows it was worked out
  EXPECT_EQ(Resolve(stage, {{"size", 3}, {"outer_config", {{"inner_config", {{"h", 4}}}}}}, seen, more), "316");
}

TEST(Config, KnowsTheTypesOfNestedConfigs) {
  const Json stage = {{"defaults", {{"inner_config", nullptr}}},
                      {"sub_configs", {{"inner_config", {{"model_type", "'inner'"}, {"from", "inner_config"}}}}}};
  const std::string seen = "1 if inner_config.model_type == 'inner' else 2";
  EXPECT_EQ(Resolve(stage, Json::object(), seen, Json::array({kInner})), "1");
  EXPECT_EQ(Resolve(stage, {{"inner_config", {{"model_type", "inner"}}}}, seen, Json::array({kInner})), "1");
}

TEST(Config, LeavesUnwantedNestedConfigsOut) {
  const Json sub = {{"when", "wanted"}, {"model_type", "'inner'"}, {"from", "None"}};
  const Json stage = {{"defaults", {{"wanted", false}}}, {"sub_configs", {{"inner_config", sub}}}};
  EXPECT_EQ(Resolve(stage, Json::object(), "1 if inner_config is None else 2"), "1");
  EXPECT_EQ(Resolve(stage, {{"wanted", true}}, "inner_config.h", Json::array({kInner})), "8");
}

TEST(Config, KnowsTheJsonItself) {
  const Json stage = {{"defaults", {{"a", 1}}}, {"derived", {{"keys", "len(config_json)"}}}};
  EXPECT_EQ(Resolve(stage, {{"x", 1}, {"y", 2}}, "keys"), "3");
}

TEST(Config, IgnoresNothingInABlueprint) {
  EXPECT_EQ(Resolve({{"surprise", 1}}, Json::object(), "1"), "invalid_blueprint surprise");
  EXPECT_EQ(Resolve({{"sub_configs", {{"x", {{"model_type", "'a'"}}}}}}, Json::object(), "1"), "invalid_blueprint x");
}

}  // namespace
}  // namespace tare
