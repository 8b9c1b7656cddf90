// SPDX-License-Identifier: Apache-2.0
// Tied tensors: in the real model the one is the other. A class lists them in `ties`.
#pragma once

#include "context.h"
#include "module_tree.h"
#include "text.h"

namespace tare {

/// The model as the library leaves it after tying. It puts the second parameter in the place of the first, so the first
/// has the second's shape from then on, and a bias beside it gets as long as that weight (transformers,
/// modeling_utils.py, tie_weights and _adjust_bias, version 5.23.0). Null after an error.
const Module* Tied(Context& context, const Module& root);

/// Bytes with every tied tensor counted once. False after an error.
bool TiedTotal(Context& context, const Module& root, ByteCount* result);

}  // namespace tare
