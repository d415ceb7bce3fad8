// Reads the binary form of a trace, block by block.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/workload/binary_trace.hpp"
#include "sim/workload/drop_counts.hpp"
#include "sim/workload/trace_row.hpp"

namespace windtunnel {

/// Constant memory: one block of each column that is there.
class BinaryReader {
 public:
  /// @throws InputError for a file that is damaged (its checksum says so), compressed, or not what the writer makes
  explicit BinaryReader(const std::string& path);
  ~BinaryReader();

  /// The next row; false at the end.
  bool next(TraceRow& row) {
    if (at_ == size_ && !next_block()) return false;
    take(row);
    return true;
  }
  [[nodiscard]] const BinaryFacts& facts() const { return facts_; }
  [[nodiscard]] bool has_labels() const { return labels_.size() > 1 || !labels_.front().empty(); }
  /// "file: row n" of the row last returned.
  [[nodiscard]] std::string where() const;

 private:
  struct File;
  bool next_block();
  void take(TraceRow& row) {
    row.at_ns = times_[at_];
    row.label_number = label_.empty() ? 0 : label_[at_];
    row.label = label_texts_[row.label_number];
    row.size = 1;
    row.deadline = {};
    row.service_ns = -1;
    if (more_columns_) take_more(row);
    ++at_;
  }
  void take_more(TraceRow& row) const;
  void read_facts();
  void read_labels();
  void add_wide_gaps(std::size_t count);
  void check_block();

  std::string path_;
  BinaryFacts facts_;
  std::vector<std::string> labels_;
  std::vector<std::string_view> label_texts_;  // of them: half as far apart in memory
  std::unique_ptr<File> file_;
  std::vector<std::int64_t> times_;  // of the block; the other columns are empty where the file has none
  std::vector<std::uint32_t> label_;
  std::vector<float> size_column_;
  std::vector<std::int64_t> deadline_, service_;
  bool more_columns_ = false;  // than times and labels
  std::size_t at_ = 0, size_ = 0;
  std::uint64_t begin_ = 0;  // rows before this block
  std::int64_t last_ns_ = 0;
};

}  // namespace windtunnel
