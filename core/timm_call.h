// SPDX-License-Identifier: Apache-2.0
// A model of timm inside another model, as timm.create_model makes it:
//   {"timm": "architecture", "arguments": {"num_classes": 0}}  ->  the blueprint of resnet50, and its resolved config
#pragma once

#include <string_view>

#include "blueprint.h"
#include "context.h"
#include "module_tree.h"
#include "value.h"

namespace tare {

struct TimmCall {
  std::string_view architecture;
  const Object* config = nullptr;    // resolved, of the architecture's blueprint
  const Object* features = nullptr;  // null: the whole model
  int64_t modules = 0;               // of `features`: how many of its children are there
  Value channels;                    // of `features`: a list, how many each has; null if that is not described
};

/// Resolves the call that a node stands for. Errors: `not_covered` where timm's blueprint does not say enough,
/// `needs_blueprint` with "timm/<architecture>", `invalid_config` and `refused` where its name and arguments are none,
/// and those of ResolveConfig.
bool ResolveTimmCall(Context& context, const Shelf& shelf, const Node& node, Frame& frame, TimmCall* result);

/// What features_only=True leaves of a model. Null after `limit_exceeded` or `invalid_blueprint`.
const Module* TakeFeatures(Context& context, const Module& whole, const TimmCall& call);

}  // namespace tare
