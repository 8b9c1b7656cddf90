// SPDX-License-Identifier: Apache-2.0
#include "make_tensor.h"

#include <string>

namespace tare {
namespace {

bool BadDimension(Context& context, std::string_view tensor, const Expression& dimension, const Value& value) {
  std::string where = NameToBlame(dimension);
  if (where.empty()) where = tensor;
  const std::string what = value.is_int() ? IntText(value.as_int()) : std::string(KindName(value.kind()));
  return context.Fail(
      ErrorCode::kInvalidConfig, where,
      {"A dimension of ", tensor, ", ", dimension.source, ", is ", what, "; it must be an integer of at least 0."});
}

bool TooLarge(Context& context, std::string_view tensor, std::span<const Expression* const> shape) {
  std::string where;
  for (size_t i = 0; where.empty() && i < shape.size(); ++i) where = NameToBlame(*shape[i]);
  return context.Fail(ErrorCode::kLimitExceeded, where.empty() ? tensor : where,
                      {"The model has more bytes than can be counted, at ", tensor, "."});
}

}  // namespace

bool MakeTensor(Context& context, Frame& frame, const TensorDefinition& definition,
                const TensorAlternative& alternative, Tensor* result, Totals* totals) {
  int64_t elements = 1, eighths = 0;
  auto shape = context.arena.NewArray<int64_t>(alternative.shape.size());
  bool fits = true;
  for (size_t i = 0; i < shape.size(); ++i) {
    const Expression& dimension = *alternative.shape[i];
    Value value;
    if (!Evaluate(context, dimension, frame, &value)) return false;
    if (!value.is_int() || value.as_int() < 0) return BadDimension(context, definition.name, dimension, value);
    shape[i] = value.as_int();
    fits = fits && !__builtin_mul_overflow(elements, shape[i], &elements);
  }
  fits = fits && !__builtin_mul_overflow(elements, alternative.eighths, &eighths);
  *result = {definition.name, definition.buffer, alternative.persistent, alternative.dtype, eighths, elements,
             shape,           alternative.shape};
  if (!fits || eighths > INT64_MAX / 16 || !totals->Add(TotalsOf(*result)))
    return TooLarge(context, definition.name, alternative.shape);
  return definition.name_template == nullptr || WriteName(context, frame, *definition.name_template, 0, &result->name);
}

}  // namespace tare
