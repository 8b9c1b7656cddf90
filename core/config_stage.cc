// SPDX-License-Identifier: Apache-2.0
// Reads the `config` part of a blueprint.
#include "reader.h"

namespace tare {
namespace {

bool ReadTypes(Context& context, const Object& object, ConfigStage* stage) {
  std::vector<TypeRule> types;
  for (const auto& [type, value] : object.entries) {
    std::span<const std::string_view> fields;
    if (!ReadTexts(context, type->text, value, &fields)) return false;
    for (std::string_view field : fields) types.push_back({context.Intern(field), type->text});
  }
  stage->types = context.arena.Copy(types);
  return true;
}

bool ReadRope(Context& context, const Object& object, ConfigStage* stage) {
  auto types = context.arena.NewArray<RopeType>(object.entries.size());
  for (size_t i = 0; i < types.size(); ++i) {
    const auto& [name, keys] = object.entries[i];
    types[i].name = name->text;
    if (!ReadTexts(context, name->text, keys, &types[i].keys)) return false;
  }
  stage->rope = types;
  return true;
}

bool ReadAliases(Context& context, const Object& object, ConfigStage* stage) {
  auto aliases = context.arena.NewArray<Alias>(object.entries.size());
  for (size_t i = 0; i < aliases.size(); ++i) {
    std::string_view attribute;
    if (!ReadText(context, "aliases", object.entries[i].value, &attribute)) return false;
    aliases[i] = {object.entries[i].key, context.Intern(attribute)};
  }
  stage->aliases = aliases;
  return true;
}

bool ReadSubConfig(Context& context, const Object& object, SubConfig* sub) {
  for (const auto& [key, value] : object.entries) {
    const std::string_view k = key->text;
    bool good = true;
    if (k == "model_type")
      good = ReadExpression(context, value, &sub->model_type);
    else if (k == "from")
      good = ReadExpression(context, value, &sub->from);
    else if (k == "when")
      good = ReadExpression(context, value, &sub->when);
    else if (k == "default")
      good = ReadObject(context, k, value, &sub->otherwise);
    else if (k == "merge")
      good = value.is_bool() && ((sub->merge = value.as_bool()), true);
    else if (k == "then")
      good = ReadBindings(context, k, value, &sub->then);
    else
      good = BadBlueprint(context, k, "an unknown key of a nested config");
    if (!good) return false;
  }
  if (sub->model_type == nullptr || sub->from == nullptr)
    return BadBlueprint(context, sub->key->text, "a nested config lacks model_type or from");
  return true;
}

bool ReadSubConfigs(Context& context, const Object& object, ConfigStage* stage) {
  auto subs = context.arena.NewArray<SubConfig>(object.entries.size());
  for (size_t i = 0; i < subs.size(); ++i) {
    const Object* source = nullptr;
    subs[i].key = object.entries[i].key;
    if (!ReadObject(context, subs[i].key->text, object.entries[i].value, &source)) return false;
    if (!ReadSubConfig(context, *source, &subs[i])) return false;
  }
  stage->sub_configs = subs;
  return true;
}

bool ReadRefusals(Context& context, const Value& value, ConfigStage* stage) {
  if (!value.is_list()) return BadBlueprint(context, "refuses", "a list should stand here");
  auto refusals = context.arena.NewArray<Refusal>(value.as_list().size());
  for (size_t i = 0; i < refusals.size(); ++i) {
    const Object* object = nullptr;
    if (!ReadObject(context, "refuses", value.as_list()[i], &object)) return false;
    const Value *when = object->Find("when"), *text = object->Find("text");
    if (when == nullptr || text == nullptr || object->entries.size() != 2)
      return BadBlueprint(context, "refuses", "a refusal is a condition and a text");
    if (!ReadExpression(context, *when, &refusals[i].when) || !ReadText(context, "refuses", *text, &refusals[i].text))
      return false;
  }
  stage->refuses = refusals;
  return true;
}

bool ReadStage(Context& context, const Object& source, ConfigStage* stage) {
  for (const auto& [key, value] : source.entries) {
    const std::string_view k = key->text;
    const Object* object = nullptr;
    std::string_view unused;
    bool good = true;
    if (k == "class")
      good = ReadText(context, k, value, &unused);
    else if (k == "assumes")
      good = ReadExpressions(context, k, value, &stage->assumes);
    else if (k == "refuses")
      good = ReadRefusals(context, value, stage);
    else if (k == "per_layer")
      good = ReadTexts(context, k, value, &stage->per_layer);
    else if (k == "derived")
      good = ReadBindings(context, k, value, &stage->derived);
    else if (k == "defaults")
      good = ReadObject(context, k, value, &stage->defaults);
    else if (k == "types")
      good = ReadObject(context, k, value, &object) && ReadTypes(context, *object, stage);
    else if (k == "rope")
      good = ReadObject(context, k, value, &object) && ReadRope(context, *object, stage);
    else if (k == "aliases")
      good = ReadObject(context, k, value, &object) && ReadAliases(context, *object, stage);
    else if (k == "sub_configs")
      good = ReadObject(context, k, value, &object) && ReadSubConfigs(context, *object, stage);
    else
      good = BadBlueprint(context, k, "an unknown key of the config part");
    if (!good) return false;
  }
  return true;
}

}  // namespace

const ConfigStage* OpenConfig(Context& context, Blueprint& blueprint) {
  if (blueprint.stage == nullptr) {
    ConfigStage* stage = context.arena.New<ConfigStage>();
    if (!ReadStage(context, *blueprint.config, stage)) return nullptr;
    blueprint.stage = stage;
  }
  return blueprint.stage;
}

}  // namespace tare
