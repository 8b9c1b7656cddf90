// SPDX-License-Identifier: Apache-2.0
// Blueprint class + resolved config -> module tree.
#pragma once

#include <string_view>

#include "blueprint.h"
#include "context.h"
#include "module_tree.h"

namespace tare {

/// Builds a class (or auto class) of the blueprint that resolved `config`. Null after `unknown_class`, `not_covered`,
/// `invalid_config` with the key, `limit_exceeded`, and what ResolveTimmCall fails with.
const Module* BuildModel(Context& context, const Shelf& shelf, const Object& config, std::string_view class_name);

}  // namespace tare
