// SPDX-License-Identifier: Apache-2.0
#include "fit.h"

#include <algorithm>
#include <cmath>

namespace tare {
namespace {

constexpr double kTightShare = 0.9;  // more than this of the memory: it may fail for what is not counted
constexpr double kLoraBytesPerParameter = 16;
constexpr double kMaxNeeded = 9007199254740992.0;  // 2^53

FitCell MakeCell(double bytes, const FitOptions& options, const Gpu& gpu) {
  FitCell cell;
  const int64_t usable = std::max<int64_t>(gpu.bytes - options.reserve_bytes, 0);
  const double available = static_cast<double>(usable) * static_cast<double>(options.count);
  // A relative 2^-50 absorbs the rounding of 1 + overhead, so that a whole number of bytes stays one.
  const double needed = std::min(std::ceil(bytes * (1 + options.overhead) * (1 - 0x1p-50)), kMaxNeeded);
  cell.needed_bytes = static_cast<int64_t>(needed);
  cell.available_bytes = static_cast<int64_t>(std::min(available, kMaxNeeded));
  cell.verdict = needed > available                 ? Verdict::kDoesNotFit
                 : needed > kTightShare * available ? Verdict::kTight
                                                    : Verdict::kFits;
  if (usable > 0) {
    const int64_t cards = std::max<int64_t>((cell.needed_bytes - 1) / usable + 1, 1);
    cell.cards = cards <= kMaxCardsShown ? cards : 0;
  }
  return cell;
}

}  // namespace

std::string_view VerdictName(Verdict verdict) {
  constexpr std::string_view kNames[] = {"fits", "tight", "does_not_fit", "not_applicable"};
  return kNames[static_cast<size_t>(verdict)];
}

std::vector<Fit> MakeFits(const FitOptions& options, std::span<const Row> rows, double trainable) {
  std::vector<Fit> fits;
  for (const Gpu& gpu : options.gpus) {
    for (const Row& row : rows) {
      const double weights = ToDouble(row.total);
      Fit& fit = fits.emplace_back(Fit{gpu.name, row.dtype, MakeCell(weights, options, gpu), {}, {}});
      fit.full.available_bytes = fit.lora.available_bytes = fit.run.available_bytes;
      if (row.trained) fit.full = MakeCell(ToDouble(row.training), options, gpu);
      if (trainable >= 0) fit.lora = MakeCell(weights + trainable * kLoraBytesPerParameter, options, gpu);
    }
  }
  return fits;
}

}  // namespace tare
