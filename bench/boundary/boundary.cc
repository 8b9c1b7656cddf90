// SPDX-License-Identifier: Apache-2.0
// The same made-up report - four rows, a flat tree of modules - handed to JavaScript in two ways: as JSON text (the
// default), or as embind objects (AS_OBJECTS). measure.js builds both, checks that they say the same and compares size
// and time.
#include <emscripten/bind.h>

#include <string>

namespace {

constexpr double kBytes = 433249280;

#ifdef AS_OBJECTS

using emscripten::val;

val Estimate(int modules) {
  val report = val::object(), rows = val::array(), tree = val::array();
  for (const char* dtype : {"float32", "float16", "int8", "int4"}) {
    val row = val::object(), text = val::array();
    row.set("dtype", val(dtype));
    row.set("total_bytes", kBytes);
    for (const char* cell : {"86.47 MB", "413.18 MB", "1.61 GB"}) text.call<void>("push", val(cell));
    row.set("text", text);
    rows.call<void>("push", row);
  }
  for (int i = 0; i < modules; ++i) {
    val node = val::object(), shape = val::array();
    node.set("name", val("layer." + std::to_string(i)));
    node.set("class", val("Linear"));
    node.set("bytes", kBytes);
    shape.call<void>("push", 768);
    shape.call<void>("push", i);
    node.set("shape", shape);
    tree.call<void>("push", node);
  }
  report.set("rows", rows);
  report.set("tree", tree);
  return report;
}

#else

std::string Estimate(int modules) {
  const std::string bytes = std::to_string(static_cast<long long>(kBytes));
  std::string report = R"({"rows":[)";
  for (const char* dtype : {"float32", "float16", "int8", "int4"}) {
    if (report.back() == '}') report += ',';
    report += R"({"dtype":")" + std::string(dtype) + R"(","total_bytes":)" + bytes +
              R"(,"text":["86.47 MB","413.18 MB","1.61 GB"]})";
  }
  report += R"(],"tree":[)";
  for (int i = 0; i < modules; ++i) {
    if (report.back() == '}') report += ',';
    report += R"({"name":"layer.)" + std::to_string(i) + R"(","class":"Linear","bytes":)" + bytes +
              R"(,"shape":[768,)" + std::to_string(i) + "]}";
  }
  return report + "]}";
}

#endif

}  // namespace

EMSCRIPTEN_BINDINGS(boundary) { emscripten::function("estimate", &Estimate); }
