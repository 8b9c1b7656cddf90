// SPDX-License-Identifier: Apache-2.0
#include "value.h"

#include <cstring>

namespace tare {

Value Value::String(std::string_view s) {
  Value v;
  v.kind_ = Kind::kString;
  v.size_ = static_cast<uint32_t>(s.size());
  v.text_ = s.data();
  return v;
}

Value Value::List(std::span<const Value> items) {
  Value v;
  v.kind_ = Kind::kList;
  v.size_ = static_cast<uint32_t>(items.size());
  v.items_ = items.data();
  return v;
}

uint64_t Value::Bits() const {
  switch (kind_) {
    case Kind::kString:
      return reinterpret_cast<uintptr_t>(text_);
    case Kind::kList:
      return reinterpret_cast<uintptr_t>(items_);
    case Kind::kObject:
      return reinterpret_cast<uintptr_t>(object_);
    case Kind::kDouble: {
      uint64_t bits;
      std::memcpy(&bits, &double_, sizeof bits);
      return bits;
    }
    default:
      return static_cast<uint64_t>(int_);
  }
}

const Value* Object::Find(const Name* key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

const Value* Object::Find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key->text == key) return &entry.value;
  }
  return nullptr;
}

bool Truth(const Value& v) {
  switch (v.kind()) {
    case Kind::kNull:
      return false;
    case Kind::kBool:
    case Kind::kInt:
      return v.as_int() != 0;
    case Kind::kDouble:
      return v.as_double() != 0;
    case Kind::kString:
      return !v.as_string().empty();
    case Kind::kList:
      return !v.as_list().empty();
    case Kind::kObject:
      return !v.as_object()->entries.empty();
  }
  return false;
}

std::vector<Value> Characters(std::string_view text) {
  std::vector<Value> characters;
  while (!text.empty()) {
    size_t length = 1;
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) ++length;
    characters.push_back(Value::String(text.substr(0, length)));
    text.remove_prefix(length);
  }
  return characters;
}

std::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "a boolean";
    case Kind::kInt:
      return "an integer";
    case Kind::kDouble:
      return "a fraction";
    case Kind::kString:
      return "a string";
    case Kind::kList:
      return "a list";
    case Kind::kObject:
      return "an object";
  }
  return "null";
}

}  // namespace tare
