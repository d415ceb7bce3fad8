// A store filled by hand, and a query asked of it.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "sim/metrics/prepared_query.hpp"

namespace windtunnel::testing {

/// One series: a name with labels, and a value every `step_s` from 0 on; NaN leaves a sample out.
inline void fill(SeriesStore& store, const std::string& name, Labels labels, const std::vector<double>& values,
                 double step_s = 15) {
  labels.emplace_back("__name__", name);
  const SeriesId id = store.open(make_labels(std::move(labels)));
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i]))
      store.append(id, static_cast<std::int64_t>(static_cast<double>(i) * step_s * 1000), values[i]);
}

/// The answer by label text; a scalar under "scalar", an error under "error: ...".
inline std::map<std::string, double> ask(SeriesStore& store, const std::string& text, double at_s) {
  auto query = promql::parse_query(text);
  if (!query) return {{"error: " + query.problems().front().text(), 0}};
  PreparedQuery prepared(std::move(*query), store);
  std::map<std::string, double> out;
  for (int again = 0; again < 2; ++again) {  // what is remembered between evaluations changes nothing
    const QueryAnswer answer = prepared.at(static_cast<std::int64_t>(at_s * 1000));
    std::map<std::string, double> now;
    if (!answer.error.empty()) now["error: " + answer.error] = 0;
    if (answer.scalar) now["scalar"] = answer.number;
    for (const auto& point : answer.vector) {
      const Labels& labels = store.labels()[point.labels];
      now[std::string(label_value(labels, "__name__")) + "{" + label_text(labels) + "}"] = point.value;
    }
    if (again > 0) {
      EXPECT_EQ(now.size(), out.size());
    }
    out = now;
  }
  return out;
}

/// The value of an answer with one element.
inline double one(SeriesStore& store, const std::string& text, double at_s) {
  const auto answer = ask(store, text, at_s);
  EXPECT_EQ(answer.size(), 1U) << text << (answer.empty() ? "" : ": " + answer.begin()->first);
  return answer.size() == 1 ? answer.begin()->second : std::nan("");
}

}  // namespace windtunnel::testing
