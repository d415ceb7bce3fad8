// One client's windows as ServeGen writes them: chunk-<client>-trace.csv.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/workload/client_population.hpp"

namespace windtunnel {

struct ClientWindowRow {
  double start_s;
  ClientWindow window;
};

/// True for the name chunk-<number>-trace.csv or .csv.gz.
bool is_client_window_file(std::string_view name);

/// Of a folder: its chunk-<client>-trace.csv[.gz], by the client's number; of a file: itself.
/// @throws InputError for a folder that cannot be read or holds none or over 10 000
std::vector<std::string> client_window_files(const std::string& path);

/// Rows `start_s,rate,cv,pattern,p1,p2` without header, in time order.
/// @throws InputError with file and line for a row that is none, and for over 100 000 of them
std::vector<ClientWindowRow> read_client_rows(const std::string& file);

/// The window that begins at `start_s`, counted from 0 in steps of `width_s`.
/// @throws InputError when it is no multiple, or the 100 000th or later
std::size_t client_window_index(double start_s, double width_s, const std::string& file);

}  // namespace windtunnel
