// SPDX-License-Identifier: Apache-2.0
// The whole boundary between JavaScript and the core: one function, three JSON texts in, one JSON text out (types.ts).
// Text was chosen over embind objects after measuring both, see "Boundary" in bench/README.md.
#include <emscripten/bind.h>

#include <string>

#include "estimate.h"

namespace {

std::string Estimate(const std::string& config, const std::string& blueprints, const std::string& options) {
  return tare::Estimate(config, blueprints, options);
}

}  // namespace

EMSCRIPTEN_BINDINGS(tare) { emscripten::function("estimate", &Estimate); }
