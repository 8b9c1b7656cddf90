// SPDX-License-Identifier: Apache-2.0
// A blueprint file in memory. blueprints/README.md is the contract; what it does not name is an error here. Expressions
// and nodes are read when they are first needed, because an estimate walks one class of many.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "context.h"
#include "expression.h"
#include "value.h"

namespace tare {

struct Module;

/// A name that may hold expressions in braces: the texts around them, and the expressions between.
struct NameTemplate {
  std::span<const std::string_view> texts;         // one more than the expressions
  std::span<const Expression* const> expressions;  // null stands for {#}
};

struct TensorAlternative {
  const Expression* when;  // null: always
  std::span<const Expression* const> shape;
  std::string_view dtype;
  int64_t eighths;  // of a byte, for one element
  bool persistent;
};

struct Binding {
  const Name* name;
  const Expression* expression;
};

/// A span of what may still be incomplete where it stands.
template <typename T>
struct LateSpan {
  T* first = nullptr;
  size_t count = 0;
  std::span<T> all() const { return {first, count}; }
};

/// A tensor, or the tensors that every round of a loop adds: those of a layer in torch's LSTM.
struct TensorDefinition {
  std::string_view name;                        // as it stands in the file
  const NameTemplate* name_template = nullptr;  // of a tensor in a loop
  bool buffer = false;
  std::span<const TensorAlternative> alternatives;
  std::span<const Binding> repeat;
  LateSpan<const TensorDefinition> each;
};

/// A module built once, and what it depended on.
struct BuiltOnce {
  const Object* config;
  std::span<const Slot> slots;
  uint64_t reads;
  const Module* module;
  const BuiltOnce* next;
};

struct Node;

/// A named node list of the file: a class, a part, or what stands in the place of a class.
struct NamedNodes {
  std::string_view name;
  LateSpan<Node> alternatives;  // none for null: not known
};

/// A child as the file lists it: one node, or alternatives of which the first that holds is taken.
struct ChildDefinition {
  NameTemplate name;
  LateSpan<Node> alternatives;
};

/// One node of the file. Only `source` is there until OpenNode has read it.
struct Node {
  const Object* source = nullptr;
  bool open = false;
  std::string_view class_name;
  const Expression* activation = nullptr;  // the module is the activation function of this name
  std::string_view model;                  // this node is a whole model: its class
  const Expression* timm = nullptr;        // this node is a model of timm: its architecture
  const Expression* more = nullptr;        // an object of more arguments for timm
  const Expression* config = nullptr;
  std::string_view child;                // of the whole model, this child alone, if it has one of the name
  std::span<const NamedNodes> replace;   // what stands in the place of modules of these classes, in a model or timm's
  const Expression* channels = nullptr;  // of a backbone: what it hands out
  bool shared = false;                   // same_as: this very object stands elsewhere too
  std::string_view part;
  const Expression* when = nullptr;
  std::span<const Expression* const> assumes;
  std::span<const Binding> repeat;
  std::span<const Binding> arguments;         // of a part, or for timm
  std::span<const TensorDefinition> tensors;  // parameters, then buffers
  std::span<const ChildDefinition> children;
  std::span<const ChildDefinition> each;       // no module of its own: these stand in the container itself
  std::span<const std::string_view> no_split;  // of a class
  std::span<const Value> ties;                 // of a class
  const BuiltOnce* built = nullptr;
};

struct SubConfig {
  const Name* key;
  const Expression* when;
  const Expression* model_type;
  const Expression* from;
  const Object* otherwise;  // stands for a `from` that is null; may be null
  bool merge = false;       // `otherwise` also stands under the keys of a `from` that is none
  std::span<const Binding> then;
};

struct TypeRule {
  const Name* key;
  std::string_view type;
};

struct Alias {
  const Name* alias;
  const Name* attribute;
};

struct Refusal {
  const Expression* when;
  std::string_view text;
};

/// A type of rotary embedding and the keys that a file must have beside it.
struct RopeType {
  std::string_view name;
  std::span<const std::string_view> keys;
};

/// The `config` part: config.json -> attributes.
struct ConfigStage {
  const Object* defaults = nullptr;
  std::span<const TypeRule> types;
  std::span<const Alias> aliases;
  std::span<const Binding> derived;
  std::span<const SubConfig> sub_configs;
  std::span<const Expression* const> assumes;
  std::span<const Refusal> refuses;
  std::span<const RopeType> rope;  // all that the library knows for this model; none where it does not look
  std::span<const std::string_view> per_layer;  // attributes that single layers may have of their own, without weight
};

struct Blueprint {
  std::string_view library, version, model_type;
  const Object* config = nullptr;
  const Object* autos = nullptr;    // auto class -> class; may be null
  const Object* lacks = nullptr;    // class that has no blueprint -> why; may be null
  const Object* weights = nullptr;  // of timm: architecture -> what it knows of the weights by tag; may be null
  const Value* features = nullptr;  // of timm: which modules features_only=True leaves; may be null
  std::span<const NamedNodes> classes;
  std::span<const NamedNodes> parts;
  const ConfigStage* stage = nullptr;

  /// The alternatives of a class or auto class; none if it has none. "AutoModel(x=1)" is looked up as "BertModel(x=1)".
  std::span<Node> FindClass(std::string_view class_name, const Object* config_json = nullptr) const;
  /// The class behind an auto class; any other name is itself. Where there are several, the config's `architectures`
  /// chooses: none, "", if that is not set.
  std::string FindAuto(std::string_view class_name, const Object* config_json) const;
};

/// The blueprints given to one estimate.
class Shelf {
 public:
  /// Takes a parsed list of blueprint files.
  bool Load(Context& context, const Value& files);
  Blueprint* FindModelType(std::string_view model_type) const;
  Blueprint* FindArchitecture(std::string_view architecture) const;

 private:
  std::vector<Blueprint*> blueprints_;
};

/// Reads the node's keys, once. False after `invalid_blueprint`.
bool OpenNode(Context& context, Node& node);
/// Reads the config part, once; null after `invalid_blueprint`.
const ConfigStage* OpenConfig(Context& context, Blueprint& blueprint);
/// How many rounds a loop takes, which may be below zero and then means none. False after `invalid_config` or
/// `limit_exceeded`, with the key.
bool CountRounds(Context& context, Frame& frame, const Expression& repeat, int64_t* result);
/// Splits a name into texts and expressions. Spaces at its end only keep keys apart.
bool ParseTemplate(Context& context, std::string_view text, NameTemplate* result);
/// The name itself; `siblings` is what {#} stands for.
bool WriteName(Context& context, Frame& frame, const NameTemplate& name, size_t siblings, std::string_view* result);

}  // namespace tare
