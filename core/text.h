// SPDX-License-Identifier: Apache-2.0
// Sizes as accelerate prints them: divided by 1024 while it goes, rounded as Python's round(x, 2), written as Python
// writes the result.
//
//   ByteText({433249280 * 8, 0, false})  ->  "413.18 MB"
#pragma once

#include <cstdint>
#include <string>

namespace tare {

/// An exact number of bytes: eighths / 8 / 2^halvings. The rows of smaller dtypes are halves of the float32 row.
struct ByteCount {
  int64_t eighths = 0;
  int halvings = 0;
  bool fractional = false;  // a Python float: "512.0 bytes", where an int prints as "512 bytes"
};

std::string ByteText(const ByteCount& bytes);

/// The number in plain decimals, exactly: "433249280", "12.125".
std::string ExactNumber(const ByteCount& bytes);

/// The nearest double.
double ToDouble(const ByteCount& bytes);

}  // namespace tare
