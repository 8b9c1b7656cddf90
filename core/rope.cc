// SPDX-License-Identifier: Apache-2.0
#include "rope.h"

#include <algorithm>

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

}  // namespace tare
