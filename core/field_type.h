// SPDX-License-Identifier: Apache-2.0
// The declared type of a config field: "None|int", "list[float|int]", "'mean'|'sum'", "dict[str, dict]".
#pragma once

#include <string_view>

#include "context.h"
#include "value.h"

namespace tare {

/// Whether the library takes the value for a field of this type, in *accepted. As its strict dataclasses have it, a
/// boolean is no int and an int no float; words in quotes are the only ones that are taken. Errors: only
/// `limit_exceeded`. What is no type accepts nothing.
bool CheckFieldType(Context& context, std::string_view type, const Value& value, bool* accepted);

}  // namespace tare
