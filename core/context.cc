// SPDX-License-Identifier: Apache-2.0
#include "context.h"

namespace tare {
namespace {

constexpr size_t kFirstTableSize = 1024;

uint32_t Hash(std::string_view text) {
  uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash ^ (hash >> 15);
}

}  // namespace

Context::Context() : table_(kFirstTableSize) {}

size_t Context::Slot(std::string_view text, uint32_t hash) const {
  const size_t mask = table_.size() - 1;
  size_t i = hash & mask;
  // Keys made to collide cost their sender the budget, not us the time.
  for (; table_[i] != nullptr; i = (i + 1) & mask, --steps_left_) {
    if (table_[i]->hash == hash && table_[i]->text == text) break;
    if (steps_left_ < 0) break;
  }
  return i;
}

void Context::Grow() {
  std::vector<Name*> old(table_.size() * 2);
  old.swap(table_);
  const size_t mask = table_.size() - 1;
  for (Name* name : old) {
    if (name == nullptr) continue;
    size_t i = name->hash & mask;
    while (table_[i] != nullptr) i = (i + 1) & mask;
    table_[i] = name;
  }
}

Name* Context::Intern(std::string_view text) {
  const uint32_t hash = Hash(text);
  const size_t i = Slot(text, hash);
  if (table_[i] != nullptr) return table_[i];
  Name* name = arena.New<Name>(arena.Copy(text), hash);
  table_[i] = name;
  if (++names_ * 2 > table_.size()) Grow();
  return name;
}

const Object* Context::MakeObject(std::span<const Entry> entries) {
  const uint32_t stamp = NextStamp();
  auto unique = arena.NewArray<Entry>(entries.size());
  uint32_t size = 0;
  for (const Entry& entry : entries) {
    Name* name = const_cast<Name*>(entry.key);  // the stamp is scratch space
    if (name->stamp != stamp) {
      name->stamp = stamp;
      name->slot = size++;
    }
    unique[name->slot] = entry;
  }
  return arena.New<Object>(unique.first(size));
}

bool Context::FailSteps() {
  return Fail(ErrorCode::kLimitExceeded, "steps", {"This model takes more steps to count than are allowed."});
}

bool Context::Fail(ErrorCode code, std::string_view where, std::initializer_list<std::string_view> text) {
  if (failed()) return false;
  error_.code = code;
  error_.where = where;
  for (const std::string_view part : text) error_.text += part;
  return false;
}

bool Context::InsideOf(std::string_view key) {
  if (error_.code == ErrorCode::kInvalidConfig) error_.where = std::string(key) + "." + error_.where;
  return false;
}

void ObjectBuilder::Set(const Name* key, const Value& value) {
  Name* name = const_cast<Name*>(key);  // the stamp is scratch space of builders
  if (name->stamp == stamp_) {
    entries_[name->slot].value = value;
    return;
  }
  name->stamp = stamp_;
  name->slot = static_cast<uint32_t>(entries_.size());
  entries_.push_back({key, value});
}

void ObjectBuilder::SetAll(const Object& object) {
  for (const Entry& entry : object.entries) Set(entry.key, entry.value);
}

const Object* ObjectBuilder::Finish(const Object* given, const Blueprint* blueprint) {
  return context_.arena.New<Object>(context_.arena.Copy(entries_), given, blueprint);
}

std::string IntText(int64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  uint64_t rest = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  do digits[--at] = static_cast<char>('0' + rest % 10);
  while ((rest /= 10) != 0);
  std::string text(value < 0 ? "-" : "");
  return text.append(digits + at, sizeof digits - at);
}

}  // namespace tare
