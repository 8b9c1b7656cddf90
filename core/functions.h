// SPDX-License-Identifier: Apache-2.0
// The functions of the expression language, each as in Python.
#pragma once

#include <span>
#include <string_view>

#include "context.h"
#include "expression.h"
#include "value.h"

namespace tare {

struct FunctionInfo {
  std::string_view name;
  Function function;
  size_t min_arguments, max_arguments;
};

/// Null for an unknown name.
const FunctionInfo* FindFunction(std::string_view name);

/// Calls `call.function` with evaluated arguments, as many as its expressions.
bool CallFunction(Context& context, const Expression& call, const Frame& frame, std::span<const Value> arguments,
                  Value* result);

}  // namespace tare
