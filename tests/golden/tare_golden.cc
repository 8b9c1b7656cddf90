// SPDX-License-Identifier: Apache-2.0
// tare_golden GOLDENS BLUEPRINTS [--summary] [KIND...]
//
// Walks the golden cases (what the real libraries said) through the core and prints a line per case that is not exact.
// With --summary, a line per model type or family as well; with kinds, only those. Fails on a wrong number, be it one
// for what the library refuses, on an error other than not_covered, or when more are not covered, or have another tree,
// than the limits below allow.
#include <cstdio>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "shelf.h"
#include "tree.h"

using Json = nlohmann::ordered_json;

namespace {

constexpr double kMaxOtherTrees = 0.01;  // whose modules without tensors differ: they weigh nothing
constexpr double kMaxNotCovered =
    0.005;  // of all model types and families; lower it whenever the generator has learnt more

enum Outcome { kExact, kNotCovered, kWrong, kError, kOtherTree, kRefused, kOutcomes };

struct Judged {
  Outcome outcome = kExact;
  std::string what;
};

/// The lines of a gzipped file. gzip is there wherever tar is.
std::istringstream ReadGzip(const std::string& path) {
  std::string text;
  FILE* pipe = popen(("gzip -dc '" + path + "'").c_str(), "r");
  if (pipe == nullptr) return {};
  char buffer[1 << 16];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  return pclose(pipe) == 0 ? std::istringstream(text) : std::istringstream();
}

/// Writes out the runs of names that make_goldens.py has packed.
Json Names(const Json& packed) {
  Json names = Json::array();
  for (const Json& item : packed) {
    if (item.is_string()) {
      names.push_back(item);
      continue;
    }
    for (int64_t i = item[1]; i <= item[2].get<int64_t>(); ++i) {
      names.push_back(item[0].get<std::string>() + std::to_string(i) + item[3].get<std::string>());
    }
  }
  return names;
}

std::string Differences(const Json& golden, const Json& report) {
  std::string what;
  const auto compare = [&what](const char* key, const Json& want, const Json& is) {
    if (want != is) what += std::string(what.empty() ? "" : "; ") + key + " " + is.dump() + ", not " + want.dump();
  };
  if (golden.contains("trainable")) {
    compare("trainable", golden["trainable"], report["lora"]["trainable_parameters"]);
    return what;
  }
  if (golden.contains("tree")) {
    compare("tree", golden["tree"], TreeDigest(report["tree"]));
    return what;
  }
  const char* keys[] = {"total_bytes", "largest_layer_bytes", "parameter_count", "tied_total_bytes"};
  for (size_t i = 0; i < 4; ++i) compare(keys[i], golden["want"][i], report[keys[i]]);
  if (Names(golden["names"]) != report["largest_layer_names"]) {
    what += std::string(what.empty() ? "" : "; ") + "names " + report["largest_layer_names"].dump().substr(0, 120) +
            ", not " + Names(golden["names"]).dump().substr(0, 120);
  }
  Json text = Json::array();
  for (const Json& row : report["rows"]) text.insert(text.end(), row["text"].begin(), row["text"].end());
  if (what.empty()) compare("text", golden["text"], text);
  return what;
}

Judged Judge(BlueprintFolder& blueprints, const Json& golden) {
  Json options = {{"library", golden["library"]}, {"model_class", golden["model_class"]}};
  if (golden.contains("lora")) options["lora"] = golden["lora"];
  if (golden.contains("tree")) options["tree"] = true;
  const Json answer = Json::parse(blueprints.Estimate(golden["config"].dump(), options.dump()));
  if (golden.contains("refused")) {
    if (answer.contains("error")) return {kRefused, ""};
    return {kWrong, "a number for what the library refuses: " + golden["refused"].get<std::string>()};
  }
  if (answer.contains("error")) {
    const Json& error = answer["error"];
    const std::string code = error["code"];
    return {code == "not_covered" ? kNotCovered : kError,
            code + " " + error["where"].get<std::string>() + ": " + error["text"].get<std::string>()};
  }
  std::string what = Differences(golden, answer);
  return {what.empty() ? kExact : golden.contains("tree") ? kOtherTree : kWrong, what};
}

void PrintSummary(const std::map<std::string, std::array<int, kOutcomes>>& counts) {
  std::printf("%-28s %7s %12s %7s %7s\n", "", "exact", "not covered", "wrong", "error");
  for (const auto& [kind, count] : counts)
    std::printf("%-28s %7d %12d %7d %7d\n", kind.c_str(), count[0], count[1], count[2], count[3]);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: tare_golden GOLDENS BLUEPRINTS [--summary] [KIND...]\n";
    return 2;
  }
  std::set<std::string> kinds(argv + 3, argv + argc);
  const bool summary = kinds.erase("--summary") > 0;
  BlueprintFolder blueprints(argv[2]);
  std::map<std::string, std::array<int, kOutcomes>> counts;
  std::array<int, kOutcomes> all{};
  int trees = 0;
  for (const char* file : {"/sizes.jsonl.gz", "/lora.jsonl.gz", "/trees.jsonl.gz", "/refused.jsonl.gz"}) {
    std::istringstream lines = ReadGzip(argv[1] + std::string(file));
    for (std::string line; std::getline(lines, line);) {
      const Json golden = Json::parse(line);
      const std::string kind = golden["kind"];
      if (!kinds.empty() && !kinds.contains(kind)) continue;
      const Judged judged = Judge(blueprints, golden);
      ++counts[kind][judged.outcome];
      ++all[judged.outcome];
      trees += golden.contains("tree");
      if (judged.outcome != kExact && judged.outcome != kRefused) {
        constexpr const char* kWords[] = {"exact", "not covered", "WRONG", "ERROR", "another tree"};
        std::printf("%s %s: %s\n", kWords[judged.outcome], golden["id"].get<std::string>().c_str(),
                    judged.what.c_str());
      }
    }
  }
  if (summary) PrintSummary(counts);
  const int cases = all[kExact] + all[kNotCovered] + all[kWrong] + all[kError] + all[kOtherTree];
  std::printf(
      "%d cases: %d exact, %d not covered, %d wrong, %d errors, %d of %d trees other; %d refused as the library does\n",
      cases, all[kExact], all[kNotCovered], all[kWrong], all[kError], all[kOtherTree], trees, all[kRefused]);
  const bool good = cases > 0 && all[kWrong] == 0 && all[kError] == 0 && all[kNotCovered] <= kMaxNotCovered * cases &&
                    all[kOtherTree] <= kMaxOtherTrees * trees;
  return good ? 0 : 1;
}
