// SPDX-License-Identifier: Apache-2.0
#include "rope.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "arithmetic.h"

namespace tare {
namespace {

/// What a file says under the older name is what counts, unless it is empty.
const Value* FindRope(Context& context, const Object& inputs, std::string_view* key) {
  for (std::string_view name : {"rope_scaling", "rope_parameters"}) {
    *key = name;
    const Value* value = inputs.Find(context.Intern(name));
    if (value != nullptr && Truth(*value)) return value;
  }
  return nullptr;
}

Value TypeOf(Context& context, const Object& rope) {
  for (std::string_view name : {"rope_type", "type"}) {
    if (const Value* type = rope.Find(context.Intern(name)); type != nullptr) return *type;
  }
  return Value::String("default");
}

constexpr int64_t kAnyParity = 4;  // dimensions of the heads of models that were made for tests

/// Whether all dimensions of a head are rotated, or all but the fraction of one. The first of these objects that says
/// which share it is counts; what is no number is not looked at.
bool RotatesWhole(Context& context, std::initializer_list<const Object*> objects, double head) {
  for (const Object* object : objects) {
    const Value* share = object->Find(context.Intern("partial_rotary_factor"));
    if (share == nullptr || share->is_null()) continue;
    return share->is_number() && head * share->as_double() >= head && head * share->as_double() < head + 1;
  }
  return true;
}

bool Names(const Value* words, std::string_view word) {
  return words != nullptr && words->is_list() && std::ranges::any_of(words->as_list(), [&](const Value& item) {
           return item.is_string() && item.as_string() == word;
         });
}

bool LayersDiffer(const Object& attributes) {
  return std::ranges::any_of(attributes.entries, [](const Entry& entry) {
    return entry.key->text.starts_with("per_layer_") && !entry.value.is_null();
  });
}

}  // namespace

bool CheckRope(Context& context, const Object& inputs, std::span<const RopeType> types) {
  std::string_view key;
  const Value* value = types.empty() ? nullptr : FindRope(context, inputs, &key);
  if (value == nullptr) return true;
  if (!value->is_object())
    return context.Fail(ErrorCode::kInvalidConfig, key,
                        {key, " is ", KindName(value->kind()), ", but an object is needed."});
  const Object& rope = *value->as_object();
  if (!context.ChargeSearch(8 * rope.entries.size())) return false;
  if (std::ranges::any_of(rope.entries, [](const Entry& entry) { return entry.value.is_object(); })) return true;
  const Value type = TypeOf(context, rope);
  if (!type.is_string())
    return context.Fail(ErrorCode::kInvalidConfig, key, {"The type in ", key, " is ", KindName(type.kind()), "."});
  const auto known = std::ranges::find(types, type.as_string(), &RopeType::name);
  if (known == types.end())
    return context.Fail(ErrorCode::kNotCovered, key,
                        {"The library knows no rotary embedding of type ", type.as_string(), " for this model."});
  for (std::string_view needed : known->keys) {
    if (rope.Find(context.Intern(needed)) == nullptr)
      return context.Fail(ErrorCode::kRefused, key,
                          {"A rotary embedding of type ", type.as_string(), " needs ", needed, " in ", key, "."});
  }
  return true;
}

bool CheckRotatedHeads(Context& context, const Object& attributes) {
  const Value* head = attributes.Find(context.Intern("head_dim"));
  const Value* rope = attributes.Find(context.Intern("rope_parameters"));
  if (head == nullptr || !head->is_int() || head->as_int() <= kAnyParity || head->as_int() % 2 == 0) return true;
  if (rope == nullptr || !rope->is_object() || rope->as_object()->entries.empty() || LayersDiffer(attributes))
    return true;
  const Object& flat = *rope->as_object();
  const Value* kinds = attributes.Find(context.Intern("layer_types"));
  const auto dimensions = static_cast<double>(head->as_int());
  bool by_kind = false, whole = false;
  for (const Entry& entry : flat.entries) {
    if (!entry.value.is_object()) continue;
    if (!context.ChargeSearch(kinds != nullptr && kinds->is_list() ? kinds->as_list().size() : 1)) return false;
    by_kind = true;
    whole |= Names(kinds, entry.key->text) &&
             RotatesWhole(context, {entry.value.as_object(), &flat, &attributes}, dimensions);
  }
  if (by_kind ? !whole : !RotatesWhole(context, {&flat, &attributes}, dimensions)) return true;
  return context.Fail(
      ErrorCode::kRefused, "head_dim",
      {"Rotary embeddings turn pairs of numbers, but head_dim is ", std::to_string(head->as_int()), "."});
}

}  // namespace tare
