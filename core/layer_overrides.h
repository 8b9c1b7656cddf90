// SPDX-License-Identifier: Apache-2.0
// `per_layer_config` of any transformers config: {"3": {"head_dim": 512}} gives layer 3 another head_dim.
#pragma once

#include <span>
#include <string_view>

#include "context.h"
#include "value.h"

namespace tare {

/// Whether a resolved config holds all that its file says of single layers: in the lists `per_layer_*` of its
/// blueprint, because it is what all layers have, or because it is among the attributes without weight. Errors:
/// `not_covered` for anything else, which would be ignored otherwise (the library refuses it where the model asks for
/// one value of all layers); `invalid_config`; `refused` for a layer that is not there.
bool CheckLayerOverrides(Context& context, const Object& given, const Object& resolved,
                         std::span<const std::string_view> without_weight);

}  // namespace tare
