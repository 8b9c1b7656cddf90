// SPDX-License-Identifier: Apache-2.0
// The activation functions that a transformers config may name ("hidden_act": "gelu"), and the classes of their
// modules.
#pragma once

#include <string_view>

namespace tare {

struct Activation {
  std::string_view name;
  std::string_view class_name;
  bool has_tensors;
};

/// Null for a name that the library does not know.
const Activation* FindActivation(std::string_view name);

}  // namespace tare
