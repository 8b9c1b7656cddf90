// SPDX-License-Identifier: Apache-2.0
// What an estimate answers, and its JSON text.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "fit.h"
#include "json_writer.h"
#include "lora.h"
#include "module_tree.h"
#include "size.h"

namespace tare {

/// A model counted in one way.
struct Count {
  std::string_view way;  // "accelerate" or "published"
  std::string_view class_name;
  ByteCount total;
};

struct Report {
  std::string_view library, model_type, version;
  const Module* model = nullptr;
  const Object* attributes = nullptr;
  ByteCount total, tied_total;
  LargestLayer largest;
  std::array<Row, kRows> rows;
  std::vector<Count> counts;
  bool has_lora = false;
  LoraCount lora;
  bool has_fits = false;
  std::vector<Fit> fits;
  bool has_tree = false;
};

std::string ReportText(const Report& report);
std::string ErrorText(const Error& error);

/// The tree of modules, equal neighbours merged.
void WriteTree(JsonWriter& json, const Module& root);

}  // namespace tare
