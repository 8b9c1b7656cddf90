// SPDX-License-Identifier: Apache-2.0
#include "fit.h"

#include "harness.h"

namespace tare {
namespace {

constexpr int64_t kGiB = int64_t{1} << 30;

/// The fits of a model of 10 GiB in float32 on one kind of card.
std::vector<Fit> Fits(int64_t card, int64_t count, int64_t reserve, double overhead, double trainable = -1) {
  const auto rows = MakeRows({10 * kGiB * 8}, {8});
  FitOptions options;
  options.gpus = {{"card", card}};
  options.count = count;
  options.reserve_bytes = reserve;
  options.overhead = overhead;
  return MakeFits(options, rows, trainable);
}

TEST(Fit, JudgesRunning) {
  const auto fits = Fits(24 * kGiB, 1, kGiB, 0.2);
  ASSERT_EQ(fits.size(), 4u);
  EXPECT_EQ(fits[0].run.needed_bytes, 12 * kGiB);
  EXPECT_EQ(fits[0].run.available_bytes, 23 * kGiB);
  EXPECT_EQ(fits[0].run.verdict, Verdict::kFits);
  EXPECT_EQ(fits[1].run.needed_bytes, 6 * kGiB);
  EXPECT_EQ(Fits(13 * kGiB, 1, 0, 0.2)[0].run.verdict, Verdict::kTight);
  EXPECT_EQ(Fits(12 * kGiB, 1, 0, 0.2)[0].run.verdict, Verdict::kTight);
  EXPECT_EQ(Fits(12 * kGiB - 1, 1, 0, 0.2)[0].run.verdict, Verdict::kDoesNotFit);
  EXPECT_EQ(Fits(7 * kGiB, 2, 0, 0.2)[0].run.verdict, Verdict::kFits);
}

TEST(Fit, CountsCards) {
  EXPECT_EQ(Fits(8 * kGiB, 1, kGiB, 0)[0].run.cards, 2);
  EXPECT_EQ(Fits(10 * kGiB, 1, 0, 0)[0].run.cards, 1);
  EXPECT_EQ(Fits(1 << 20, 1, 0, 0)[0].run.cards, 0);      // 10,240 cards are more than are shown
  EXPECT_EQ(Fits(kGiB, 4, 2 * kGiB, 0)[0].run.cards, 0);  // nothing is left beside the reserve
  EXPECT_EQ(Fits(kGiB, 4, 2 * kGiB, 0)[0].run.available_bytes, 0);
}

TEST(Fit, JudgesTraining) {
  const auto fits = Fits(80 * kGiB, 1, 0, 0);
  EXPECT_EQ(fits[0].full.needed_bytes, 40 * kGiB);
  EXPECT_EQ(fits[1].full.needed_bytes, 20 * kGiB);
  EXPECT_EQ(fits[2].full.verdict, Verdict::kNotApplicable);
  EXPECT_EQ(fits[0].lora.verdict, Verdict::kNotApplicable);
}

TEST(Fit, AddsTheAdapter) {
  const auto fits = Fits(80 * kGiB, 1, 0, 0.5, 1000);
  EXPECT_EQ(fits[3].lora.needed_bytes, (10 * kGiB / 8 + 16000) * 3 / 2);
}

TEST(Fit, IsReported) {
  const Json node = {{"class", "ToyModel"}, {"parameters", {{"w", {1000}}}}};
  const Json options = Json::parse(
      R"({"fit": {"gpus": [{"name": "x", "bytes": 5000}], "count": 1, "reserve_bytes": 0, "overhead": 0.2, "trainable_share": 0.01}})");
  const Json fit = Ask({{"model_type", "toy"}}, OneClass(node), options)["fit"][0];
  EXPECT_EQ(fit["run"],
            Json::parse(R"({"verdict": "tight", "needed_bytes": 4800, "available_bytes": 5000, "cards": 1})"));
  EXPECT_EQ(fit["full"]["verdict"], "does_not_fit");
  EXPECT_EQ(fit["lora"]["needed_bytes"], 4992);
}

}  // namespace
}  // namespace tare
