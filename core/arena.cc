// SPDX-License-Identifier: Apache-2.0
#include "arena.h"

namespace tare {
namespace {

constexpr size_t kAlignment = 8;
constexpr size_t kBlockBytes = 64 << 10;

}  // namespace

Arena::~Arena() {
  for (char* block : blocks_) ::operator delete(block);
}

void* Arena::Allocate(size_t bytes) {
  bytes = (bytes + kAlignment - 1) & ~(kAlignment - 1);
  if (bytes > left_) {
    const size_t size = bytes > kBlockBytes / 4 ? bytes : kBlockBytes;
    char* block = static_cast<char*>(::operator new(size));
    blocks_.push_back(block);
    if (size == bytes) return block;  // a large one has a block of its own; the current block goes on
    next_ = block;
    left_ = size;
  }
  void* result = next_;
  next_ += bytes;
  left_ -= bytes;
  return result;
}

std::string_view Arena::Copy(std::string_view text) {
  if (text.empty()) return {};
  char* copy = static_cast<char*>(Allocate(text.size()));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

}  // namespace tare
