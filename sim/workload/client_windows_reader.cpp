// ServeGen's folder of client windows.
#include <algorithm>

#include "sim/core/error.hpp"
#include "sim/workload/client_population.hpp"
#include "sim/workload/client_window_file.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostInAll = 10'000'000;  // windows of all clients

std::vector<ClientWindow> place_rows(const std::vector<ClientWindowRow>& rows, double width_s,
                                     const std::string& file) {
  std::vector<ClientWindow> windows;
  for (const ClientWindowRow& row : rows) {
    windows.resize(client_window_index(row.start_s, width_s, file));
    windows.push_back(row.window);
  }
  return windows;
}

}  // namespace

ClientWindows read_client_windows(const std::string& folder) {
  ClientWindows out{.width_s = 0, .clients = {}};
  std::size_t longest = 0;
  const std::vector<std::string> files = client_window_files(folder);
  std::vector<std::vector<ClientWindowRow>> rows;
  for (const std::string& file : files) {
    rows.push_back(read_client_rows(file));
    if (out.width_s == 0 && rows.back().size() > 1) out.width_s = rows.back()[1].start_s - rows.back()[0].start_s;
  }
  if (out.width_s == 0)
    throw InputError({folder, "no client has two windows", "their distance tells a window's length"});
  for (std::size_t client = 0; client < files.size(); ++client) {
    out.clients.push_back(place_rows(rows[client], out.width_s, files[client]));
    longest = std::max(longest, out.clients.back().size());
    if (longest * files.size() > kMostInAll)
      throw InputError({files[client], "the folder holds over 10 000 000 windows", "take fewer clients or days"});
  }
  for (auto& windows : out.clients) windows.resize(longest);
  if (!(out.mean_rate_per_s() > 0)) throw InputError({folder, "no client ever sends", "take another model class"});
  return out;
}

}  // namespace windtunnel
