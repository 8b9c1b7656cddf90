// SPDX-License-Identifier: Apache-2.0
// The expressions of blueprints: a subset of Python, read once into a tree and evaluated many times.
//
//   ParseExpression(context, "hidden_size // num_attention_heads")  ->  Expression
//   Evaluate(context, *expression, frame, &value)                   ->  64 for 12 heads of 768
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "context.h"
#include "value.h"

namespace tare {

enum class Op : uint8_t {
  kLiteral,
  kList,
  kName,
  kAttribute,
  kIndex,
  kSlice,
  kCall,
  kGiven,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kFloorDivide,
  kModulo,
  kPower,
  kNegate,
  kPlus,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kNotIn,
  kIs,
  kIsNot,
  kChain,  // a < b < c: arguments are the comparisons, each right operand the next one's left
  kAnd,
  kOr,
  kNot,
  kConditional,    // kConditional: condition, then, else
  kComprehension,  // arguments: body, then kFor and kIf clauses in order
  kFor,
  kIf,
};

enum class Function : uint8_t {
  kLen,
  kMin,
  kMax,
  kAbs,
  kInt,
  kFloat,
  kBool,
  kStr,
  kRound,
  kSum,
  kCeil,
  kFloor,
  kSqrt,
  kLog,
  kLog2,
  kProd,
  kRange,
  kSorted,
  kReversed,
  kList,
  kSet,
  kIsInt,
  kIsFloat,
  kIsStr,
  kIsBool,
  kIsList,
  kIsDict,
  kSplit,
  kStartsWith,
  kLower,
  kUpper,
  kIndex,
  kHasAuto,
  kChannels,
};

struct Expression {
  Op op = Op::kLiteral;
  Function function = Function::kLen;            // kCall
  std::span<const Expression* const> arguments;  // an omitted bound of kSlice is null
  Value literal;                                 // kLiteral, and the key of kGiven
  int height = 1;                                // of the tree of which this is the root
  const Name* name = nullptr;                    // kName, kAttribute, kGiven, kFor
  std::string_view source;                       // the whole text, on its root only
  // The last config a name was looked up in, and what it was there: layers ask the same question again and again.
  mutable const Object* seen_in = nullptr;
  mutable const Value* seen = nullptr;
};

/// Null after `invalid_blueprint`; `where` is the text.
const Expression* ParseExpression(Context& context, std::string_view text);
/// From a blueprint's value: a string holds an expression, an integer or boolean stands for itself.
const Expression* ParseExpression(Context& context, const Value& value);

/// The first name an expression reads ("text_config.hidden_size"), "" if none: what to blame when its value will not
/// do.
std::string NameToBlame(const Expression& expression);

/// A loop index or an argument of a part.
struct Slot {
  const Name* name;
  Value value;
};

/// Answers channels(backbone_config): what the backbone made of a resolved nested config hands out, as a list.
class Backbones {
 public:
  virtual bool Channels(const Object& config, Value* result) = 0;

 protected:
  ~Backbones() = default;
};

/// Where names are looked up: the slots, innermost last, then the config. `reads` collects which slots were read, so
/// that what did not depend on an index need not be built for each.
struct Frame {
  const Object* config = nullptr;
  Backbones* backbones = nullptr;  // null while a config is resolved, when there are no models yet
  std::vector<Slot> slots;
  uint64_t reads = 0;
};
inline constexpr size_t kMaxSlots = 64;

/// False after an error that names the key: `invalid_config` for a value that cannot be used so (null in arithmetic, an
/// index outside a list, division by zero), `limit_exceeded` for overflow, `not_covered` for an unknown name.
bool Evaluate(Context& context, const Expression& expression, Frame& frame, Value* result);

/// Evaluates to Python's truth of the value.
bool EvaluateCondition(Context& context, const Expression& expression, Frame& frame, bool* result);

}  // namespace tare
