// A label selector of the metrics APIs as the adapter asks Prometheus for it.
#pragma once

#include <string>
#include <string_view>

namespace windtunnel::promql {

/// "a=b,c=~d|e,f!=" as matchers: a="b",c=~"d|e",f!="". Parts without an operator are left out.
inline std::string adapter_matchers(std::string_view selector) {
  std::string out;
  while (!selector.empty()) {
    const auto part = selector.substr(0, selector.find(','));
    selector.remove_prefix(part.size() < selector.size() ? part.size() + 1 : selector.size());
    const auto at = part.find_first_of("=!");
    if (at == std::string_view::npos) continue;
    std::string_view value = part.substr(at + 1);
    std::string op(1, part[at]);
    if (!value.empty() && (value.front() == '~' || (op == "!" && value.front() == '='))) {
      op += value.front();
      value.remove_prefix(1);
    }
    if (!out.empty()) out += ',';
    out.append(part.substr(0, at)).append(op) += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') out += '\\';
      out += c == '\n' ? ' ' : c;
    }
    out += '"';
  }
  return out;
}

}  // namespace windtunnel::promql
