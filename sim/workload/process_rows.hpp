// The rows of the process registry, by kind; process_registry.cpp joins them.
#pragma once

#include <string>
#include <vector>

#include "sim/workload/registry.hpp"

namespace windtunnel {

/// A row with its cross-check: "rule; way out", or empty; nullptr where the parameters need none.
struct ProcessRow {
  ProcessEntry entry;
  std::string (*check)(const ParamSet&) = nullptr;
};

std::vector<ProcessRow> independent_process_rows();  ///< independent gaps or batches
std::vector<ProcessRow> modulated_process_rows();    ///< a rate that moves: by chance, by the past, by an event
std::vector<ProcessRow> span_process_rows();         ///< counts given by spans of time
std::vector<ProcessRow> client_process_rows();       ///< populations of clients

/// Of a chain of states: levels, sojourn, transitions, generator. @param optional  whether levels may be left out
std::vector<Param> chain_params(bool optional);

/// Of a rate in queries per second, above 0.
Param rate_param(std::string_view name, std::string_view doc, bool optional = false);

}  // namespace windtunnel
