// SPDX-License-Identifier: Apache-2.0
// tare_batch BLUEPRINTS < requests.jsonl > answers.jsonl
//
// A request is a line {"id", "library", "model_class", "config"}, and may hold further options ("tied", "lora", "fit",
// "tree"). The answer is {"id", "answer"} or {"id", "error"}.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "shelf.h"

using Json = nlohmann::ordered_json;

namespace {

constexpr const char* kAnswerKeys[] = {"class",
                                       "total_bytes",
                                       "largest_layer_bytes",
                                       "largest_layer_names",
                                       "parameter_count",
                                       "tied_total_bytes",
                                       "rows",
                                       "lora",
                                       "fit",
                                       "tree"};

Json Answer(BlueprintFolder& blueprints, const Json& request) {
  if (!request.is_object() || !request.contains("config"))  // a bare NaN or Infinity, say
    return {{"id", nullptr},
            {"error", {{"code", "invalid_json"}, {"where", "request"}, {"text", "This is no request."}}}};
  Json options = Json::object();
  for (const char* key : {"library", "model_class", "tied", "lora", "fit", "tree"}) {
    if (request.contains(key)) options[key] = request[key];
  }
  const Json report = Json::parse(blueprints.Estimate(request["config"].dump(), options.dump()));
  Json line = {{"id", request.value("id", Json())}};
  if (report.contains("error")) {
    line["error"] = report["error"];
    return line;
  }
  for (const char* key : kAnswerKeys) {
    if (report.contains(key)) line["answer"][key] = report[key];
  }
  return line;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: tare_batch BLUEPRINTS < requests.jsonl > answers.jsonl\n";
    return 2;
  }
  BlueprintFolder blueprints(argv[1]);
  for (std::string line; std::getline(std::cin, line);) {
    if (!line.empty()) std::cout << Answer(blueprints, Json::parse(line, nullptr, false)).dump() << '\n';
  }
}
