// SPDX-License-Identifier: Apache-2.0
// The one function of the library: three JSON texts in, one JSON text out. wasm/types.ts describes all four.
//
//   Estimate(R"({"model_type": "bert", ...})", "[<bert's blueprint>]", "{}")
//     ->  {"library":"transformers","model_type":"bert","class":"BertModel","total_bytes":433249280,...}
#pragma once

#include <string>
#include <string_view>

namespace tare {

/// `config`: a config.json as it came. `blueprints`: a JSON array of blueprint files. `options`: an Options object.
/// The answer is a Report, or {"error": {"code", "where", "text"}}. Time and memory are bounded whatever the texts say.
std::string Estimate(std::string_view config, std::string_view blueprints, std::string_view options);

}  // namespace tare
