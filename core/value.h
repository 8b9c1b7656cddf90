// SPDX-License-Identifier: Apache-2.0
// The values of configs, blueprints and expressions: JSON's kinds, with int64 and double apart as in Python. A Value is
// 16 bytes of plain bits that point into an arena; lists and objects are immutable once made.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tare {

struct Blueprint;
struct Expression;
struct Object;

/// An interned key: equal keys are the same Name, so objects are searched by pointer.
struct Name {
  std::string_view text;
  uint32_t hash = 0;
  uint32_t stamp = 0;                      // which ObjectBuilder saw this key last,
  uint32_t slot = 0;                       // and at which place: duplicate keys are found without a search
  const Expression* expression = nullptr;  // what this text means as an expression, once it has been read
};

enum class Kind : uint8_t { kNull, kBool, kInt, kDouble, kString, kList, kObject };

class Value {
 public:
  constexpr Value() : kind_(Kind::kNull), size_(0), int_(0) {}
  static Value Bool(bool b) { return Value(Kind::kBool, b ? 1 : 0); }
  static Value Int(int64_t i) { return Value(Kind::kInt, i); }
  static Value Double(double d) {
    Value v;
    v.kind_ = Kind::kDouble;
    v.double_ = d;
    return v;
  }
  static Value String(std::string_view s);
  static Value List(std::span<const Value> items);
  static Value Of(const Object* object) {
    Value v;
    v.kind_ = Kind::kObject;
    v.object_ = object;
    return v;
  }

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_bool() const { return kind_ == Kind::kBool; }
  bool is_int() const { return kind_ == Kind::kInt; }
  bool is_double() const { return kind_ == Kind::kDouble; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_list() const { return kind_ == Kind::kList; }
  bool is_object() const { return kind_ == Kind::kObject; }
  /// bool counts as a number, as in Python.
  bool is_integral() const { return is_int() || is_bool(); }
  bool is_number() const { return is_integral() || is_double(); }

  bool as_bool() const { return int_ != 0; }
  int64_t as_int() const { return int_; }
  double as_double() const { return is_double() ? double_ : static_cast<double>(int_); }
  std::string_view as_string() const { return {text_, size_}; }
  std::span<const Value> as_list() const { return {items_, size_}; }
  const Object* as_object() const { return object_; }

  /// The very same bits: the same number, or the same place in memory.
  bool Identical(const Value& other) const {
    return kind_ == other.kind_ && size_ == other.size_ && Bits() == other.Bits();
  }

 private:
  Value(Kind kind, int64_t i) : kind_(kind), size_(0), int_(i) {}
  uint64_t Bits() const;

  Kind kind_;
  uint32_t size_;
  union {
    int64_t int_;
    double double_;
    const char* text_;
    const Value* items_;
    const Object* object_;
  };
};

struct Entry {
  const Name* key;
  Value value;
};

/// An object keeps the order of its keys. A resolved config is an object that remembers what it came from.
struct Object {
  std::span<const Entry> entries;
  const Object* given = nullptr;         // of a resolved config: the config.json itself
  const Blueprint* blueprint = nullptr;  // of a resolved config: the blueprint that resolved it

  const Value* Find(const Name* key) const;
  const Value* Find(std::string_view key) const;
};

/// Python's truth: null, false, 0, and everything empty are false.
bool Truth(const Value& v);
/// Each code point of a text in UTF-8.
std::vector<Value> Characters(std::string_view text);
/// "null", "a boolean", "an integer", ...: for messages.
std::string_view KindName(Kind kind);

}  // namespace tare
