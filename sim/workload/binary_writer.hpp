// Writes the binary form of a trace.
#pragma once

#include <memory>
#include <string>

#include "sim/workload/binary_trace.hpp"

namespace windtunnel {

struct TraceRow;

/// Rows in time order, a chunk of each column in memory. Everything may throw IoError.
class BinaryWriter {
 public:
  explicit BinaryWriter(const std::string& path);
  BinaryWriter(BinaryWriter&&) noexcept;
  ~BinaryWriter();
  void add(const TraceRow& row);
  /// Writes the rest, `facts` (rows are counted here) and the head.
  void finish(BinaryFacts facts);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace windtunnel
