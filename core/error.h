// SPDX-License-Identifier: Apache-2.0
// Errors are values: what went wrong, where, and a sentence a user can act on.
#pragma once

#include <string>
#include <string_view>

namespace tare {

enum class ErrorCode {
  kNone,
  kInvalidJson,       // a text that is not JSON, too large or too deep
  kInvalidConfig,     // a key with a value that no model can have
  kInvalidBlueprint,  // a blueprint that breaks its own contract: a bug in the data
  kUnknownModelType,  // no blueprint by that name can exist
  kUnknownClass,      // the class asked for is not one of the model type's
  kNeedsBlueprint,    // give the blueprint named in `where` too, and ask again
  kNotCovered,        // outside what the blueprint was verified for
  kRefused,           // the library itself refuses this config
  kLimitExceeded,     // too many modules, steps or bytes to count
};

/// The code's spelling at the boundary, e.g. "invalid_config".
std::string_view ErrorName(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kNone;
  std::string where;  // the config key, class, tensor or blueprint
  std::string text;
};

}  // namespace tare
