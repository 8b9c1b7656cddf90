// SPDX-License-Identifier: Apache-2.0
// Memory of one estimate: everything that is parsed or built lives in one arena and goes at once. Nothing in it has a
// destructor, so values are plain bits and copy freely.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tare {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  /// Uninitialised memory, aligned for every type used here.
  void* Allocate(size_t bytes);

  template <typename T, typename... Args>
  T* New(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (Allocate(sizeof(T))) T{static_cast<Args&&>(args)...};
  }

  /// A value-initialised array; the empty span for zero.
  template <typename T>
  std::span<T> NewArray(size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) return {};
    T* items = static_cast<T*>(Allocate(sizeof(T) * count));
    for (size_t i = 0; i < count; ++i) new (items + i) T();
    return {items, count};
  }

  template <typename T>
  std::span<const T> Copy(std::span<const T> source) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (source.empty()) return {};
    T* items = static_cast<T*>(Allocate(sizeof(T) * source.size()));
    std::memcpy(static_cast<void*>(items), source.data(), sizeof(T) * source.size());
    return {items, source.size()};
  }

  template <typename T>
  std::span<const T> Copy(const std::vector<T>& source) {
    return Copy(std::span<const T>(source));
  }

  std::string_view Copy(std::string_view text);

 private:
  std::vector<char*> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0;
};

}  // namespace tare
