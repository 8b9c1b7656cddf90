// SPDX-License-Identifier: Apache-2.0
#include "text.h"

#include <cmath>

#include "arithmetic.h"
#include "context.h"

namespace tare {

double ToDouble(const ByteCount& bytes) { return std::ldexp(static_cast<double>(bytes.eighths), -3 - bytes.halvings); }

std::string ExactNumber(const ByteCount& bytes) {
  const int shift = 3 + bytes.halvings;
  std::string text = IntText(bytes.eighths >> shift);
  uint64_t rest = static_cast<uint64_t>(bytes.eighths) & ((uint64_t{1} << shift) - 1);
  if (rest != 0) text += '.';
  while (rest != 0) {
    rest *= 10;
    text += static_cast<char>('0' + (rest >> shift));
    rest &= (uint64_t{1} << shift) - 1;
  }
  return text;
}

std::string ByteText(const ByteCount& bytes) {
  constexpr const char* kUnits[] = {" bytes", " KB", " MB", " GB", " TB", " PB"};
  double size = ToDouble(bytes);
  int unit = 0;
  for (; size >= 1024 && unit < 5; ++unit) size /= 1024;
  if (unit == 0 && !bytes.fractional) return ExactNumber(bytes) + kUnits[0];
  int64_t hundredths = 0;
  ScaledRound(size, 2, &hundredths);  // below 2^20 PB: it always fits
  std::string text = IntText(hundredths / 100) + '.' + static_cast<char>('0' + hundredths / 10 % 10);
  if (hundredths % 10 != 0) text += static_cast<char>('0' + hundredths % 10);
  return text + kUnits[unit];
}

}  // namespace tare
