// SPDX-License-Identifier: Apache-2.0
#include "tree.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <vector>

using Json = nlohmann::ordered_json;

namespace {

std::string Join(const std::string& path, const std::string& name) { return path.empty() ? name : path + "." + name; }

void AddLines(const Json& node, const std::string& path, std::vector<std::string>* lines) {
  lines->push_back(path + " " + node["class"].get<std::string>());
  for (const Json& tensor : node["tensors"]) {
    lines->push_back(Join(path, tensor["name"]) + " " + tensor["kind"].get<std::string>() + " " +
                     tensor["dtype"].get<std::string>() + " " + tensor["shape"].dump() + " " +
                     tensor["persistent"].dump());
  }
  for (const Json& child : node["children"]) {
    const int times = child["times"];
    const std::string name = child["name"];
    for (int i = 0; i < times; ++i) {
      AddLines(child, Join(path, times == 1 ? name : std::to_string(std::stoi(name) + i)), lines);
    }
  }
}

}  // namespace

std::string TreeDigest(const Json& tree) {
  std::vector<std::string> lines;
  AddLines(tree, "", &lines);
  std::ranges::sort(lines);
  uint64_t hash = 14695981039346656037u;
  for (const std::string& line : lines) {
    for (const char c : line + "\n") hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  }
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
  return digits;
}
