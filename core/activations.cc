// SPDX-License-Identifier: Apache-2.0
#include "activations.h"

#include <algorithm>
#include <iterator>

namespace tare {
namespace {

constexpr Activation kActivations[] = {
#include "activations.inc"
};

}  // namespace

const Activation* FindActivation(std::string_view name) {
  const auto* found = std::ranges::find(kActivations, name, &Activation::name);
  return found == std::end(kActivations) ? nullptr : found;
}

}  // namespace tare
