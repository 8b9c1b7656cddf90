// SPDX-License-Identifier: Apache-2.0
#include "error.h"

namespace tare {

std::string_view ErrorName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNone:
      return "none";
    case ErrorCode::kInvalidJson:
      return "invalid_json";
    case ErrorCode::kInvalidConfig:
      return "invalid_config";
    case ErrorCode::kInvalidBlueprint:
      return "invalid_blueprint";
    case ErrorCode::kUnknownModelType:
      return "unknown_model_type";
    case ErrorCode::kUnknownClass:
      return "unknown_class";
    case ErrorCode::kNeedsBlueprint:
      return "needs_blueprint";
    case ErrorCode::kNotCovered:
      return "not_covered";
    case ErrorCode::kRefused:
      return "refused";
    case ErrorCode::kLimitExceeded:
      return "limit_exceeded";
  }
  return "none";
}

}  // namespace tare
