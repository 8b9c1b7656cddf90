// SPDX-License-Identifier: Apache-2.0
#include "ties.h"

#include <algorithm>

#include "reader.h"
#include "size.h"

namespace tare {
namespace {

struct Tie {
  const Expression* when = nullptr;
  NameTemplate tensor, to;
  std::span<const Binding> repeat;
};

bool ReadTie(Context& context, const Value& value, Tie* tie) {
  const Object* object = nullptr;
  if (!ReadObject(context, "ties", value, &object)) return false;
  for (const auto& [key, part] : object->entries) {
    std::string_view path;
    bool good = true;
    if (key->text == "when")
      good = ReadExpression(context, part, &tie->when);
    else if (key->text == "tensor")
      good = ReadText(context, "ties", part, &path) && ParseTemplate(context, path, &tie->tensor);
    else if (key->text == "to")
      good = ReadText(context, "ties", part, &path) && ParseTemplate(context, path, &tie->to);
    else if (key->text == "repeat")
      good = ReadBindings(context, "ties", part, &tie->repeat);
    else
      good = BadBlueprint(context, key->text, "an unknown key of a tie");
    if (!good) return false;
  }
  return (!tie->tensor.texts.empty() && !tie->to.texts.empty()) ||
         BadBlueprint(context, "ties", "a tie names two tensors");
}

/// A tie that holds for this config: paths from the root.
struct TiedPair {
  std::string tensor, to;
};

/// Which models of a tree the ties are listed of.
enum class Of {
  kRoot,  // the root and, from model to model, those that are direct children: what the library ties when it made one
  kAll,
};

/// Lists ties in the order in which the library ties.
class TieList {
 public:
  TieList(Context& context, Of of) : context_(context), of_(of) {}

  bool AddAll(const Module& module, const std::string& path) {
    if (!module.totals.has_ties) return true;
    if (!context_.Charge()) return false;
    if (module.model != nullptr && !AddModel(module, path)) return false;
    for (const Child& child : module.children) {
      if (child.shared || (of_ == Of::kRoot && child.module->model == nullptr)) continue;
      if (!AddAll(*child.module, path + std::string(child.name) + ".")) return false;
    }
    return true;
  }

  const std::vector<TiedPair>& pairs() const { return pairs_; }

 private:
  bool AddModel(const Module& root, const std::string& path) {
    root_ = &root;
    path_ = path;
    frame_.config = root.model->config;
    for (const Value& value : root.model->ties) {
      Tie tie;
      if (!ReadTie(context_, value, &tie) || !Add(tie, tie.repeat)) return false;
    }
    return true;
  }

  bool Add(const Tie& tie, std::span<const Binding> loops) {
    if (!context_.Charge()) return false;
    if (!loops.empty()) return AddRounds(tie, loops);
    bool holds = true;
    if (tie.when != nullptr && !EvaluateCondition(context_, *tie.when, frame_, &holds)) return false;
    std::string_view tensor, to;
    if (!holds || !WriteName(context_, frame_, tie.tensor, 0, &tensor) || !WriteName(context_, frame_, tie.to, 0, &to))
      return !holds;
    if (!tensor.ends_with(".*") || !to.ends_with(".*"))
      return AddPair(path_ + std::string(tensor), path_ + std::string(to));
    Found whole;
    if (!FindTensor(context_, *root_, tensor, &whole)) return false;
    if (whole.module != nullptr)
      return AddBelow(*whole.module, path_ + std::string(tensor.substr(0, tensor.size() - 1)),
                      path_ + std::string(to.substr(0, to.size() - 1)));
    return whole.shared || context_.Fail(ErrorCode::kNotCovered, tensor,
                                         {"The blueprint ties ", tensor, ", which is not in this model."});
  }

  bool AddPair(std::string tensor, std::string to) {
    pairs_.push_back({std::move(tensor), std::move(to)});
    return context_.Charge(kPairSteps);
  }

  /// Every tensor of a module and of those below it; the paths end with a dot.
  bool AddBelow(const Module& module, const std::string& path, const std::string& to) {
    for (const Tensor& tensor : module.tensors) {
      if (!AddPair(path + std::string(tensor.name), to + std::string(tensor.name))) return false;
    }
    for (const Child& child : module.children) {
      const std::string step = std::string(child.name) + ".";
      if (!context_.Charge() || (!child.shared && !AddBelow(*child.module, path + step, to + step))) return false;
    }
    return true;
  }

  bool AddRounds(const Tie& tie, std::span<const Binding> loops) {
    int64_t count = 0;
    if (!CountRounds(context_, frame_, *loops[0].expression, &count)) return false;
    frame_.slots.push_back({loops[0].name, Value()});
    for (int64_t i = 0; i < count; ++i) {
      frame_.slots.back().value = Value::Int(i);
      if (!Add(tie, loops.subspan(1))) return false;
    }
    frame_.slots.pop_back();
    return true;
  }

  static constexpr int64_t kPairSteps = 16;  // for the memory of two paths

  Context& context_;
  const Of of_;
  const Module* root_ = nullptr;  // of the model whose ties are listed now,
  std::string path_;              // and where it stands
  Frame frame_;
  std::vector<TiedPair> pairs_;
};

/// Both tensors of a tie; false after an error. One that is counted elsewhere is null.
bool FindBoth(Context& context, const Module& root, const TiedPair& pair, Found* copy, Found* original) {
  if (!FindTensor(context, root, pair.tensor, copy) || !FindTensor(context, root, pair.to, original)) return false;
  if ((copy->tensor != nullptr || copy->shared) && (original->tensor != nullptr || original->shared)) return true;
  return context.Fail(ErrorCode::kNotCovered, pair.tensor,
                      {"The blueprint ties ", pair.tensor, " to ", pair.to, ", but one of them is not in this model."});
}

bool Unlike(Context& context, const TiedPair& pair) {
  return context.Fail(
      ErrorCode::kNotCovered, pair.tensor,
      {"The library ties ", pair.tensor, " to ", pair.to, ", but this config gives them different kinds or sizes."});
}

bool SameShape(const Tensor& a, const Tensor& b) { return std::ranges::equal(a.shape, b.shape); }

/// Whether a tensor stands before another in the tree; both are there.
bool StandsBefore(const Module& root, std::string_view path, std::string_view other) {
  const Module* module = &root;
  for (;;) {
    const size_t dot = path.find('.'), other_dot = other.find('.');
    if (dot == std::string_view::npos || other_dot == std::string_view::npos) return dot == std::string_view::npos;
    const auto child = std::ranges::find(module->children, path.substr(0, dot), &Child::name);
    const auto other_child = std::ranges::find(module->children, other.substr(0, other_dot), &Child::name);
    if (child != other_child) return child < other_child;
    module = child->module;
    path.remove_prefix(dot + 1);
    other.remove_prefix(dot + 1);
  }
}

/// accelerate parts tied parameters again, but a tied buffer is one tensor, which is counted where it stands first.
const Module* TakeBuffer(Context& context, const Module& root, const TiedPair& pair, const Tensor& copy, Tensor taken) {
  if (taken.eighths != 0 && !StandsBefore(root, pair.to, pair.tensor)) {
    context.Fail(ErrorCode::kNotCovered, pair.tensor,
                 {"The library ties the buffer ", pair.tensor, " to a later one, ", pair.to, "."});
    return nullptr;
  }
  taken.eighths = 0;
  return copy.eighths == 0 && SameShape(copy, taken) ? &root : WithTensor(context, root, pair.tensor, taken);
}

/// The library makes the bias beside a tied tensor as long as the weight beside it. Null after an error.
const Module* AdjustBias(Context& context, const Module& root, const TiedPair& pair) {
  const std::string parent = pair.tensor.substr(0, pair.tensor.rfind('.') + 1);
  Found weight, bias;
  if (!FindTensor(context, root, parent + "weight", &weight) || !FindTensor(context, root, parent + "bias", &bias))
    return nullptr;
  if (weight.tensor == nullptr || bias.tensor == nullptr || weight.tensor->shape.empty()) return &root;
  const int64_t length = weight.tensor->shape[0], before = bias.tensor->elements;
  if (bias.tensor->shape.size() == 1 && before == length) return &root;
  Tensor adjusted = *bias.tensor;
  if (adjusted.shape.size() != 1 || before == 0 ||
      __builtin_mul_overflow(adjusted.eighths / before, length, &adjusted.eighths) ||
      adjusted.eighths > INT64_MAX / 16) {
    Unlike(context, pair);
    return nullptr;
  }
  adjusted.elements = length;
  adjusted.shape = weight.tensor->shape.first(1);
  adjusted.formula = weight.tensor->formula.first(1);
  return WithTensor(context, root, parent + "bias", adjusted);
}

}  // namespace

const Module* Tied(Context& context, const Module& root) {
  TieList list(context, Of::kRoot);
  if (!list.AddAll(root, "")) return nullptr;
  const Module* tied = &root;
  for (const TiedPair& pair : list.pairs()) {
    Found copy, original;
    if (!FindBoth(context, *tied, pair, &copy, &original)) return nullptr;
    if (copy.tensor == nullptr || original.tensor == nullptr) continue;
    if (copy.tensor->buffer != original.tensor->buffer || copy.tensor->dtype != original.tensor->dtype) {
      Unlike(context, pair);
      return nullptr;
    }
    Tensor taken = *original.tensor;
    taken.name = copy.tensor->name;
    if (taken.buffer)
      tied = TakeBuffer(context, *tied, pair, *copy.tensor, taken);
    else if (!SameShape(*copy.tensor, taken))
      tied = WithTensor(context, *tied, pair.tensor, taken);
    if (tied != nullptr) tied = AdjustBias(context, *tied, pair);
    if (tied == nullptr) return nullptr;
  }
  return tied;
}

bool TiedTotal(Context& context, const Module& root, ByteCount* result) {
  TieList list(context, Of::kAll);
  if (!list.AddAll(root, "")) return false;
  *result = TotalBytes(root.totals);
  const uint32_t seen = context.NextStamp();
  for (const TiedPair& pair : list.pairs()) {
    Found copy, original;
    if (!FindBoth(context, root, pair, &copy, &original)) return false;
    if (copy.tensor == nullptr) continue;
    // What was tied first may have been taken out of the tie again by a later one.
    if (original.tensor != nullptr && !SameShape(*copy.tensor, *original.tensor)) return Unlike(context, pair);
    Name* name = context.Intern(pair.tensor);
    if (name->stamp != seen) result->eighths -= copy.tensor->eighths;
    name->stamp = seen;
  }
  return true;
}

}  // namespace tare
