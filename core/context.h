// SPDX-License-Identifier: Apache-2.0
// What one estimate carries along: its memory, its interned names, its budget of steps and its first error. Functions
// that can fail return false (or null) after `Fail`; the first error stays.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "arena.h"
#include "error.h"
#include "value.h"

namespace tare {

/// Caps on what an untrusted text may ask for. The largest model known has 4,300 modules and 164 largest layers.
inline constexpr int64_t kMaxSteps = 4'000'000;
inline constexpr int64_t kMaxListLength = 100'000;
inline constexpr int64_t kMaxRepeat = 20'000;
inline constexpr int64_t kMaxModules = 200'000;
inline constexpr int64_t kMaxNames = 100'000;
inline constexpr int kMaxExpressionDepth = 64;    // of brackets and signs in its text,
inline constexpr int kMaxExpressionHeight = 128;  // and of its tree: a + b + c is of three levels
inline constexpr int kMaxModuleDepth = 48;
inline constexpr int kMaxConfigDepth = 8;
inline constexpr int kMaxJsonDepth = 128;

class Context {
 public:
  Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  Arena arena;

  /// The one Name for this text.
  Name* Intern(std::string_view text);

  /// Takes `steps` from the budget; false and `limit_exceeded` when it is spent. Work and memory are both counted so.
  bool Charge(int64_t steps = 1) { return (steps_left_ -= steps) >= 0 || FailSteps(); }

  /// The same for a look through this many entries or characters, each of which takes little.
  bool ChargeSearch(size_t length) { return Charge(1 + static_cast<int64_t>(length) / 16); }

  /// Records the first error; always false. The parts of the text are joined.
  bool Fail(ErrorCode code, std::string_view where, std::initializer_list<std::string_view> text);
  bool failed() const { return error_.code != ErrorCode::kNone; }
  const Error& error() const { return error_; }
  /// Puts the name of a nested config before the key that an error names; always false.
  bool InsideOf(std::string_view key);
  /// Forgets the error, for an answer that is a list of what could be counted.
  void ClearError() { error_ = Error(); }

  /// An object of these entries; a key that stands twice keeps its first place and its last value, as in Python.
  const Object* MakeObject(std::span<const Entry> entries);
  /// Stamps for ObjectBuilder.
  uint32_t NextStamp() { return ++stamp_; }

 private:
  bool FailSteps();
  void Grow();
  size_t Slot(std::string_view text, uint32_t hash) const;

  std::vector<Name*> table_;  // open addressing, a power of two
  size_t names_ = 0;
  uint32_t stamp_ = 0;
  mutable int64_t steps_left_ = kMaxSteps;
  Error error_;
};

/// Builds one object key by key, as MakeObject does. Builders must not overlap in time: they share the stamps on the
/// names.
class ObjectBuilder {
 public:
  explicit ObjectBuilder(Context& context) : context_(context), stamp_(context.NextStamp()) {}
  void Set(const Name* key, const Value& value);
  void SetAll(const Object& object);
  /// The value set so far, or null; valid until the next Set.
  const Value* Get(const Name* key) const { return key->stamp == stamp_ ? &entries_[key->slot].value : nullptr; }
  const Object* Finish(const Object* given = nullptr, const Blueprint* blueprint = nullptr);

 private:
  Context& context_;
  uint32_t stamp_;
  std::vector<Entry> entries_;
};

/// "12", "-7": without printf, which would cost the wasm build 9 KB.
std::string IntText(int64_t value);

}  // namespace tare
