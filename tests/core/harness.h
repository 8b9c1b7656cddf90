// SPDX-License-Identifier: Apache-2.0
// What the tests share: asking the library, small blueprints, and values as text.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "context.h"
#include "estimate.h"
#include "value.h"

namespace tare {

using Json = nlohmann::ordered_json;

/// A value as Python's repr would show it, with JSON's strings and without spaces: for comparing in one line.
std::string Show(const Value& value);

/// An expression over the attributes of a JSON object: its value shown, or "code where".
std::string EvaluateText(std::string_view expression, std::string_view attributes = "{}");

/// Asks for an estimate; `blueprints` is a list of files.
Json Ask(const Json& config, const Json& blueprints, const Json& options = Json::object());

/// "code where" of a failure, "" of a report.
std::string Failed(const Json& answer);

/// A blueprint file around one class, which AutoModel stands for.
Json OneClass(const Json& node, const Json& config = Json::object());

}  // namespace tare
