// SPDX-License-Identifier: Apache-2.0
// The keys that every transformers config may have, of whatever type it is: what the library asks of them.
#pragma once

#include "context.h"
#include "value.h"

namespace tare {

/// Whether the library takes `dtype`, `torch_dtype`, `num_labels`, `id2label`, `problem_type` and `attn_implementation`
/// of a file. Errors: `refused`, `invalid_config`, `not_covered` where two labels are of one class.
bool CheckCommonKeys(Context& context, const Object& given);

}  // namespace tare
