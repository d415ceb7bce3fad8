// A list of counts, one for each successive second.
#pragma once

#include <cstdint>
#include <string>

#include "sim/workload/count_bins.hpp"
#include "sim/workload/text_buffer.hpp"

namespace windtunnel {

/// Reads numbers parted by blanks or line ends; one line may be the whole file. Constant memory.
class CountsReader final : public CountBins {
 public:
  /// @param target  row of the map that takes all
  explicit CountsReader(TextBuffer text, std::uint32_t target = 0) : text_(std::move(text)), target_(target) {}

  /// The next second's count; false at the end of the file.
  /// @throws InputError for what is not a whole number in [0, 1e7]
  bool next(std::uint64_t& count);
  /// Counts read so far.
  [[nodiscard]] std::uint64_t seconds() const { return seconds_; }
  bool next(CountBin& bin) override;
  /// "file:line: number n" of the count last read.
  [[nodiscard]] std::string where() const override;

 private:
  bool take_token(std::string_view& token);
  [[nodiscard]] std::uint64_t parse_slowly(std::string_view token) const;

  TextBuffer text_;
  std::uint32_t target_;
  std::uint64_t seconds_ = 0;
  std::uint64_t line_ = 1;
};

}  // namespace windtunnel
