// SPDX-License-Identifier: Apache-2.0
// The tree of a report as one number: every module's class, every tensor's kind, dtype, shape and persistence, by full
// name.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

/// The FNV-1a hash of the sorted lines "path class" and "path kind dtype [shape] persistent", in hexadecimal digits.
std::string TreeDigest(const nlohmann::ordered_json& tree);
