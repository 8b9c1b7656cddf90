// SPDX-License-Identifier: Apache-2.0
#include "arithmetic.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace tare {
namespace {

__extension__ typedef unsigned __int128 Wide;

constexpr double kTwo63 = 9223372036854775808.0;

bool FailZero(Context& context, const Expression& divisor) {
  const std::string where = NameToBlame(divisor);
  return context.Fail(ErrorCode::kInvalidConfig, where, {where, " is 0, but something is divided by it."});
}

bool IntegerPower(int64_t base, int64_t exponent, int64_t* result) {
  int64_t power = 1;
  for (; exponent > 0; exponent >>= 1) {
    if ((exponent & 1) != 0 && __builtin_mul_overflow(power, base, &power)) return false;
    if (exponent > 1 && __builtin_mul_overflow(base, base, &base)) return false;
  }
  *result = power;
  return true;
}

int64_t FloorDivide(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

int64_t FloorModulo(int64_t a, int64_t b) {
  const int64_t rest = a % b;  // not a - a // b * b: the product can pass the lowest integer
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

/// Both operands are integers, and neither division is by zero.
bool IntegerArithmetic(Op op, int64_t a, int64_t b, Value* result) {
  int64_t value = 0;
  switch (op) {
    case Op::kAdd:
      if (__builtin_add_overflow(a, b, &value)) return false;
      break;
    case Op::kSubtract:
      if (__builtin_sub_overflow(a, b, &value)) return false;
      break;
    case Op::kMultiply:
      if (__builtin_mul_overflow(a, b, &value)) return false;
      break;
    case Op::kDivide:
      *result = Value::Double(static_cast<double>(a) / static_cast<double>(b));
      return true;
    case Op::kFloorDivide:
    case Op::kModulo:
      if (a == INT64_MIN && b == -1) return false;
      value = op == Op::kModulo ? FloorModulo(a, b) : FloorDivide(a, b);
      break;
    default:
      if (b < 0) {
        *result = Value::Double(std::pow(static_cast<double>(a), static_cast<double>(b)));
        return true;
      }
      if (!IntegerPower(a, b, &value)) return false;
  }
  *result = Value::Int(value);
  return true;
}

double FloatModulo(double a, double b) {
  const double rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

double FloatFloorDivide(double a, double b) {
  const double quotient = (a - FloatModulo(a, b)) / b;
  const double floor = std::floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;  // the division may have fallen just short of a whole number
}

double FloatArithmetic(Op op, double a, double b) {
  switch (op) {
    case Op::kAdd:
      return a + b;
    case Op::kSubtract:
      return a - b;
    case Op::kMultiply:
      return a * b;
    case Op::kDivide:
      return a / b;
    case Op::kFloorDivide:
      return FloatFloorDivide(a, b);
    case Op::kModulo:
      return FloatModulo(a, b);
    default:
      return std::pow(a, b);
  }
}

bool Join(Context& context, const Value& a, const Value& b, Value* result) {
  if (a.is_string()) {
    const std::string_view x = a.as_string(), y = b.as_string();
    if (!context.Charge(static_cast<int64_t>(x.size() + y.size()) / 8)) return false;
    char* text = static_cast<char*>(context.arena.Allocate(x.size() + y.size() + 1));
    if (!x.empty()) std::memcpy(text, x.data(), x.size());
    if (!y.empty()) std::memcpy(text + x.size(), y.data(), y.size());
    *result = Value::String({text, x.size() + y.size()});
    return true;
  }
  std::vector<Value> items(a.as_list().begin(), a.as_list().end());
  items.insert(items.end(), b.as_list().begin(), b.as_list().end());
  *result = Value::List(context.arena.Copy(items));
  return context.Charge(static_cast<int64_t>(items.size()));
}

bool RepeatList(Context& context, const Value& list, int64_t times, const Expression& blamed, Value* result) {
  const auto items = list.as_list();
  const int64_t length = static_cast<int64_t>(items.size());
  if (times <= 0 || length == 0) {
    *result = Value::List({});
    return true;
  }
  if (times > kMaxListLength / length) {
    const std::string where = NameToBlame(blamed);
    return context.Fail(ErrorCode::kLimitExceeded, where,
                        {where, " makes a list longer than ", IntText(kMaxListLength), "."});
  }
  if (!context.Charge(times * length)) return false;
  auto copy = context.arena.NewArray<Value>(static_cast<size_t>(times * length));
  for (size_t i = 0; i < copy.size(); ++i) copy[i] = items[i % items.size()];
  *result = Value::List(copy);
  return true;
}

/// `container` is a string, and then `item` too, a list or an object. False too once the budget is spent.
bool Contains(Context& context, const Value& item, const Value& container) {
  if (container.is_string()) {
    const std::string_view text = container.as_string();
    return context.ChargeSearch(text.size()) && text.find(item.as_string()) != std::string_view::npos;
  }
  if (container.is_object()) {
    const Object& object = *container.as_object();
    return item.is_string() && context.ChargeSearch(object.entries.size()) && object.Find(item.as_string()) != nullptr;
  }
  const std::span<const Value> items = container.as_list();
  return context.ChargeSearch(items.size()) &&
         std::ranges::any_of(items, [&](const Value& element) { return Equal(context, element, item); });
}

bool EqualObjects(Context& context, const Object& a, const Object& b) {
  if (&a == &b) return true;
  if (a.entries.size() != b.entries.size()) return false;
  for (size_t i = 0; i < a.entries.size(); ++i) {
    const auto& [key, value] = a.entries[i];
    const bool in_turn = b.entries[i].key == key;
    if (!context.ChargeSearch(in_turn ? 0 : b.entries.size())) return false;
    const Value* other = in_turn ? &b.entries[i].value : b.Find(key);
    if (other == nullptr || !Equal(context, value, *other)) return false;
  }
  return true;
}

}  // namespace

bool FailKind(Context& context, const Expression& operand, const Value& value, std::string_view needed) {
  const std::string where = NameToBlame(operand);
  return context.Fail(
      ErrorCode::kInvalidConfig, where,
      {where.empty() ? "A value" : where, " is ", KindName(value.kind()), ", but ", needed, " is needed."});
}

bool FailOverflow(Context& context, const Expression& expression) {
  const std::string where = NameToBlame(expression);
  return context.Fail(ErrorCode::kLimitExceeded, where, {"A number computed from ", where, " is too large."});
}

bool Arithmetic(Context& context, Op op, const Value& a, const Value& b, const Expression& left,
                const Expression& right, Value* result) {
  if (a.is_number() && b.is_number()) {
    const bool divides = op == Op::kDivide || op == Op::kFloorDivide || op == Op::kModulo;
    if (divides && b.as_double() == 0) return FailZero(context, right);
    if (op == Op::kPower && a.as_double() == 0 && b.as_double() < 0) return FailZero(context, left);
    if (a.is_integral() && b.is_integral()) {
      return IntegerArithmetic(op, a.as_int(), b.as_int(), result) || FailOverflow(context, left);
    }
    const double value = FloatArithmetic(op, a.as_double(), b.as_double());
    if (!std::isfinite(value)) return FailOverflow(context, left);
    *result = Value::Double(value);
    return true;
  }
  if (op == Op::kAdd && a.kind() == b.kind() && (a.is_string() || a.is_list())) return Join(context, a, b, result);
  if (op == Op::kMultiply && a.is_list() && b.is_integral()) return RepeatList(context, a, b.as_int(), right, result);
  if (op == Op::kMultiply && b.is_list() && a.is_integral()) return RepeatList(context, b, a.as_int(), left, result);
  return a.is_number() ? FailKind(context, right, b, "a number") : FailKind(context, left, a, "a number");
}

bool Negate(Context& context, Op op, const Value& a, const Expression& operand, Value* result) {
  if (!a.is_number()) return FailKind(context, operand, a, "a number");
  if (op == Op::kPlus) {
    *result = a.is_double() ? a : Value::Int(a.as_int());
  } else if (a.is_double()) {
    *result = Value::Double(-a.as_double());
  } else {
    if (a.as_int() == INT64_MIN) return FailOverflow(context, operand);
    *result = Value::Int(-a.as_int());
  }
  return true;
}

bool Equal(Context& context, const Value& a, const Value& b) {
  if (a.is_integral() && b.is_integral()) return a.as_int() == b.as_int();
  if (a.is_number() && b.is_number()) return a.as_double() == b.as_double();
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::kString:
      return a.as_string() == b.as_string();
    case Kind::kList:
      return a.Identical(b) || (a.as_list().size() == b.as_list().size() && context.ChargeSearch(a.as_list().size()) &&
                                std::ranges::equal(a.as_list(), b.as_list(), [&](const Value& x, const Value& y) {
                                  return Equal(context, x, y);
                                }));
    case Kind::kObject:
      return EqualObjects(context, *a.as_object(), *b.as_object());
    default:
      return true;  // null
  }
}

bool Compare(Context& context, Op op, const Value& a, const Value& b, const Expression& left, const Expression& right,
             bool* result) {
  switch (op) {
    case Op::kEqual:
      *result = Equal(context, a, b);
      return !context.failed();
    case Op::kNotEqual:
      *result = !Equal(context, a, b);
      return !context.failed();
    case Op::kIs:
    case Op::kIsNot:  // the right side is None, True or False
      *result = (a.kind() == b.kind() && Equal(context, a, b)) == (op == Op::kIs);
      return !context.failed();
    case Op::kIn:
    case Op::kNotIn: {
      if (b.is_string() && !a.is_string()) return FailKind(context, left, a, "a string");
      if (!b.is_string() && !b.is_list() && !b.is_object()) return FailKind(context, right, b, "a list");
      *result = Contains(context, a, b) == (op == Op::kIn);
      return !context.failed();
    }
    default:
      break;
  }
  int order = 0;
  if (a.is_integral() && b.is_integral()) {
    order = a.as_int() < b.as_int() ? -1 : a.as_int() > b.as_int();
  } else if (a.is_number() && b.is_number()) {
    if (std::isnan(a.as_double()) || std::isnan(b.as_double())) {  // neither less, equal nor greater than anything
      *result = false;
      return true;
    }
    order = a.as_double() < b.as_double() ? -1 : a.as_double() > b.as_double();
  } else if (a.is_string() && b.is_string()) {
    order = a.as_string().compare(b.as_string());
  } else {
    return a.is_number() ? FailKind(context, right, b, "a number") : FailKind(context, left, a, "a number");
  }
  *result = op == Op::kLess        ? order < 0
            : op == Op::kLessEqual ? order <= 0
            : op == Op::kGreater   ? order > 0
                                   : order >= 0;
  return true;
}

bool ItemsOf(Context& context, const Expression& operand, const Value& value, std::vector<Value>* characters,
             std::span<const Value>* items) {
  if (value.is_list()) {
    *items = value.as_list();
    return true;
  }
  if (!value.is_string()) return FailKind(context, operand, value, "a list");
  if (!context.Charge(static_cast<int64_t>(value.as_string().size()))) return false;
  *characters = Characters(value.as_string());
  *items = *characters;
  return true;
}

bool ToInteger(double value, int64_t* result) {
  if (!(value >= -kTwo63 && value < kTwo63)) return false;
  *result = static_cast<int64_t>(value);
  return true;
}

bool ScaledRound(double value, int digits, int64_t* result) {
  int exponent = 0;
  const uint64_t mantissa = static_cast<uint64_t>(std::ldexp(std::frexp(value, &exponent), 53));
  exponent -= 53;
  Wide scaled = mantissa;
  for (int i = 0; i < digits; ++i) scaled *= 10;
  if (exponent >= 0) {
    if (exponent > 10 || (scaled >> (63 - exponent)) != 0) return false;
    *result = static_cast<int64_t>(scaled << exponent);
    return true;
  }
  const int shift = -exponent;
  if (shift > 120) {  // scaled < 2^53 * 10^15 < 2^103: nearer to 0 than to 1
    *result = 0;
    return true;
  }
  const Wide whole = scaled >> shift, rest = scaled - (whole << shift);
  const Wide half = static_cast<Wide>(1) << (shift - 1);
  if ((whole >> 62) != 0) return false;
  *result = static_cast<int64_t>(whole) + (rest > half || (rest == half && (whole & 1) != 0) ? 1 : 0);
  return true;
}

}  // namespace tare
