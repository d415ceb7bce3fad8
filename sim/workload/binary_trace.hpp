// The binary form of a trace: columns in HDF5, which writer and reader agree on here.
//
// The file opens with 512 bytes of text (an HDF5 user block, which h5py and h5dump pass over): the magic line, then the
// checksum of all that follows, so that a damaged file is told before HDF5 sees it. Columns of the root group, one
// value a row, in chunks of 16 384:
//   gap         uint32  nanoseconds since the previous row; 2^32 - 1: the next value of wide_gap, which is int64
//   label       uint16  number of the row's label (low half); label_high: the upper half, if there are that many
//   size        float32 items; deadline, service: int64 nanoseconds (0, -1: none)
// Columns but gap are left out where every row has the default. label_text and label_end (uint64) hold the labels.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/workload/drop_counts.hpp"

namespace windtunnel {

inline constexpr std::string_view kBinaryMagic = "windtunnel trace 1";
inline constexpr std::size_t kBinaryHead = 512;
inline constexpr std::size_t kBinaryChunk = 16'384;
inline constexpr std::uint32_t kWideGap = 0xffffffff;

/// What the file says besides its rows.
struct BinaryFacts {
  std::uint64_t rows = 0;           ///< in the file
  std::uint64_t rows_recorded = 0;  ///< in what it was made from, dropped ones included
  std::uint64_t moved = 0;          ///< put in order when it was made
  std::int64_t first_ns = 0;        ///< time 0 of a re-based replay
  bool wall_clock = false;
  bool has_size = false, has_deadline = false, has_service = false;
  std::string format;  ///< of what it was made from
  DropCounts dropped;
};

/// The head's text, padded to 512 bytes.
std::string binary_head(std::uint64_t checksum);

}  // namespace windtunnel
