// SPDX-License-Identifier: Apache-2.0
// Writes JSON text. Commas are kept by the writer; what is opened must be closed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "text.h"

namespace tare {

class JsonWriter {
 public:
  JsonWriter& Key(std::string_view key);
  JsonWriter& Text(std::string_view text);
  JsonWriter& Int(int64_t value);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  JsonWriter& Bytes(const ByteCount& bytes);
  JsonWriter& Open(char bracket);
  JsonWriter& Close(char bracket);

  std::string Take() { return std::move(out_); }

 private:
  void Separate();
  void Quote(std::string_view text);

  std::string out_;
};

}  // namespace tare
