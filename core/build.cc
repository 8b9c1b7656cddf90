// SPDX-License-Identifier: Apache-2.0
#include "build.h"

#include <algorithm>

#include "activations.h"
#include "config.h"
#include "make_tensor.h"
#include "replace.h"
#include "ties.h"
#include "timm_call.h"

namespace tare {
namespace {

constexpr int kBuiltKept = 4;  // results remembered per node

/// What every round of a loop adds: refers to a function object, so that one loop serves them all.
class Addition {
 public:
  template <typename Add>
  explicit Addition(const Add& add)
      : add_(&add), call_([](const void* known) { return (*static_cast<const Add*>(known))(); }) {}
  bool operator()() const { return call_(add_); }

 private:
  const void* add_;
  bool (*call_)(const void*);
};

/// Builds the modules of one scope: a class under one config, or a part under its arguments.
class Builder final : Backbones {
 public:
  Builder(Context& context, const Shelf& shelf, const Object& config, int depth)
      : context_(context), shelf_(shelf), blueprint_(*config.blueprint), depth_(depth) {
    frame_.config = &config;
    frame_.backbones = this;
  }

  const Module* Model(std::string_view class_name) {
    Node* node = FindClass(class_name);
    const Module* module = node == nullptr ? nullptr : Build(*node);
    if (module == nullptr || module->model != nullptr) return module;
    std::vector<std::string_view> no_split(node->no_split.begin(), node->no_split.end());
    for (const Child& child : module->children) {
      if (child.module->model != nullptr)
        no_split.insert(no_split.end(), child.module->model->no_split.begin(), child.module->model->no_split.end());
    }
    // A copy: the module itself may be a part that stands elsewhere as no model of its own.
    Module* root = context_.arena.New<Module>(*module);
    root->model = context_.arena.New<ModelInfo>(context_.arena.Copy(no_split), node->ties, frame_.config);
    root->totals.has_ties |= !node->ties.empty();
    return Tied(context_, *root);
  }

  /// What the model hands out as a backbone.
  bool Channels(Value* result) {
    *result = Value();
    Node* node = FindClass("AutoBackbone");
    if (node == nullptr || !CheckAssumptions(context_, node->assumes, frame_)) return false;
    if (node->channels != nullptr) return Evaluate(context_, *node->channels, frame_, result);
    for (const ChildDefinition& child : node->children) {
      Node* chosen = nullptr;
      if (!Choose(child.alternatives.all(), &chosen)) return false;
      if (chosen == nullptr || chosen->timm == nullptr) continue;
      TimmCall call;
      if (!ResolveTimmCall(context_, shelf_, *chosen, frame_, &call)) return false;
      *result = call.channels;
    }
    return result->is_list() ||
           context_.Fail(ErrorCode::kNotCovered, blueprint_.model_type,
                         {"How many channels the features of this backbone have is not described."});
  }

 private:
  bool Channels(const Object& config, Value* result) override {
    if (depth_ > kMaxModuleDepth)
      return context_.Fail(ErrorCode::kLimitExceeded, "channels", {"Backbones are nested too deep."});
    return Builder(context_, shelf_, config, depth_ + 1).Channels(result);
  }

  /// What the class is under this config; null after an error.
  Node* FindClass(std::string_view class_name) {
    const std::span<Node> alternatives = blueprint_.FindClass(class_name, frame_.config->given);
    Node* node = nullptr;
    if (alternatives.empty()) {
      NoClass(class_name);
    } else if (Choose(alternatives, &node) && node == nullptr) {
      context_.Fail(ErrorCode::kNotCovered, class_name,
                    {"The blueprint describes ", class_name, " only for other configs."});
    }
    return node;
  }

  /// Says why a class is not there.
  void NoClass(std::string_view class_name) {
    const std::string name = blueprint_.FindAuto(class_name, frame_.config->given);
    if (name.empty()) {
      context_.Fail(
          ErrorCode::kRefused, "architectures",
          {"Several classes stand for ", class_name, "; the library chooses by architectures, which is not set."});
      return;
    }
    const Value* reason = blueprint_.lacks == nullptr ? nullptr : blueprint_.lacks->Find(name);
    if (reason != nullptr && reason->is_string()) {
      context_.Fail(ErrorCode::kNotCovered, name, {name, " is not covered: ", reason->as_string(), "."});
    } else {
      // Within another model nobody asked for it: that one was verified with a config of another type.
      context_.Fail(depth_ == 0 ? ErrorCode::kUnknownClass : ErrorCode::kNotCovered, class_name,
                    {"The blueprint of ", blueprint_.model_type, " has no class ", class_name, "."});
    }
  }

  /// The module of a node, built or remembered. `when` and `repeat` are the caller's.
  const Module* Build(Node& node) {
    if (!context_.Charge()) return nullptr;
    if (depth_ > kMaxModuleDepth) {
      context_.Fail(ErrorCode::kLimitExceeded, "children", {"Modules are nested too deep."});
      return nullptr;
    }
    if (const Module* known = Remembered(node); known != nullptr) return known;
    const uint64_t outer_reads = frame_.reads;
    frame_.reads = 0;
    ++depth_;
    const Module* module = BuildNew(node);
    --depth_;
    if (module != nullptr) Remember(node, *module);
    frame_.reads |= outer_reads;
    return module;
  }

  const Module* Remembered(Node& node) {
    for (const BuiltOnce* built = node.built; built != nullptr; built = built->next) {
      if (built->config != frame_.config || built->slots.size() != frame_.slots.size()) continue;
      bool same = true;
      for (size_t i = 0; same && i < frame_.slots.size(); ++i) {
        same = built->slots[i].name == frame_.slots[i].name &&
               ((built->reads >> i & 1) == 0 || built->slots[i].value.Identical(frame_.slots[i].value));
      }
      if (!same) continue;
      frame_.reads |= built->reads;
      return built->module;
    }
    return nullptr;
  }

  void Remember(Node& node, const Module& module) {
    const BuiltOnce* rest = node.built;
    int kept = 1;
    for (const BuiltOnce* built = rest; built != nullptr; built = built->next) ++kept;
    if (kept > kBuiltKept) rest = nullptr;  // start over: simple, and it happens seldom
    node.built =
        context_.arena.New<BuiltOnce>(frame_.config, context_.arena.Copy(frame_.slots), frame_.reads, &module, rest);
  }

  const Module* BuildNew(Node& node) {
    if (!OpenNode(context_, node) || !CheckAssumptions(context_, node.assumes, frame_)) return nullptr;
    if (!node.model.empty()) return BuildWhole(node);
    if (node.timm != nullptr) return BuildTimm(node);
    if (!node.part.empty()) return BuildPart(node);
    if (node.activation != nullptr) return BuildActivation(*node.activation);
    Module* module = context_.arena.New<Module>();
    module->class_name = node.class_name;
    if (!AddTensors(node, module) || !AddChildren(node, module)) return nullptr;
    return module;
  }

  const Module* BuildWhole(Node& node) {
    const Object* config = frame_.config;
    if (node.config != nullptr) {
      Value value;
      if (!Evaluate(context_, *node.config, frame_, &value)) return nullptr;
      config = value.is_object() ? value.as_object() : nullptr;
    }
    if (config == nullptr || config->blueprint == nullptr) {
      const std::string where = NameToBlame(*node.config);
      context_.Fail(ErrorCode::kNotCovered, where,
                    {"A model is built from ", where, ", and the blueprint does not say how that becomes a config."});
      return nullptr;
    }
    const Module* whole = Builder(context_, shelf_, *config, depth_).Model(node.model);
    if (whole == nullptr) return nullptr;
    const auto child = std::ranges::find(whole->children, node.child, &Child::name);
    if (!node.child.empty() && child != whole->children.end()) whole = child->module;
    return Replaced(node, *whole);
  }

  /// What stands in the place of modules of some classes, by how wide those were.
  class ByClass final : public Replacements {
   public:
    ByClass(Builder& around, std::span<const NamedNodes> named) : around_(around), named_(named) {}

    const Module* Of(const Module& module) override {
      const auto other = std::ranges::find(named_, module.class_name, &NamedNodes::name);
      if (other == named_.end()) return &module;
      Context& context = around_.context_;
      Builder inner(context, around_.shelf_, *around_.frame_.config, around_.depth_);
      if (!module.tensors.empty() && !module.tensors[0].shape.empty())
        inner.frame_.slots.push_back({context.Intern("num_features"), Value::Int(module.tensors[0].shape[0])});
      Node* chosen = nullptr;
      if (!inner.Choose(other->alternatives.all(), &chosen)) return nullptr;
      if (chosen != nullptr) return inner.Build(*chosen);
      context.Fail(
          ErrorCode::kNotCovered, module.class_name,
          {"The model around it changes modules such as ", module.class_name, ", and it is not described how."});
      return nullptr;
    }

   private:
    Builder& around_;
    std::span<const NamedNodes> named_;
  };

  const Module* Replaced(const Node& node, const Module& whole) {
    ByClass replacements(*this, node.replace);
    return node.replace.empty() ? &whole : ReplaceModules(context_, whole, replacements);
  }

  const Module* BuildTimm(Node& node) {
    TimmCall call;
    if (!ResolveTimmCall(context_, shelf_, node, frame_, &call)) return nullptr;
    const Module* whole = Builder(context_, shelf_, *call.config, depth_).Model(call.architecture);
    if (whole == nullptr) return nullptr;
    if (call.features != nullptr) {
      const Module* features = TakeFeatures(context_, *whole, call);
      return features == nullptr ? nullptr : Replaced(node, *features);
    }
    Module* module = context_.arena.New<Module>(*whole);
    module->model = nullptr;  // transformers does not take it for a model of its own
    return Replaced(node, *module);
  }

  const Module* BuildPart(Node& node) {
    Builder inner(context_, shelf_, *frame_.config, depth_);
    if (node.arguments.size() > kMaxSlots / 2) return BadPart(node, "has too many arguments");
    for (const Binding& argument : node.arguments) {
      Value value;
      if (!Evaluate(context_, *argument.expression, frame_, &value)) return nullptr;
      inner.frame_.slots.push_back({argument.name, value});
    }
    for (const NamedNodes& part : blueprint_.parts) {
      if (part.name != node.part) continue;
      Node* chosen = nullptr;
      if (!inner.Choose(part.alternatives.all(), &chosen)) return nullptr;
      return chosen == nullptr ? BadPart(node, "has no alternative that holds") : inner.Build(*chosen);
    }
    return BadPart(node, "is not in the file");
  }

  const Module* BuildActivation(const Expression& expression) {
    Value name;
    if (!Evaluate(context_, expression, frame_, &name)) return nullptr;
    const std::string where = NameToBlame(expression);
    const Activation* activation = name.is_string() ? FindActivation(name.as_string()) : nullptr;
    if (activation == nullptr) {
      context_.Fail(ErrorCode::kInvalidConfig, where,
                    {where, " is not the name of an activation function that the library knows."});
      return nullptr;
    }
    if (activation->has_tensors) {
      context_.Fail(ErrorCode::kNotCovered, where,
                    {"The activation function ", name.as_string(),
                     " has weights of its own, which the blueprint does not describe."});
      return nullptr;
    }
    Module* module = context_.arena.New<Module>();
    module->class_name = activation->class_name;
    return module;
  }

  const Module* BadPart(const Node& node, std::string_view what) {
    context_.Fail(ErrorCode::kInvalidBlueprint, node.part, {"The part ", node.part, " ", what, "."});
    return nullptr;
  }

  bool AddTensors(const Node& node, Module* module) {
    std::vector<Tensor> tensors;
    if (!AddTensors(node.tensors, &tensors, &module->totals)) return false;
    module->tensors = context_.arena.Copy(tensors);
    return true;
  }

  bool AddTensors(std::span<const TensorDefinition> definitions, std::vector<Tensor>* tensors, Totals* totals) {
    for (const TensorDefinition& definition : definitions) {
      const auto add = [&] { return AddTensors(definition.each.all(), tensors, totals); };
      if (definition.each.count > 0 && !Rounds(definition.repeat, Addition(add))) return false;
      for (const TensorAlternative& alternative : definition.alternatives) {
        bool holds = true;
        if (alternative.when != nullptr && !EvaluateCondition(context_, *alternative.when, frame_, &holds))
          return false;
        if (!holds) continue;
        if (!MakeTensor(context_, frame_, definition, alternative, &tensors->emplace_back(), totals)) return false;
        break;
      }
    }
    return true;
  }

  bool AddChildren(const Node& node, Module* module) {
    if (node.children.empty()) return true;
    std::vector<Child> children;
    return AddAll(node.children, &children) && SetChildren(context_, children, module);
  }

  /// The children of a container, or those of them that one round of a loop adds.
  bool AddAll(std::span<const ChildDefinition> definitions, std::vector<Child>* children) {
    for (const ChildDefinition& definition : definitions) {
      const std::span<Node> alternatives = definition.alternatives.all();
      if (alternatives.empty()) continue;
      for (Node& alternative : alternatives) {
        if (!OpenNode(context_, alternative)) return false;
      }
      // Alternatives of one loop are chosen anew in every round; they say the same `repeat`.
      const std::span<const Binding> repeat = alternatives[0].repeat;
      for (const Node& alternative : alternatives) {
        const auto same = [](const Binding& a, const Binding& b) {
          return a.name == b.name && a.expression->source == b.expression->source;
        };
        if (!std::ranges::equal(repeat, alternative.repeat, same)) {
          return context_.Fail(ErrorCode::kInvalidBlueprint, alternative.class_name,
                               {"Alternatives of one child differ in their repeat."});
        }
      }
      const auto add = [&] { return AddChild(definition, children); };
      if (!Rounds(repeat, Addition(add))) return false;
    }
    return true;
  }

  /// `add` for every index of the loops that are left.
  bool Rounds(std::span<const Binding> loops, const Addition& add) {
    if (loops.empty()) return add();
    int64_t count = 0;
    if (!CountRounds(context_, frame_, *loops[0].expression, &count)) return false;
    const size_t slot = frame_.slots.size();
    frame_.slots.push_back({loops[0].name, Value()});
    bool good = true;
    for (int64_t i = 0; good && i < count; ++i) {
      if (!context_.Charge()) return false;  // rounds may add nothing
      frame_.slots[slot].value = Value::Int(i);
      good = Rounds(loops.subspan(1), add);
    }
    frame_.slots.pop_back();
    frame_.reads &= ~(uint64_t{1} << slot);
    return good;
  }

  bool AddChild(const ChildDefinition& definition, std::vector<Child>* children) {
    Node* chosen = nullptr;
    if (!Choose(definition.alternatives.all(), &chosen)) return false;
    if (chosen == nullptr) return true;
    if (!chosen->each.empty()) return AddEach(*chosen, children);
    const Module* module = Build(*chosen);
    Child child{{}, module, chosen->shared};
    if (module == nullptr || !WriteName(context_, frame_, definition.name, children->size(), &child.name)) return false;
    children->push_back(child);
    return true;
  }

  bool AddEach(const Node& node, std::vector<Child>* children) {
    if (depth_ > kMaxModuleDepth)
      return context_.Fail(ErrorCode::kLimitExceeded, "each", {"Loops are nested too deep."});
    ++depth_;
    const bool good = CheckAssumptions(context_, node.assumes, frame_) && AddAll(node.each, children);
    --depth_;
    return good;
  }

  /// The first alternative that holds, or null.
  bool Choose(std::span<Node> alternatives, Node** chosen) {
    for (Node& alternative : alternatives) {
      bool holds = true;
      if (!OpenNode(context_, alternative)) return false;
      if (alternative.when != nullptr && !EvaluateCondition(context_, *alternative.when, frame_, &holds)) return false;
      if (!holds) continue;
      *chosen = &alternative;
      break;
    }
    return true;
  }

  Context& context_;
  const Shelf& shelf_;
  const Blueprint& blueprint_;
  Frame frame_;
  int depth_;
};

}  // namespace

const Module* BuildModel(Context& context, const Shelf& shelf, const Object& config, std::string_view class_name) {
  return Builder(context, shelf, config, 0).Model(class_name);
}

}  // namespace tare
