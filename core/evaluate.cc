// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "arithmetic.h"
#include "expression.h"
#include "functions.h"

namespace tare {
namespace {

class Evaluator {
 public:
  Evaluator(Context& context, Frame& frame) : context_(context), frame_(frame) {}

  bool Run(const Expression& e, Value* result) {
    if (!context_.Charge()) return false;
    switch (e.op) {
      case Op::kLiteral:
        *result = e.literal;
        return true;
      case Op::kName:
        return ReadName(e, result);
      case Op::kGiven: {
        const Object* given = frame_.config->given;
        if (given != nullptr && !context_.ChargeSearch(given->entries.size())) return false;
        *result = Value::Bool(given != nullptr && given->Find(e.name) != nullptr);
        return true;
      }
      case Op::kList:
        return RunList(e, result);
      case Op::kAttribute:
        return ReadAttribute(e, result);
      case Op::kIndex:
        return ReadIndex(e, result);
      case Op::kSlice:
        return ReadSlice(e, result);
      case Op::kCall:
        return RunCall(e, result);
      case Op::kNegate:
      case Op::kPlus: {
        Value a;
        return Run(*e.arguments[0], &a) && Negate(context_, e.op, a, *e.arguments[0], result);
      }
      case Op::kAnd:
      case Op::kOr:
        if (!Run(*e.arguments[0], result)) return false;
        return Truth(*result) == (e.op == Op::kOr) || Run(*e.arguments[1], result);
      case Op::kNot:
        if (!Run(*e.arguments[0], result)) return false;
        *result = Value::Bool(!Truth(*result));
        return true;
      case Op::kConditional:
        return Run(*e.arguments[0], result) && Run(*e.arguments[Truth(*result) ? 1 : 2], result);
      case Op::kChain:
        return RunChain(e, result);
      case Op::kComprehension: {
        std::vector<Value> items;
        if (!RunClause(e, 1, &items)) return false;
        *result = Value::List(context_.arena.Copy(items));
        return true;
      }
      case Op::kFor:
      case Op::kIf:
        return false;
      default:
        return RunBinary(e, result);
    }
  }

 private:
  bool RunBinary(const Expression& e, Value* result) {
    const Expression &left = *e.arguments[0], &right = *e.arguments[1];
    Value a, b;
    if (!Run(left, &a) || !Run(right, &b)) return false;
    if (e.op <= Op::kPower) return Arithmetic(context_, e.op, a, b, left, right, result);
    bool holds = false;
    if (!Compare(context_, e.op, a, b, left, right, &holds)) return false;
    *result = Value::Bool(holds);
    return true;
  }

  bool RunChain(const Expression& e, Value* result) {
    for (const Expression* comparison : e.arguments) {
      if (!Run(*comparison, result)) return false;
      if (!result->as_bool()) break;
    }
    return true;
  }

  bool ReadName(const Expression& e, Value* result) {
    for (size_t i = frame_.slots.size(); i-- > 0;) {
      if (frame_.slots[i].name != e.name) continue;
      frame_.reads |= uint64_t{1} << i;
      *result = frame_.slots[i].value;
      return true;
    }
    if (e.seen_in != frame_.config) {
      if (!context_.ChargeSearch(frame_.config->entries.size())) return false;
      e.seen = frame_.config->Find(e.name);
      e.seen_in = frame_.config;
    }
    if (e.seen == nullptr) {
      return context_.Fail(ErrorCode::kNotCovered, e.name->text,
                           {"The config has no ", e.name->text, ", and the blueprint knows no default for it."});
    }
    *result = *e.seen;
    return true;
  }

  bool ReadAttribute(const Expression& e, Value* result) {
    Value base;
    if (!Run(*e.arguments[0], &base)) return false;
    if (!base.is_object()) return FailKind(context_, *e.arguments[0], base, "an object");
    const Object& object = *base.as_object();
    return context_.ChargeSearch(object.entries.size()) &&
           ReadKey(e, object, object.Find(e.name), e.name->text, result);
  }

  bool ReadKey(const Expression& e, const Object& base, const Value* found, std::string_view key, Value* result) {
    if (found == nullptr) {
      const std::string where = NameToBlame(*e.arguments[0]);
      if (base.blueprint != nullptr) {  // a nested config as its own blueprint knows it, not what the file says
        return context_.Fail(ErrorCode::kNotCovered, where + "." + std::string(key),
                             {where, " has no ", key, ", and its blueprint knows no default for it."});
      }
      return context_.Fail(ErrorCode::kInvalidConfig, where + "." + std::string(key),
                           {where, " has no key ", key, "."});
    }
    *result = *found;
    return true;
  }

  bool ReadIndex(const Expression& e, Value* result) {
    const Expression &base_expression = *e.arguments[0], &index_expression = *e.arguments[1];
    Value base, index;
    if (!Run(base_expression, &base) || !Run(index_expression, &index)) return false;
    if (base.is_object()) {
      if (!index.is_string()) return FailKind(context_, index_expression, index, "a string");
      const Object& object = *base.as_object();
      return context_.ChargeSearch(object.entries.size()) &&
             ReadKey(e, object, object.Find(index.as_string()), index.as_string(), result);
    }
    std::vector<Value> characters;
    std::span<const Value> items;
    if (!ItemsOf(context_, base_expression, base, &characters, &items)) return false;
    if (!index.is_integral()) return FailKind(context_, index_expression, index, "an integer");
    const int64_t size = static_cast<int64_t>(items.size());
    const int64_t at = index.as_int() < 0 ? index.as_int() + size : index.as_int();
    if (at < 0 || at >= size) {
      const std::string where = NameToBlame(base_expression);
      return context_.Fail(
          ErrorCode::kInvalidConfig, where,
          {where, " has ", IntText(size), " elements; number ", IntText(index.as_int()), " is needed."});
    }
    *result = items[static_cast<size_t>(at)];
    return true;
  }

  /// Null where the bound is left out or None.
  bool ReadBound(const Expression* bound, Value* result) {
    *result = Value();
    if (bound != nullptr && !Run(*bound, result)) return false;
    return result->is_null() || result->is_integral() || FailKind(context_, *bound, *result, "an integer");
  }

  bool ReadSlice(const Expression& e, Value* result) {
    Value base;
    std::vector<Value> characters, taken;
    std::span<const Value> items;
    if (!Run(*e.arguments[0], &base) || !ItemsOf(context_, *e.arguments[0], base, &characters, &items)) return false;
    const int64_t size = static_cast<int64_t>(items.size());
    Value from, to, by;
    if (!ReadBound(e.arguments[3], &by) || !ReadBound(e.arguments[1], &from) || !ReadBound(e.arguments[2], &to))
      return false;
    int64_t step = by.is_null() ? 1 : by.as_int();
    if (step == 0) return FailKind(context_, *e.arguments[3], by, "a step other than 0");
    const bool forward = step > 0;
    const auto place = [size, forward](const Value& bound, int64_t otherwise) {
      if (bound.is_null()) return otherwise;
      int64_t i = bound.as_int();
      if (i < 0) i = i < -size ? -1 : i + size;
      if (i < 0) return forward ? int64_t{0} : int64_t{-1};
      return i < size ? i : forward ? size : size - 1;
    };
    const int64_t start = place(from, forward ? 0 : size - 1), stop = place(to, forward ? size : -1);
    step = forward ? std::min(step, size + 1) : std::max(step, -size - 1);
    for (int64_t i = start; forward ? i < stop : i > stop; i += step) taken.push_back(items[static_cast<size_t>(i)]);
    if (!context_.Charge(static_cast<int64_t>(taken.size()))) return false;
    if (base.is_list()) {
      *result = Value::List(context_.arena.Copy(taken));
      return true;
    }
    std::string text;
    for (const Value& character : taken) text += character.as_string();
    *result = Value::String(context_.arena.Copy(text));
    return true;
  }

  bool RunList(const Expression& e, Value* result) {
    auto items = context_.arena.NewArray<Value>(e.arguments.size());
    for (size_t i = 0; i < items.size(); ++i) {
      if (!Run(*e.arguments[i], &items[i])) return false;
    }
    *result = Value::List(items);
    return true;
  }

  bool RunCall(const Expression& e, Value* result) {
    constexpr size_t kFew = 4;
    Value few[kFew];
    std::vector<Value> many(e.arguments.size() > kFew ? e.arguments.size() : 0);
    const std::span<Value> values = many.empty() ? std::span<Value>(few, e.arguments.size()) : std::span<Value>(many);
    for (size_t i = 0; i < values.size(); ++i) {
      if (!Run(*e.arguments[i], &values[i])) return false;
    }
    return CallFunction(context_, e, frame_, values, result);
  }

  /// Runs the clauses of a comprehension from the given one on; the body stands after the last.
  bool RunClause(const Expression& e, size_t at, std::vector<Value>* items) {
    Value value;
    if (at == e.arguments.size()) {
      if (!Run(*e.arguments[0], &value)) return false;
      items->push_back(value);
      return items->size() <= static_cast<size_t>(kMaxListLength) || FailOverflow(context_, e);
    }
    const Expression& clause = *e.arguments[at];
    if (!Run(*clause.arguments[0], &value)) return false;
    if (clause.op == Op::kIf) return !Truth(value) || RunClause(e, at + 1, items);
    if (!value.is_list()) return FailKind(context_, *clause.arguments[0], value, "a list");
    const size_t slot = frame_.slots.size();
    if (slot >= kMaxSlots) return FailOverflow(context_, e);
    frame_.slots.push_back({clause.name, Value()});
    bool good = true;
    for (const Value& item : value.as_list()) {
      frame_.slots[slot].value = item;
      if (!(good = RunClause(e, at + 1, items))) break;
    }
    frame_.slots.pop_back();
    frame_.reads &= ~(uint64_t{1} << slot);
    return good;
  }

  Context& context_;
  Frame& frame_;
};

}  // namespace

bool Evaluate(Context& context, const Expression& expression, Frame& frame, Value* result) {
  return Evaluator(context, frame).Run(expression, result);
}

bool EvaluateCondition(Context& context, const Expression& expression, Frame& frame, bool* result) {
  Value value;
  if (!Evaluate(context, expression, frame, &value)) return false;
  *result = Truth(value);
  return true;
}

}  // namespace tare
