// SPDX-License-Identifier: Apache-2.0
// Which task fits on which cards. Three tasks per dtype: run the model, train all of it with Adam, train a LoRA.
//
//   run   weights in the dtype
//   full  accelerate's training column; not for int8 and int4
//   lora  weights in the dtype + 16 bytes per trainable parameter (float32 adapter, its gradient, two Adam moments)
//
// each times 1 + overhead, an assumption of the user's.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "options.h"
#include "size.h"

namespace tare {

enum class Verdict { kFits, kTight, kDoesNotFit, kNotApplicable };

/// "fits", "tight", "does_not_fit", "not_applicable".
std::string_view VerdictName(Verdict verdict);

struct FitCell {
  Verdict verdict = Verdict::kNotApplicable;
  int64_t needed_bytes = 0;     // on all cards together, without the reserve
  int64_t available_bytes = 0;  // of `count` cards, less the reserve on each; not below 0
  int64_t cards = 0;            // the least number that holds it; 0 where none up to kMaxCardsShown does
};

inline constexpr int64_t kMaxCardsShown = 1024;

struct Fit {
  std::string_view gpu, dtype;
  FitCell run, full, lora;
};

/// One Fit per card and row. `trainable` is the number of LoRA's parameters, negative where there is none.
std::vector<Fit> MakeFits(const FitOptions& options, std::span<const Row> rows, double trainable);

}  // namespace tare
