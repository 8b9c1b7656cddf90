// SPDX-License-Identifier: Apache-2.0
#include "blueprint.h"

#include "reader.h"

namespace tare {
namespace {

bool ReadNamedNodes(Context& context, std::string_view key, const Value& value, std::span<const NamedNodes>* result,
                    bool may_be_null = false) {
  const Object* object = nullptr;
  if (!ReadObject(context, key, value, &object)) return false;
  const std::span<NamedNodes> named = context.arena.NewArray<NamedNodes>(object->entries.size());
  for (size_t i = 0; i < named.size(); ++i) {
    named[i].name = object->entries[i].key->text;
    if (may_be_null && object->entries[i].value.is_null()) continue;
    std::span<Node> nodes;
    if (!ReadNodes(context, named[i].name, object->entries[i].value, &nodes)) return false;
    named[i].alternatives = {nodes.data(), nodes.size()};
  }
  *result = named;
  return true;
}

bool LoadFile(Context& context, const Object& file, Blueprint* result) {
  for (const auto& [key, value] : file.entries) {
    const std::string_view k = key->text;
    bool good = true;
    if (k == "library")
      good = ReadText(context, k, value, &result->library);
    else if (k == "version")
      good = ReadText(context, k, value, &result->version);
    else if (k == "model_type" || k == "family")
      good = ReadText(context, k, value, &result->model_type);
    else if (k == "config")
      good = ReadObject(context, k, value, &result->config);
    else if (k == "auto")
      good = ReadObject(context, k, value, &result->autos);
    else if (k == "lacks")
      good = ReadObject(context, k, value, &result->lacks);
    else if (k == "weights")
      good = ReadObject(context, k, value, &result->weights);
    else if (k == "features")
      result->features = &value;
    else if (k == "classes")
      good = ReadNamedNodes(context, k, value, &result->classes);
    else if (k == "parts")
      good = ReadNamedNodes(context, k, value, &result->parts);
    else if (k != "verified")
      good = BadBlueprint(context, k, "an unknown key of a file");
    if (!good) return false;
  }
  if (result->library.empty() || result->config == nullptr)
    return BadBlueprint(context, result->model_type, "it lacks a library or a config part");
  return true;
}

bool ReadChildren(Context& context, std::string_view where, const Value& value,
                  std::span<const ChildDefinition>* result) {
  const Object* object = nullptr;
  if (!ReadObject(context, where, value, &object)) return false;
  auto children = context.arena.NewArray<ChildDefinition>(object->entries.size());
  for (size_t i = 0; i < children.size(); ++i) {
    const auto& [key, child] = object->entries[i];
    if (!ParseTemplate(context, key->text, &children[i].name)) return false;
    std::span<Node> nodes;
    if (!ReadNodes(context, key->text, child, &nodes)) return false;
    children[i].alternatives = {nodes.data(), nodes.size()};
  }
  *result = children;
  return true;
}

/// The first of the config's `architectures` that is among the classes, else the first of these; null if there is none.
const Value* ChooseClass(std::span<const Value> classes, const Object* config_json) {
  const Value* wanted = config_json == nullptr ? nullptr : config_json->Find("architectures");
  if (wanted != nullptr && wanted->is_list()) {
    for (const Value& name : wanted->as_list()) {
      for (const Value& known : classes) {
        if (name.is_string() && known.is_string() && name.as_string() == known.as_string()) return &known;
      }
    }
  }
  return classes.empty() || wanted == nullptr || !wanted->is_list() ? nullptr : &classes[0];
}

}  // namespace

bool ParseTemplate(Context& context, std::string_view text, NameTemplate* result) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  std::vector<std::string_view> texts;
  std::vector<const Expression*> expressions;
  for (size_t open; (open = text.find('{')) != std::string_view::npos;) {
    const size_t close = text.find('}', open);
    if (close == std::string_view::npos) return BadBlueprint(context, text, "a name whose brace is not closed");
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    texts.push_back(text.substr(0, open));
    expressions.push_back(inside == "#" ? nullptr : ParseExpression(context, inside));
    if (context.failed()) return false;
    text.remove_prefix(close + 1);
  }
  texts.push_back(text);
  *result = {context.arena.Copy(texts), context.arena.Copy(expressions)};
  return true;
}

bool WriteName(Context& context, Frame& frame, const NameTemplate& name, size_t siblings, std::string_view* result) {
  if (name.expressions.empty()) {
    *result = name.texts[0];
    return true;
  }
  std::string text(name.texts[0]);
  for (size_t i = 0; i < name.expressions.size(); ++i) {
    Value value = Value::Int(static_cast<int64_t>(siblings));
    if (name.expressions[i] != nullptr && !Evaluate(context, *name.expressions[i], frame, &value)) return false;
    if (value.is_int())
      text += IntText(value.as_int());
    else if (value.is_string())
      text += value.as_string();
    else
      return BadBlueprint(context, name.texts[0], "a name holds neither a number nor a text");
    text += name.texts[i + 1];
  }
  *result = context.arena.Copy(text);
  return true;
}

bool CountRounds(Context& context, Frame& frame, const Expression& repeat, int64_t* result) {
  Value count;
  if (!Evaluate(context, repeat, frame, &count)) return false;
  *result = count.is_integral() ? count.as_int() : 0;
  // Counts that are computed may fall below zero, which is no module, as in Python's range(); a setting says so by
  // mistake.
  const bool negative = count.is_int() && *result < 0 && repeat.op == Op::kName;
  if (frame.slots.size() >= kMaxSlots) return BadBlueprint(context, "repeat", "loops are nested too deep");
  if (count.is_integral() && !negative && *result <= kMaxRepeat) return true;
  const std::string where = NameToBlame(repeat);
  if (!count.is_integral() || negative) {
    const std::string what = negative ? IntText(*result) : std::string(KindName(count.kind()));
    return context.Fail(ErrorCode::kInvalidConfig, where,
                        {where, " is ", what, ", but a number of modules is needed."});
  }
  return context.Fail(
      ErrorCode::kLimitExceeded, where,
      {where, " asks for ", IntText(*result), " modules; at most ", IntText(kMaxRepeat), " are counted."});
}

bool OpenNode(Context& context, Node& node) {
  if (node.open) return true;
  std::vector<TensorDefinition> tensors;
  const Value* buffers = nullptr;
  for (const auto& [key, value] : node.source->entries) {
    const std::string_view k = key->text;
    std::string_view unused;
    bool good = true;
    if (k == "class")
      good = ReadText(context, k, value, &node.class_name);
    else if (k == "activation")
      good = ReadExpression(context, value, &node.activation);
    else if (k == "parameters")
      good = ReadTensors(context, value, false, &tensors);
    else if (k == "buffers")
      buffers = &value;
    else if (k == "children")
      good = ReadChildren(context, k, value, &node.children);
    else if (k == "each")
      good = ReadChildren(context, k, value, &node.each);
    else if (k == "repeat")
      good = ReadBindings(context, k, value, &node.repeat);
    else if (k == "when")
      good = ReadExpression(context, value, &node.when);
    else if (k == "assumes")
      good = ReadExpressions(context, k, value, &node.assumes);
    else if (k == "model")
      good = ReadText(context, k, value, &node.model);
    else if (k == "config")
      good = ReadExpression(context, value, &node.config);
    else if (k == "child")
      good = ReadText(context, k, value, &node.child);
    else if (k == "replace")
      good = ReadNamedNodes(context, k, value, &node.replace, true);
    else if (k == "channels")
      good = ReadExpression(context, value, &node.channels);
    else if (k == "timm")
      good = ReadExpression(context, value, &node.timm);
    else if (k == "more")
      good = ReadExpression(context, value, &node.more);
    else if (k == "arguments")
      good = ReadBindings(context, k, value, &node.arguments);
    else if (k == "same_as")
      good = node.shared = ReadText(context, k, value, &unused);
    else if (k == "use")
      good = ReadText(context, k, value, &node.part);
    else if (k == "with")
      good = ReadBindings(context, k, value, &node.arguments);
    else if (k == "no_split")
      good = ReadTexts(context, k, value, &node.no_split);
    else if (k == "ties" && value.is_list())
      node.ties = value.as_list();
    else
      good = BadBlueprint(context, k, "an unknown key of a node");
    if (!good) return false;
  }
  if (buffers != nullptr && !ReadTensors(context, *buffers, true, &tensors)) return false;
  node.tensors = context.arena.Copy(tensors);
  node.open = true;
  return true;
}

std::string Blueprint::FindAuto(std::string_view class_name, const Object* config_json) const {
  const size_t arguments = class_name.find('(');  // npos: none
  const Value* found = autos == nullptr ? nullptr : autos->Find(class_name.substr(0, arguments));
  if (found != nullptr && found->is_list()) {
    found = ChooseClass(found->as_list(), config_json);
    if (found == nullptr) return "";
  }
  if (found == nullptr || !found->is_string()) return std::string(class_name);
  std::string result(found->as_string());
  if (arguments != std::string_view::npos) result += class_name.substr(arguments);
  return result;
}

std::span<Node> Blueprint::FindClass(std::string_view class_name, const Object* config_json) const {
  const std::string real = FindAuto(class_name, config_json);
  for (const NamedNodes& candidate : classes) {
    if (candidate.name == real) return candidate.alternatives.all();
  }
  return {};
}

bool Shelf::Load(Context& context, const Value& files) {
  if (!files.is_list()) return BadBlueprint(context, "blueprints", "a list of files should stand here");
  for (const Value& file : files.as_list()) {
    const Object* object = nullptr;
    if (!ReadObject(context, "blueprints", file, &object)) return false;
    blueprints_.push_back(context.arena.New<Blueprint>());
    if (!LoadFile(context, *object, blueprints_.back())) return false;
  }
  return true;
}

Blueprint* Shelf::FindModelType(std::string_view model_type) const {
  for (Blueprint* blueprint : blueprints_) {
    if (blueprint->library == "transformers" && blueprint->model_type == model_type) return blueprint;
  }
  return nullptr;
}

Blueprint* Shelf::FindArchitecture(std::string_view architecture) const {
  for (Blueprint* blueprint : blueprints_) {
    if (blueprint->library != "timm") continue;
    const bool is_lacking = blueprint->lacks != nullptr && blueprint->lacks->Find(architecture) != nullptr;
    if (is_lacking || !blueprint->FindClass(architecture).empty()) return blueprint;
  }
  return nullptr;
}

}  // namespace tare
