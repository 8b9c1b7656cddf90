// SPDX-License-Identifier: Apache-2.0
// JSON text -> Value, as Python's json module reads it: duplicate keys keep the last value, NaN and Infinity are let
// in; and so is what transformers writes for them. nlohmann/json reads; what it tells goes straight into values.
#pragma once

#include <string_view>

#include "context.h"
#include "value.h"

namespace tare {

inline constexpr size_t kMaxConfigBytes = 8 << 20;
inline constexpr size_t kMaxBlueprintBytes = 32 << 20;

/// Parses a whole text; `where` names it in errors. False after `invalid_json` (not JSON or not UTF-8, longer than
/// `max_bytes`, deeper than kMaxJsonDepth).
bool ParseJson(Context& context, std::string_view text, size_t max_bytes, std::string_view where, Value* result);

}  // namespace tare
