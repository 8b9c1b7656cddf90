// SPDX-License-Identifier: Apache-2.0
#include "functions.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "arithmetic.h"
#include "blueprint.h"
#include "reader.h"

namespace tare {
namespace {

constexpr size_t kAnyNumber = 1000;
constexpr FunctionInfo kFunctions[] = {
    {"len", Function::kLen, 1, 1},
    {"min", Function::kMin, 1, kAnyNumber},
    {"max", Function::kMax, 1, kAnyNumber},
    {"abs", Function::kAbs, 1, 1},
    {"int", Function::kInt, 1, 1},
    {"float", Function::kFloat, 1, 1},
    {"bool", Function::kBool, 1, 1},
    {"str", Function::kStr, 1, 1},
    {"round", Function::kRound, 1, 2},
    {"sum", Function::kSum, 1, 1},
    {"ceil", Function::kCeil, 1, 1},
    {"floor", Function::kFloor, 1, 1},
    {"sqrt", Function::kSqrt, 1, 1},
    {"log", Function::kLog, 1, 2},
    {"log2", Function::kLog2, 1, 1},
    {"prod", Function::kProd, 1, 1},
    {"range", Function::kRange, 1, 3},
    {"sorted", Function::kSorted, 1, 1},
    {"reversed", Function::kReversed, 1, 1},
    {"list", Function::kList, 1, 1},
    {"set", Function::kSet, 1, 1},
    {"is_int", Function::kIsInt, 1, 1},
    {"is_float", Function::kIsFloat, 1, 1},
    {"is_str", Function::kIsStr, 1, 1},
    {"is_bool", Function::kIsBool, 1, 1},
    {"is_list", Function::kIsList, 1, 1},
    {"is_dict", Function::kIsDict, 1, 1},
    {"split", Function::kSplit, 2, 2},
    {"startswith", Function::kStartsWith, 2, 2},
    {"lower", Function::kLower, 1, 1},
    {"upper", Function::kUpper, 1, 1},
    {"index", Function::kIndex, 2, 2},
    {"has_auto", Function::kHasAuto, 2, 2},
    {"channels", Function::kChannels, 1, 1},
};

/// One call: its arguments and where to put errors.
class Call {
 public:
  Call(Context& context, const Expression& call, const Frame& frame, std::span<const Value> arguments)
      : context_(context), call_(call), frame_(frame), arguments_(arguments) {}

  bool Run(Value* result) {
    const Value& a = arguments_[0];
    switch (call_.function) {
      case Function::kLen:
        return Len(a, result);
      case Function::kMin:
      case Function::kMax:
        return Extreme(result);
      case Function::kAbs:
        if (a.is_number() && a.as_double() >= 0) return Negate(context_, Op::kPlus, a, Operand(), result);
        return Negate(context_, Op::kNegate, a, Operand(), result);
      case Function::kInt:
        return a.is_string() ? ParseInt(a.as_string(), result) : Whole(result);
      case Function::kCeil:
      case Function::kFloor:
        return Whole(result);
      case Function::kFloat:
        return Number() && Give(Value::Double(a.as_double()), result);
      case Function::kBool:
        return Give(Value::Bool(Truth(a)), result);
      case Function::kStr:
        return Str(a, result);
      case Function::kRound:
        return Round(result);
      case Function::kSum:
        return Fold(Op::kAdd, Value::Int(0), result);
      case Function::kProd:
        return Fold(Op::kMultiply, Value::Int(1), result);
      case Function::kSqrt:
        return Real(result);
      case Function::kLog:
      case Function::kLog2:
        return Real(result);
      case Function::kRange:
        return Range(result);
      case Function::kSorted:
        return Sorted(result);
      case Function::kReversed:
      case Function::kList:
      case Function::kSet:
        return Sequence(result);
      case Function::kIsInt:
        return Give(Value::Bool(a.is_integral()), result);  // a bool is an int, as for isinstance
      case Function::kIsFloat:
        return Give(Value::Bool(a.is_double()), result);
      case Function::kIsStr:
        return Give(Value::Bool(a.is_string()), result);
      case Function::kIsBool:
        return Give(Value::Bool(a.is_bool()), result);
      case Function::kIsList:
        return Give(Value::Bool(a.is_list()), result);
      case Function::kIsDict:
        return Give(Value::Bool(a.is_object()), result);
      case Function::kSplit:
        return Strings() && Split(a.as_string(), arguments_[1].as_string(), result);
      case Function::kStartsWith:
        return Strings() && Give(Value::Bool(a.as_string().starts_with(arguments_[1].as_string())), result);
      case Function::kLower:
        return Strings() && InCase(a.as_string(), 'A', 'Z', result);
      case Function::kUpper:
        return Strings() && InCase(a.as_string(), 'a', 'z', result);
      case Function::kIndex:
        return List() && Index(result);
      case Function::kHasAuto:
        return HasAuto(result);
      case Function::kChannels:
        return Channels(result);
    }
    return false;
  }

 private:
  const Expression& Operand(size_t i = 0) const { return *call_.arguments[i]; }
  static bool Give(const Value& value, Value* result) {
    *result = value;
    return true;
  }
  bool Number(size_t i = 0) {
    return arguments_[i].is_number() || FailKind(context_, Operand(i), arguments_[i], "a number");
  }
  bool Strings() {
    for (size_t i = 0; i < arguments_.size(); ++i) {
      if (!arguments_[i].is_string()) return FailKind(context_, Operand(i), arguments_[i], "a string");
    }
    return true;
  }
  bool List() { return arguments_[0].is_list() || FailKind(context_, Operand(), arguments_[0], "a list"); }
  bool Domain(std::string_view text) {
    const std::string where = NameToBlame(call_);
    return context_.Fail(ErrorCode::kInvalidConfig, where, {where, " ", text});
  }

  bool Len(const Value& a, Value* result) {
    size_t length = 0;
    if (a.is_list()) {
      length = a.as_list().size();
    } else if (a.is_object()) {
      length = a.as_object()->entries.size();
    } else if (a.is_string()) {  // characters, not bytes
      if (!context_.ChargeSearch(a.as_string().size())) return false;
      length = static_cast<size_t>(std::ranges::count_if(a.as_string(), [](char c) { return (c & 0xC0) != 0x80; }));
    } else {
      return FailKind(context_, Operand(), a, "a list");
    }
    return Give(Value::Int(static_cast<int64_t>(length)), result);
  }

  bool Extreme(Value* result) {
    std::span<const Value> items = arguments_;
    if (items.size() == 1) {
      if (!List()) return false;
      items = items[0].as_list();
    }
    if (items.empty()) return Domain("is empty, but its least or greatest element is needed.");
    if (!context_.Charge(static_cast<int64_t>(items.size()))) return false;
    const Op op = call_.function == Function::kMin ? Op::kLess : Op::kGreater;
    *result = items[0];
    for (size_t i = 1; i < items.size(); ++i) {
      const Expression& blamed = arguments_.size() > 1 ? Operand(i) : Operand();
      bool better = false;
      if (!Compare(context_, op, items[i], *result, blamed, Operand(), &better)) return false;
      if (better) *result = items[i];
    }
    return true;
  }

  bool Whole(Value* result) {
    if (!Number()) return false;
    const Value& a = arguments_[0];
    if (a.is_integral()) return Give(Value::Int(a.as_int()), result);
    const double value = a.as_double();
    const double whole = call_.function == Function::kCeil    ? std::ceil(value)
                         : call_.function == Function::kFloor ? std::floor(value)
                                                              : std::trunc(value);
    int64_t integer = 0;
    return ToInteger(whole, &integer) ? Give(Value::Int(integer), result) : FailOverflow(context_, Operand());
  }

  bool ParseInt(std::string_view text, Value* result) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    int64_t value = 0;
    bool good = !text.empty() && context_.ChargeSearch(text.size());
    for (const char c : text) {
      good = good && c >= '0' && c <= '9' && !__builtin_mul_overflow(value, 10, &value) &&
             !__builtin_add_overflow(value, c - '0', &value);
    }
    return good ? Give(Value::Int(negative ? -value : value), result) : Domain("is a text that is not an integer.");
  }

  bool Str(const Value& a, Value* result) {
    if (a.is_string()) return Give(a, result);
    if (a.is_bool()) return Give(Value::String(a.as_bool() ? "True" : "False"), result);
    if (a.is_null()) return Give(Value::String("None"), result);
    if (a.is_int()) return Give(Value::String(context_.arena.Copy(IntText(a.as_int()))), result);
    return FailKind(context_, Operand(), a, "an integer or a string");
  }

  bool Round(Value* result) {
    if (!Number()) return false;
    const Value& a = arguments_[0];
    const bool to_integer = arguments_.size() == 1 || arguments_[1].is_null();
    int64_t digits = 0;
    if (!to_integer) {
      if (!arguments_[1].is_integral()) return FailKind(context_, Operand(1), arguments_[1], "an integer");
      digits = arguments_[1].as_int();
      if (digits < 0 || digits > 15) return Domain("is rounded to a number of digits that is not supported.");
    }
    if (a.is_integral()) return Give(Value::Int(a.as_int()), result);
    int64_t scaled = 0;
    const double value = a.as_double(), size = std::fabs(value);
    if (!std::isfinite(size)) return to_integer ? FailOverflow(context_, Operand()) : Give(a, result);
    if (!ScaledRound(size, static_cast<int>(digits), &scaled)) {
      return to_integer ? FailOverflow(context_, Operand()) : Give(a, result);  // so large that it has no such digits
    }
    if (to_integer) return Give(Value::Int(value < 0 ? -scaled : scaled), result);
    double unit = 1;
    for (int64_t i = 0; i < digits; ++i) unit *= 10;
    return Give(Value::Double(std::copysign(static_cast<double>(scaled) / unit, value)), result);
  }

  bool Fold(Op op, Value start, Value* result) {
    if (!List() || !context_.Charge(static_cast<int64_t>(arguments_[0].as_list().size()))) return false;
    for (const Value& item : arguments_[0].as_list()) {
      if (!item.is_number()) return FailKind(context_, Operand(), item, "a list of numbers");
      if (!Arithmetic(context_, op, start, item, Operand(), Operand(), &start)) return false;
    }
    return Give(start, result);
  }

  bool Real(Value* result) {
    if (!Number() || (arguments_.size() > 1 && !Number(1))) return false;
    const double a = arguments_[0].as_double();
    double value = 0;
    if (call_.function == Function::kSqrt) {
      if (a < 0) return Domain("is negative, but its square root is needed.");
      value = std::sqrt(a);
    } else {
      const double base = arguments_.size() > 1 ? arguments_[1].as_double() : 0;
      if (a <= 0 || (arguments_.size() > 1 && (base <= 0 || base == 1))) return Domain("has no logarithm.");
      value = call_.function == Function::kLog2 ? std::log2(a)
              : arguments_.size() > 1           ? std::log(a) / std::log(base)
                                                : std::log(a);
    }
    return Give(Value::Double(value), result);
  }

  bool Range(Value* result) {
    int64_t bounds[3] = {0, 0, 1};
    for (size_t i = 0; i < arguments_.size(); ++i) {
      if (!arguments_[i].is_integral()) return FailKind(context_, Operand(i), arguments_[i], "an integer");
      bounds[arguments_.size() == 1 ? 1 : i] = arguments_[i].as_int();
    }
    const auto [start, stop, step] = bounds;
    if (step == 0) return Domain("is the step of a range, which must not be 0.");
    // Unsigned, where the distance of any two bounds has room and what lies between them is met modulo 2^64.
    const auto first = static_cast<uint64_t>(start), last = static_cast<uint64_t>(stop),
               stride = static_cast<uint64_t>(step);
    const bool ascends = step > 0, empty = ascends ? start >= stop : start <= stop;
    const uint64_t reach = ascends ? last - first : first - last;
    const uint64_t count = empty ? 0 : (reach - 1) / (ascends ? stride : 0 - stride) + 1;
    if (count > kMaxListLength) {
      const std::string where = NameToBlame(call_);
      return context_.Fail(ErrorCode::kLimitExceeded, where,
                           {where, " makes a list longer than ", IntText(kMaxListLength), "."});
    }
    if (!context_.Charge(static_cast<int64_t>(count))) return false;
    auto items = context_.arena.NewArray<Value>(static_cast<size_t>(count));
    for (size_t i = 0; i < items.size(); ++i) items[i] = Value::Int(static_cast<int64_t>(first + i * stride));
    return Give(Value::List(items), result);
  }

  bool Index(Value* result) {
    const std::span<const Value> items = arguments_[0].as_list();
    if (!context_.ChargeSearch(items.size())) return false;
    const auto found =
        std::ranges::find_if(items, [this](const Value& item) { return Equal(context_, item, arguments_[1]); });
    if (context_.failed()) return false;
    if (found == items.end()) return Domain("does not hold an item that is looked for in it.");
    return Give(Value::Int(found - items.begin()), result);
  }

  bool Split(std::string_view text, std::string_view separator, Value* result) {
    if (separator.empty()) return FailKind(context_, Operand(1), arguments_[1], "a separator");
    std::vector<Value> parts;
    for (size_t end = 0; end != std::string_view::npos;
         text = end == std::string_view::npos ? text : text.substr(end + separator.size())) {
      if (!context_.Charge()) return false;
      end = text.find(separator);
      parts.push_back(Value::String(text.substr(0, end)));
    }
    return Give(Value::List(context_.arena.Copy(parts)), result);
  }

  /// Moves the letters from first to last to the other case; those outside of ASCII stay.
  bool InCase(std::string_view text, char first, char last, Value* result) {
    if (!context_.ChargeSearch(text.size())) return false;
    std::string moved(text);
    for (char& c : moved) c = first <= c && c <= last ? static_cast<char>(c ^ ('a' ^ 'A')) : c;
    return Give(Value::String(context_.arena.Copy(std::string_view(moved))), result);
  }

  bool Sorted(Value* result) {
    if (!List() || !context_.Charge(static_cast<int64_t>(arguments_[0].as_list().size()) * 4)) return false;
    std::vector<Value> items(arguments_[0].as_list().begin(), arguments_[0].as_list().end());
    for (const Value& item : items) {
      const bool alike = items[0].is_string() ? item.is_string() : item.is_number() && !std::isnan(item.as_double());
      if (!alike) {
        const std::string where = NameToBlame(Operand());
        return context_.Fail(ErrorCode::kInvalidConfig, where,
                             {where.empty() ? "A list" : where, " must hold numbers or strings to be sorted."});
      }
    }
    std::ranges::sort(items, [](const Value& a, const Value& b) {
      if (a.is_string()) return a.as_string() < b.as_string();
      return a.is_integral() && b.is_integral() ? a.as_int() < b.as_int() : a.as_double() < b.as_double();
    });
    return Give(Value::List(context_.arena.Copy(items)), result);
  }

  bool Sequence(Value* result) {
    std::vector<Value> items;
    if (const Value& a = arguments_[0]; a.is_object()) {
      for (const Entry& entry : a.as_object()->entries) items.push_back(Value::String(entry.key->text));
    } else {
      std::vector<Value> characters;
      std::span<const Value> source;
      if (!ItemsOf(context_, Operand(), a, &characters, &source)) return false;
      for (const Value& item : source) {
        if (call_.function == Function::kSet) {
          const auto same = [&](const Value& other) { return Equal(context_, item, other); };
          if (!context_.ChargeSearch(items.size())) return false;
          if (std::ranges::any_of(items, same)) continue;
        }
        items.push_back(item);
      }
    }
    if (!context_.Charge(static_cast<int64_t>(items.size()))) return false;
    if (call_.function == Function::kReversed) std::ranges::reverse(items);
    return Give(Value::List(context_.arena.Copy(items)), result);
  }

  /// The first argument as a resolved nested config; null after an error.
  const Object* NestedConfig() {
    const Value& a = arguments_[0];
    if (a.is_object() && a.as_object()->blueprint != nullptr) return a.as_object();
    FailKind(context_, Operand(), a, "a nested config");
    return nullptr;
  }

  bool HasAuto(Value* result) {
    const Object* config = NestedConfig();
    if (config == nullptr) return false;
    if (!arguments_[1].is_string()) return FailKind(context_, Operand(1), arguments_[1], "a string");
    const Object* autos = config->blueprint->autos;
    return Give(Value::Bool(autos != nullptr && autos->Find(arguments_[1].as_string()) != nullptr), result);
  }

  bool Channels(Value* result) {
    const Object* config = NestedConfig();
    if (config == nullptr) return false;
    if (frame_.backbones == nullptr) return BadBlueprint(context_, "channels", "there are no backbones yet");
    return frame_.backbones->Channels(*config, result);
  }

  Context& context_;
  const Expression& call_;
  const Frame& frame_;
  std::span<const Value> arguments_;
};

}  // namespace

const FunctionInfo* FindFunction(std::string_view name) {
  const auto found = std::ranges::find(kFunctions, name, &FunctionInfo::name);
  return found == std::end(kFunctions) ? nullptr : found;
}

bool CallFunction(Context& context, const Expression& call, const Frame& frame, std::span<const Value> arguments,
                  Value* result) {
  return Call(context, call, frame, arguments).Run(result);
}

}  // namespace tare
