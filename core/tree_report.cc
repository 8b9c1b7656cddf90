// SPDX-License-Identifier: Apache-2.0
// The module tree as JSON: TreeNode of wasm/types.ts.
#include "report.h"

namespace tare {
namespace {

void WriteTensor(JsonWriter& json, const Tensor& tensor) {
  json.Open('{')
      .Key("name")
      .Text(tensor.name)
      .Key("kind")
      .Text(tensor.buffer ? "buffer" : "parameter")
      .Key("dtype")
      .Text(tensor.dtype);
  json.Key("shape").Open('[');
  for (const int64_t dimension : tensor.shape) json.Int(dimension);
  std::string formula;
  for (const Expression* dimension : tensor.formula) {
    if (!formula.empty()) formula += " x ";
    formula += dimension->source;
  }
  json.Close(']').Key("formula").Text(formula).Key("persistent").Bool(tensor.persistent).Close('}');
}

/// Only neighbours that are numbered make a run: query, key and value are alike, but each is asked for by its name.
bool IsNumber(std::string_view name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos;
}

/// `first` stands for `times` equal neighbours, of which `last` is the last. Counted elsewhere, it weighs nothing here.
void WriteRun(JsonWriter& json, const Child& first, const Child& last, int64_t times) {
  const Module& module = *first.module;
  json.Open('{').Key("name").Text(first.name).Key("class").Text(module.class_name).Key("times").Int(times);
  if (times > 1) json.Key("last_name").Text(last.name);
  json.Key("bytes")
      .Bytes({first.shared ? 0 : module.totals.eighths})
      .Key("parameters")
      .Int(first.shared ? 0 : module.totals.parameters);
  json.Key("tensors").Open('[');
  for (const Tensor& tensor : module.tensors) WriteTensor(json, tensor);
  json.Close(']').Key("children").Open('[');
  for (size_t i = 0; i < module.children.size();) {
    size_t end = i + 1;
    const Child& start = module.children[i];
    const auto continues = [&start](const Child& child) {
      return IsNumber(start.name) && IsNumber(child.name) && start.shared == child.shared &&
             SameModule(*start.module, *child.module);
    };
    while (end < module.children.size() && continues(module.children[end])) ++end;
    WriteRun(json, start, module.children[end - 1], static_cast<int64_t>(end - i));
    i = end;
  }
  json.Close(']').Close('}');
}

}  // namespace

void WriteTree(JsonWriter& json, const Module& root) {
  const Child child{{}, &root, false};
  WriteRun(json, child, child, 1);
}

}  // namespace tare
