#include "sim/workload/client_windows.hpp"

#include <algorithm>
#include <filesystem>

#include "sim/core/error.hpp"
#include "sim/workload/client_window_file.hpp"

namespace windtunnel {

bool is_client_folder(const std::string& path) {
  std::error_code code;
  if (!std::filesystem::is_directory(path, code)) return false;
  for (std::filesystem::directory_iterator at(path, code), end; !code && at != end; at.increment(code))
    if (is_client_window_file(at->path().filename().string())) return true;
  return false;
}

WindowSum sum_client_windows(const std::string& path) {
  WindowSum sum;
  for (const std::string& file : client_window_files(path)) {
    const std::vector<ClientWindowRow> rows = read_client_rows(file);
    if (sum.width_s == 0 && rows.size() > 1) sum.width_s = rows[1].start_s - rows[0].start_s;
    for (const ClientWindowRow& row : rows) {
      const std::size_t window = sum.width_s > 0 ? client_window_index(row.start_s, sum.width_s, file) : 0;
      if (sum.rate_per_s.size() <= window) sum.rate_per_s.resize(window + 1);
      sum.rate_per_s[window] += row.window.rate_per_s;
    }
    sum.rows += rows.size();
    ++sum.clients;
  }
  if (sum.rate_per_s.size() < 2 || sum.width_s <= 0)
    throw InputError({path, "holds no two windows", "their distance tells a window's length"});
  return sum;
}

}  // namespace windtunnel
