// SPDX-License-Identifier: Apache-2.0
// Number texts -> values. Not strtod, which would bring 15 KB into the wasm build.
#pragma once

#include <string_view>

#include "value.h"

namespace tare {

/// Reads a number as JSON writes it: an integer where it has neither fraction nor exponent and fits in 64 bits, else a
/// double. The double is the nearest one for up to 19 digits and decimal exponents from -19 to 19, which holds for
/// every number that enters a size; beyond, it may be off in its last bits. Returns the number of characters read, 0 if
/// the text does not start with a number.
size_t ReadNumber(std::string_view text, Value* result);

}  // namespace tare
