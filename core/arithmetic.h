// SPDX-License-Identifier: Apache-2.0
// Python's operators on values: integers are exact and checked, `/` is float64, `//` and `%` floor.
#pragma once

#include "context.h"
#include "expression.h"
#include "value.h"

namespace tare {

/// Applies a binary operator (kAdd to kPower). `left` and `right` are the operands' expressions, to be named in errors.
bool Arithmetic(Context& context, Op op, const Value& a, const Value& b, const Expression& left,
                const Expression& right, Value* result);

/// -a, +a.
bool Negate(Context& context, Op op, const Value& a, const Expression& operand, Value* result);

/// Python's ==; numbers of different kinds compare by value. False too once the budget is spent: then
/// `context.failed()`.
bool Equal(Context& context, const Value& a, const Value& b);

/// Applies a comparison (kEqual to kIsNot).
bool Compare(Context& context, Op op, const Value& a, const Value& b, const Expression& left, const Expression& right,
             bool* result);

/// The items of a list, or the characters of a string, which `characters` then holds. False for anything else, for
/// which `operand` is blamed.
bool ItemsOf(Context& context, const Expression& operand, const Value& value, std::vector<Value>* characters,
             std::span<const Value>* items);

/// Floor, ceiling, truncation and rounding end in an integer; false if it has no place in 64 bits.
bool ToInteger(double value, int64_t* result);

/// `value` times 10^digits, rounded to an integer: exactly, ties to even, as Python's round() does. `value` is finite
/// and not negative, 0 <= digits <= 15; false if the result does not fit.
bool ScaledRound(double value, int digits, int64_t* result);

/// Blames `operand` for being of a kind it cannot be; `needed` says what it should be.
bool FailKind(Context& context, const Expression& operand, const Value& value, std::string_view needed);
/// Blames an expression for a result beyond 64 bits.
bool FailOverflow(Context& context, const Expression& expression);

}  // namespace tare
