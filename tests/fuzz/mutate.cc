// SPDX-License-Identifier: Apache-2.0
// How the fuzzer changes an input: mostly by changing one place of its JSON, so that blueprints and configs stay
// readable and what is behind their reading is reached; at times byte by byte, as libFuzzer does by itself.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

using Json = nlohmann::ordered_json;
using Random = std::minstd_rand;

size_t Below(Random& random, size_t count) { return random() % count; }

void ListNodes(Json& node, std::vector<Json*>* nodes) {
  nodes->push_back(&node);
  if (node.is_structured())
    for (Json& child : node) ListNodes(child, nodes);
}

Json Strange(Random& random) {
  const Json values[] = {nullptr,
                         true,
                         0,
                         -1,
                         1,
                         2,
                         3.5,
                         1e308,
                         -0.0,
                         int64_t{1} << 31,
                         int64_t{1} << 53,
                         std::numeric_limits<int64_t>::max(),
                         std::numeric_limits<int64_t>::min(),
                         "",
                         "i",
                         "{i}",
                         Json::array(),
                         Json::object(),
                         {1, 2},
                         {{"a", 1}}};
  return values[Below(random, std::size(values))];
}

/// Changes one place; `files` lends keys and values.
void Change(Json& text, Json& files, Random& random) {
  std::vector<Json*> places, lenders;
  ListNodes(text, &places);
  ListNodes(files, &lenders);
  Json& place = *places[Below(random, places.size())];
  const Json lent = *lenders[Below(random, lenders.size())];  // a copy: it may lie around the place
  switch (Below(random, 6)) {
    case 0:
      place = Strange(random);
      return;
    case 1:
      place = lent;
      return;
    case 2:  // another number or another word, where there was one
      for (Json* other : lenders)
        if (other->type() == place.type() && !place.is_structured() && Below(random, 8) == 0) {
          place = Json(*other);
          return;
        }
      return;
    case 3:
      if (place.is_structured() && !place.empty())
        place.erase(std::next(place.begin(), static_cast<std::ptrdiff_t>(Below(random, place.size()))));
      return;
    case 4:
      if (place.is_array()) place.push_back(lent);
      if (place.is_object() && lent.is_object() && !lent.empty())
        place.update(Json{
            {std::next(lent.begin(), static_cast<std::ptrdiff_t>(Below(random, lent.size()))).key(), Strange(random)}});
      return;
    default:
      if (!place.is_string()) return;
      std::string word = place.get<std::string>();
      const size_t size = word.size();
      word.resize(size + 16);
      word.resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t*>(word.data()), size, word.size()));
      place = word;
  }
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed) {
  Random random(seed);
  const std::string_view whole(reinterpret_cast<const char*>(data), size);
  const size_t first = whole.find('\0'), second = first == std::string_view::npos ? first : whole.find('\0', first + 1);
  if (second == std::string_view::npos || Below(random, 8) == 0) return LLVMFuzzerMutate(data, size, max_size);
  Json config = Json::parse(whole.substr(0, first), nullptr, false);
  Json files = Json::parse(whole.substr(first + 1, second - first - 1), nullptr, false);
  if (config.is_discarded() || files.is_discarded()) return LLVMFuzzerMutate(data, size, max_size);
  for (size_t left = 1 + Below(random, 3); left > 0; --left)
    Change(Below(random, 2) == 0 ? config : files, files, random);
  const auto dump = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  const std::string changed = dump(config) + '\0' + dump(files) + std::string(whole.substr(second));
  if (changed.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::ranges::copy(changed, data);
  return changed.size();
}
