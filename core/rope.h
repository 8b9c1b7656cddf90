// SPDX-License-Identifier: Apache-2.0
// The rotary embedding that a transformers config asks for: {"type": "linear", "factor": 2.0}.
#pragma once

#include <span>

#include "blueprint.h"
#include "context.h"

namespace tare {

/// Whether what a config says of its rotary embedding is of a known type and has the keys that this type needs. Objects
/// with other objects in them, as of layers of several kinds, are not looked at. Errors: `refused` for a lacking key,
/// `not_covered` for another type, `invalid_config`.
bool CheckRope(Context& context, const Object& inputs, std::span<const RopeType> types);

/// Whether heads that are rotated as a whole have an even number of dimensions, as every config class wants it; up to 4
/// of them, and where layers differ, it takes any number. attributes: the resolved ones. Errors: `refused`.
bool CheckRotatedHeads(Context& context, const Object& attributes);

}  // namespace tare
