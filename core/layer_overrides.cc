// SPDX-License-Identifier: Apache-2.0
#include "layer_overrides.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "arithmetic.h"

namespace tare {
namespace {

constexpr std::string_view kKey = "per_layer_config";

bool CheckLayer(Context& context, std::string_view layer, const Object& resolved) {
  int64_t index = 0;
  const auto [end, error] = std::from_chars(layer.data(), layer.data() + layer.size(), index);
  if (error != std::errc() || end != layer.data() + layer.size())
    return context.Fail(ErrorCode::kInvalidConfig, kKey, {"per_layer_config names no layer with ", layer, "."});
  const Value* count = resolved.Find(context.Intern("num_hidden_layers"));
  if (count != nullptr && count->is_int() && (index < 0 || index >= count->as_int()))
    return context.Fail(ErrorCode::kRefused, kKey, {"per_layer_config names layer ", layer, ", which is not there."});
  return true;
}

bool CheckAttribute(Context& context, std::string_view layer, const Entry& attribute, const Object& resolved) {
  const std::string_view name = attribute.key->text;
  if (!context.ChargeSearch(2 * resolved.entries.size())) return false;
  const Value* of_all = resolved.Find(attribute.key);
  if (of_all != nullptr && Equal(context, *of_all, attribute.value)) return true;
  const Value* of_each = resolved.Find(context.Intern("per_layer_" + std::string(name)));
  if (of_each != nullptr && of_each->is_list()) return true;
  return context.Fail(
      ErrorCode::kNotCovered, kKey,
      {"per_layer_config gives layer ", layer, " its own ", name, "; the blueprint knows one for all layers."});
}

}  // namespace

bool CheckLayerOverrides(Context& context, const Object& given, const Object& resolved,
                         std::span<const std::string_view> without_weight) {
  const Value* layers = given.Find(context.Intern(kKey));
  if (layers == nullptr || layers->is_null()) return true;
  if (!layers->is_object())
    return context.Fail(ErrorCode::kInvalidConfig, kKey,
                        {kKey, " is ", KindName(layers->kind()), ", but an object is needed."});
  for (const Entry& layer : layers->as_object()->entries) {
    const std::string_view name = layer.key->text;
    if (!layer.value.is_object())
      return context.Fail(ErrorCode::kInvalidConfig, kKey, {kKey, " has no object for layer ", name, "."});
    if (!context.ChargeSearch(resolved.entries.size()) || !CheckLayer(context, name, resolved)) return false;
    for (const Entry& attribute : layer.value.as_object()->entries) {
      if (std::ranges::count(without_weight, attribute.key->text) > 0) continue;
      if (!CheckAttribute(context, name, attribute, resolved)) return false;
    }
  }
  return true;
}

}  // namespace tare
