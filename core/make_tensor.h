// SPDX-License-Identifier: Apache-2.0
// One tensor of a blueprint under a config: its shape evaluated, its size worked out.
#pragma once

#include "blueprint.h"
#include "context.h"
#include "module_tree.h"

namespace tare {

/// Makes the tensor that `alternative` of `definition` says, and adds it to the totals of its module. False after
/// `invalid_config` with the key that a side comes from, or `limit_exceeded`.
bool MakeTensor(Context& context, Frame& frame, const TensorDefinition& definition,
                const TensorAlternative& alternative, Tensor* result, Totals* totals);

}  // namespace tare
