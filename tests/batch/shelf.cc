// SPDX-License-Identifier: Apache-2.0
#include "shelf.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "estimate.h"

namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

BlueprintFolder::BlueprintFolder(std::string folder) : folder_(std::move(folder)) {
  const auto index = nlohmann::json::parse(ReadFile(folder_ + "/timm/index.json"), nullptr, false);
  if (!index.is_object()) return;
  for (const auto& [architecture, file] : index.items()) {
    if (file.is_string()) families_[architecture] = file.get<std::string>();
  }
}

const std::string& BlueprintFolder::Text(const std::string& name) {
  const auto known = texts_.find(name);
  if (known != texts_.end()) return known->second;
  std::string file = name;
  if (name.starts_with("timm/")) {
    const auto family = families_.find(name.substr(5));
    if (family != families_.end()) file = "timm/" + family->second;
  }
  return texts_[name] = ReadFile(folder_ + "/" + file + ".json");
}

std::string BlueprintFolder::Estimate(std::string_view config, std::string_view options) {
  std::string files;
  std::set<std::string> given;
  for (;;) {
    std::string answer = tare::Estimate(config, "[" + files + "]", options);
    if (!answer.starts_with(R"({"error":{"code":"needs_blueprint")")) return answer;
    const std::string name = nlohmann::json::parse(answer)["error"]["where"];
    const std::string& text = Text(name);
    if (text.empty() || !given.insert(name).second) {
      return nlohmann::json{
          {"error", {{"code", "unknown_model_type"}, {"where", name}, {"text", "There is no blueprint " + name + "."}}}}
          .dump();
    }
    if (!files.empty()) files += ',';
    files += text;
  }
}
