// SPDX-License-Identifier: Apache-2.0
#include "lora.h"

#include <algorithm>
#include <string>

namespace tare {
namespace {

/// The weight of a layer that LoRA wraps; null for any other module. A subclass of Linear keeps the word in its name;
/// Conv1D is a Linear with its weight transposed, Embedding has the two sides of a matrix as well.
const Tensor* LoraWeight(const Module& module, bool linear_only) {
  const bool linear = module.class_name.ends_with("Linear") || module.class_name == "Conv1D";
  if (!linear && (linear_only || module.class_name != "Embedding")) return nullptr;
  const auto weight = std::ranges::find(module.tensors, std::string_view("weight"), &Tensor::name);
  return weight != module.tensors.end() && weight->shape.size() == 2 ? &*weight : nullptr;
}

class LoraWalk {
 public:
  LoraWalk(Context& context, const Module& root, const LoraOptions& options, LoraCount* result)
      : context_(context), root_(root), options_(options), result_(result) {
    if (!options.all_linear) {
      for (const std::string_view target : options.targets) result->matched.push_back({target});
      return;
    }
    result->matched.push_back({"all-linear"});
    FindExcluded();
  }

  bool Walk(const Module& module, std::string& path) {
    const size_t length = path.size();
    for (const Child& child : module.children) {
      if (child.shared) continue;  // wrapped where it is counted
      if (!context_.Charge()) return false;
      if (length != 0) path += '.';
      path += child.name;
      if (!Visit(*child.module, path) || !Walk(*child.module, path)) return false;
      path.resize(length);
    }
    return true;
  }

 private:
  bool Visit(const Module& module, std::string_view path) {
    const Tensor* weight = LoraWeight(module, options_.all_linear);
    if (weight == nullptr) return true;
    bool chosen = false;
    if (options_.all_linear) {
      chosen = std::ranges::find(excluded_, path) == excluded_.end();
      result_->matched[0].modules += chosen ? 1 : 0;
    } else {
      for (LoraTarget& target : result_->matched) {
        const std::string_view name = target.target;
        const bool end =
            path.size() > name.size() && path.ends_with(name) && path[path.size() - name.size() - 1] == '.';
        if (path != name && !end) continue;
        chosen = true;
        ++target.modules;
      }
    }
    // A side may be any number where the other is 0.
    int64_t parameters = 0;
    if (chosen && (__builtin_add_overflow(weight->shape[0], weight->shape[1], &parameters) ||
                   __builtin_mul_overflow(parameters, options_.rank, &parameters) ||
                   __builtin_add_overflow(result_->trainable_parameters, parameters, &result_->trainable_parameters) ||
                   result_->trainable_parameters > kMaxTrainable)) {
      return context_.Fail(ErrorCode::kLimitExceeded, path, {"The adapter has more parameters than can be counted."});
    }
    return true;
  }

  /// The output embedding is the linear layer that the class can tie, or that is called lm_head, as in the library.
  void FindExcluded() {
    for (const Value& tie : root_.model->ties) {
      if (!tie.is_object()) continue;
      const Value* tensor = tie.as_object()->Find("tensor");
      if (tensor == nullptr || !tensor->is_string()) continue;
      const std::string_view path = tensor->as_string();
      if (path.ends_with(".weight"))
        excluded_.push_back(path.substr(0, path.size() - std::string_view(".weight").size()));
    }
    excluded_.push_back("lm_head");
  }

  static constexpr int64_t kMaxTrainable = int64_t{1} << 53;

  Context& context_;
  const Module& root_;
  const LoraOptions& options_;
  LoraCount* result_;
  std::vector<std::string_view> excluded_;
};

}  // namespace

bool CountLora(Context& context, const Module& root, const LoraOptions& options, LoraCount* result) {
  std::string path;
  return LoraWalk(context, root, options, result).Walk(root, path);
}

}  // namespace tare
