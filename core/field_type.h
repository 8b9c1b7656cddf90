// SPDX-License-Identifier: Apache-2.0
// The declared type of a config field: "None|int", "list[float|int]", "'mean'|'sum'", "dict[str, dict]".
#pragma once

#include <string_view>

#include "context.h"
#include "value.h"

namespace tare {

/// Whether the library takes the value for the field `key` of this type. As its strict dataclasses have it, a boolean
/// is no int and an int no float; words in quotes are the only ones that are taken. What is no type accepts nothing.
/// Errors: `invalid_config`, `limit_exceeded`.
bool CheckFieldType(Context& context, std::string_view key, std::string_view type, const Value& value);

}  // namespace tare
