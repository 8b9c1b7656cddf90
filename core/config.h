// SPDX-License-Identifier: Apache-2.0
// config.json -> attributes, as the library's config class does it, told by the `config` part of a blueprint:
//   {"hidden_size": 768, "num_attention_heads": 12}  ->  {..., head_dim: 64}  for  derived {"head_dim": "hidden_size //
//   num_attention_heads"}
#pragma once

#include "blueprint.h"
#include "context.h"
#include "value.h"

namespace tare {

/// Resolves one config and those nested in it. Errors: `invalid_config` with the key ("vision_config.hidden_size"),
/// `refused`, `not_covered` with the condition, `needs_blueprint` with "transformers/<model_type>" of a nested config.
bool ResolveConfig(Context& context, const Shelf& shelf, Blueprint& blueprint, const Object& given,
                   const Object** result);

/// False after `not_covered` at the first condition that does not hold.
bool CheckAssumptions(Context& context, std::span<const Expression* const> assumes, Frame& frame);

/// Whether a text can be a model type or architecture at all: letters, digits, `_ - .`, at most 100 of them.
bool IsPlainName(std::string_view text);

}  // namespace tare
