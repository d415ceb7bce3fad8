// ServeGen's windows added up over the clients of a file or folder, for `trace info`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace windtunnel {

struct WindowSum {
  double width_s = 0;
  std::vector<double> rate_per_s;  ///< of all clients, by window
  std::uint64_t clients = 0, rows = 0;
};

/// True for a folder that holds chunk-<client>-trace.csv files.
bool is_client_folder(const std::string& path);

/// Reads one file, or every chunk-*-trace.csv[.gz] of a folder.
/// @throws InputError for a row that is none, windows out of step, over 100 000 windows or 10 000 files
WindowSum sum_client_windows(const std::string& path);

}  // namespace windtunnel
