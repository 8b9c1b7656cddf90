// SPDX-License-Identifier: Apache-2.0
#include "reader.h"

namespace tare {

bool BadBlueprint(Context& context, std::string_view where, std::string_view text) {
  return context.Fail(ErrorCode::kInvalidBlueprint, where, {"The blueprint breaks its format: ", text, "."});
}

bool ReadText(Context& context, std::string_view key, const Value& value, std::string_view* result) {
  if (!value.is_string()) return BadBlueprint(context, key, "a text should stand here");
  *result = value.as_string();
  return true;
}

bool ReadTexts(Context& context, std::string_view key, const Value& value, std::span<const std::string_view>* result) {
  if (!value.is_list()) return BadBlueprint(context, key, "a list should stand here");
  auto texts = context.arena.NewArray<std::string_view>(value.as_list().size());
  for (size_t i = 0; i < texts.size(); ++i) {
    if (!ReadText(context, key, value.as_list()[i], &texts[i])) return false;
  }
  *result = texts;
  return true;
}

bool ReadObject(Context& context, std::string_view key, const Value& value, const Object** result) {
  if (!value.is_object()) return BadBlueprint(context, key, "an object should stand here");
  *result = value.as_object();
  return true;
}

bool ReadExpression(Context& context, const Value& value, const Expression** result) {
  *result = ParseExpression(context, value);
  return *result != nullptr;
}

bool ReadExpressions(Context& context, std::string_view key, const Value& value,
                     std::span<const Expression* const>* result) {
  if (!value.is_list()) return BadBlueprint(context, key, "a list should stand here");
  auto list = context.arena.NewArray<const Expression*>(value.as_list().size());
  for (size_t i = 0; i < list.size(); ++i) {
    if (!ReadExpression(context, value.as_list()[i], &list[i])) return false;
  }
  *result = list;
  return true;
}

bool ReadBindings(Context& context, std::string_view key, const Value& value, std::span<const Binding>* result) {
  const Object* object = nullptr;
  if (!ReadObject(context, key, value, &object)) return false;
  auto bindings = context.arena.NewArray<Binding>(object->entries.size());
  for (size_t i = 0; i < bindings.size(); ++i) {
    bindings[i].name = object->entries[i].key;
    if (!ReadExpression(context, object->entries[i].value, &bindings[i].expression)) return false;
  }
  *result = bindings;
  return true;
}

bool ReadNodes(Context& context, std::string_view key, const Value& value, std::span<Node>* result) {
  const std::span<const Value> list = value.is_list() ? value.as_list() : std::span<const Value>(&value, 1);
  *result = context.arena.NewArray<Node>(list.size());
  for (size_t i = 0; i < list.size(); ++i) {
    Node& node = (*result)[i];
    if (list[i].is_string()) {  // a module of which there is nothing to say but its class
      node.class_name = list[i].as_string();
      node.open = true;
    } else if (!ReadObject(context, key, list[i], &node.source)) {
      return false;
    }
  }
  return true;
}

namespace {

/// PyTorch's name -> eighths of a byte for one element, as accelerate counts them; 0 for an unknown name.
int64_t EighthsOf(std::string_view dtype) {
  if (dtype == "bool") return 1;
  if (dtype.starts_with("float8_")) return 8;
  for (const auto& [name, eighths] : {std::pair{"float64", 64},
                                      {"float32", 32},
                                      {"float16", 16},
                                      {"bfloat16", 16},
                                      {"int64", 64},
                                      {"int32", 32},
                                      {"int16", 16},
                                      {"int8", 8},
                                      {"uint8", 8},
                                      {"uint16", 16},
                                      {"uint32", 32},
                                      {"uint64", 64},
                                      {"complex32", 32},
                                      {"complex64", 64},
                                      {"complex128", 128}}) {
    if (dtype == name) return eighths;
  }
  return 0;
}

bool ReadTensor(Context& context, std::string_view name, const Value& value, TensorAlternative* result) {
  *result = {nullptr, {}, "float32", 32, true};
  if (value.is_list()) return ReadExpressions(context, name, value, &result->shape);
  const Object* object = nullptr;
  if (!ReadObject(context, name, value, &object)) return false;
  bool shaped = false;
  for (const auto& [key, part] : object->entries) {
    if (key->text == "shape") {
      shaped = true;
      if (!ReadExpressions(context, name, part, &result->shape)) return false;
    } else if (key->text == "dtype") {
      if (!ReadText(context, name, part, &result->dtype)) return false;
      result->eighths = EighthsOf(result->dtype);
      if (result->eighths == 0) return BadBlueprint(context, name, "an unknown dtype");
    } else if (key->text == "persistent" && part.is_bool()) {
      result->persistent = part.as_bool();
    } else if (key->text == "when") {
      if (!ReadExpression(context, part, &result->when)) return false;
    } else {
      return BadBlueprint(context, key->text, "an unknown key of a tensor");
    }
  }
  return shaped || BadBlueprint(context, name, "a tensor without a shape");
}

}  // namespace

bool ReadTensors(Context& context, const Value& value, bool buffers, std::vector<TensorDefinition>* result,
                 bool in_loop) {
  const Object* object = nullptr;
  if (!ReadObject(context, buffers ? "buffers" : "parameters", value, &object)) return false;
  for (const auto& [key, tensor] : object->entries) {
    TensorDefinition& definition = result->emplace_back();
    definition.name = key->text;
    definition.buffer = buffers;
    if (const Value* each = tensor.is_object() ? tensor.as_object()->Find("each") : nullptr; each != nullptr) {
      const Value* repeat = tensor.as_object()->Find("repeat");
      std::vector<TensorDefinition> inner;
      if (in_loop || repeat == nullptr || tensor.as_object()->entries.size() != 2)
        return BadBlueprint(context, key->text, "tensors in a loop that have no `repeat`, or more");
      if (!ReadBindings(context, key->text, *repeat, &definition.repeat) ||
          !ReadTensors(context, *each, buffers, &inner, true))
        return false;
      const std::span<const TensorDefinition> copied = context.arena.Copy(inner);
      definition.each = {copied.data(), copied.size()};
      continue;
    }
    if (in_loop) {
      NameTemplate* name = context.arena.New<NameTemplate>();
      if (!ParseTemplate(context, key->text, name)) return false;
      definition.name_template = name;
    }
    // A list whose first element is an object is a list of alternatives; a shape holds expressions only.
    const bool many = tensor.is_list() && !tensor.as_list().empty() && tensor.as_list()[0].is_object();
    const std::span<const Value> list = many ? tensor.as_list() : std::span<const Value>(&tensor, 1);
    auto alternatives = context.arena.NewArray<TensorAlternative>(list.size());
    for (size_t i = 0; i < list.size(); ++i) {
      if (!ReadTensor(context, key->text, list[i], &alternatives[i])) return false;
    }
    definition.alternatives = alternatives;
  }
  return true;
}

}  // namespace tare
