// SPDX-License-Identifier: Apache-2.0
#include "number.h"

#include <bit>
#include <cmath>

namespace tare {
namespace {

__extension__ typedef unsigned __int128 Wide;

constexpr int kMaxDigits = 19;  // 10^19 < 2^64

Wide PowerOfTen(int exponent) {
  Wide power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

/// The nearest double to a wide integer; `inexact` says that a little more was cut off below it.
double ToNearest(Wide value, bool inexact) {
  int shift = 0;
  while ((value >> 64) != 0) {
    inexact |= (value & 1) != 0;
    value >>= 1;
    ++shift;
  }
  uint64_t top = static_cast<uint64_t>(value);
  // A bit far below the last one kept only has to keep the rounding from seeing a tie.
  if (inexact && std::bit_width(top) > 54) top |= 1;
  return std::ldexp(static_cast<double>(top), shift);
}

double Scale(uint64_t digits, int exponent) {
  if (exponent >= 0 && exponent <= kMaxDigits) return ToNearest(digits * PowerOfTen(exponent), false);
  if (exponent < 0 && exponent >= -kMaxDigits) {
    const Wide divisor = PowerOfTen(-exponent);
    const int shift = std::countl_zero(digits) + 64;
    const Wide numerator = static_cast<Wide>(digits) << shift;
    return std::ldexp(ToNearest(numerator / divisor, numerator % divisor != 0), -shift);
  }
  double value = static_cast<double>(digits);
  for (; exponent > 0 && std::isfinite(value); --exponent) value *= 10;
  for (; exponent < 0 && value != 0; ++exponent) value /= 10;
  return value;
}

/// Reads digits one by one; those beyond what 64 bits hold only move the exponent.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool Take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool Digits(bool fraction) {
    const size_t start = at_;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      const uint64_t digit = static_cast<uint64_t>(text_[at_] - '0');
      if (digits_ <= (UINT64_MAX - digit) / 10) {
        digits_ = digits_ * 10 + digit;
        exponent_ -= fraction ? 1 : 0;
      } else {
        cut_ = true;
        exponent_ += fraction ? 0 : 1;
      }
    }
    return at_ > start;
  }

  bool Exponent() {
    const bool negative = Take('-');
    if (!negative) Take('+');
    const size_t start = at_;
    int value = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      if (value < 10'000) value = value * 10 + (text_[at_] - '0');
    }
    exponent_ += negative ? -value : value;
    return at_ > start;
  }

  size_t Read(Value* result) {
    const bool negative = Take('-');
    if (!Take('0') && !Digits(false)) return 0;  // no digit follows a leading zero
    bool whole = true;
    if (Take('.')) {
      whole = false;
      if (!Digits(true)) return 0;
    }
    if (Take('e') || Take('E')) {
      whole = false;
      if (!Exponent()) return 0;
    }
    if (whole && !cut_ && digits_ <= static_cast<uint64_t>(INT64_MAX)) {
      const int64_t value = static_cast<int64_t>(digits_);
      *result = Value::Int(negative ? -value : value);
    } else {
      const double value = digits_ == 0 ? 0 : Scale(digits_, exponent_);
      *result = Value::Double(negative ? -value : value);
    }
    return at_;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
  uint64_t digits_ = 0;
  int exponent_ = 0;
  bool cut_ = false;
};

}  // namespace

size_t ReadNumber(std::string_view text, Value* result) { return Reader(text).Read(result); }

}  // namespace tare
