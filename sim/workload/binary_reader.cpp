#include "sim/workload/binary_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "sim/core/hdf5_handle.hpp"
#include "sim/core/time.hpp"
#include "sim/workload/file_checksum.hpp"
#include "sim/workload/label_table.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kLastNs = 7'300'000'000'000'000'000;    // wall clocks go on until the end of 2199
constexpr std::int64_t kFirstNs = -1'100'000'000'000'000'000;  // the longest service time before 1970
constexpr std::uint64_t kMostLabelBytes = std::uint64_t{1} << 28;

[[noreturn]] void refuse_binary(const std::string& path, std::string what) {
  throw InputError({path, std::move(what), "make it again with windtunnel trace convert"});
}

/// Before HDF5 sees a byte: the file is what its writer closed.
void check_head(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  std::string head(kBinaryHead, '\0');
  if (!file || std::fread(head.data(), 1, head.size(), file.get()) != head.size())
    refuse_binary(path, "is too short for a windtunnel trace: it was cut short");
  if (!head.starts_with(kBinaryMagic))
    throw InputError(
        {path, "is a windtunnel trace only after unpacking", "unpack it: the binary form is read as it is"});
  if (head != binary_head(checksum_of(path, kBinaryHead)))
    refuse_binary(path, "is damaged: its checksum is not that of its bytes");
}

Hdf5Handle open_column(hid_t file, const char* name) {
  if (H5Lexists(file, name, H5P_DEFAULT) <= 0) return {};
  return {H5Dopen2(file, name, H5P_DEFAULT), H5Dclose, name};
}

std::uint64_t extent_of(const Hdf5Handle& column) {
  if (!column) return 0;
  const Hdf5Handle space(H5Dget_space(column.get()), H5Sclose, "reading a column's size");
  if (H5Sget_simple_extent_ndims(space.get()) != 1) return 0;
  hsize_t size = 0;
  H5Sget_simple_extent_dims(space.get(), &size, nullptr);
  return size;
}

template <class T>
void read_part(const Hdf5Handle& column, hid_t type, std::uint64_t begin, std::size_t count, std::vector<T>& out) {
  out.resize(count);
  if (count == 0) return;
  const hsize_t start = begin, size = count;
  const Hdf5Handle space(H5Dget_space(column.get()), H5Sclose, "reading a column");
  hdf5_check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &start, nullptr, &size, nullptr), "reading a column");
  const Hdf5Handle memory(H5Screate_simple(1, &size, nullptr), H5Sclose, "reading a column");
  hdf5_check(H5Dread(column.get(), type, memory.get(), space.get(), H5P_DEFAULT, out.data()), "reading a column");
}

std::int64_t number_attribute(hid_t file, const char* name) {
  const Hdf5Handle attribute(H5Aopen(file, name, H5P_DEFAULT), H5Aclose, name);
  std::int64_t value = 0;
  hdf5_check(H5Aread(attribute.get(), H5T_NATIVE_INT64, &value), name);
  return value;
}

std::string text_attribute(hid_t file, const char* name) {
  const Hdf5Handle attribute(H5Aopen(file, name, H5P_DEFAULT), H5Aclose, name);
  const Hdf5Handle type = hdf5_text_type(H5T_VARIABLE);
  char* text = nullptr;
  hdf5_check(H5Aread(attribute.get(), type.get(), static_cast<void*>(&text)), name);
  std::string value = text == nullptr ? "" : text;
  H5free_memory(text);
  return value;
}

}  // namespace

struct BinaryReader::File {
  Hdf5Handle file, gap, wide_gap, label, label_high, size, deadline, service;
  std::uint64_t wide_at = 0;
  std::vector<std::uint32_t> gaps;  // working room
  std::vector<std::int64_t> wide;
  std::vector<std::uint16_t> halves;
};

BinaryReader::BinaryReader(const std::string& path) : path_(path), file_(std::make_unique<File>()) {
  check_head(path);
  const std::lock_guard lock(hdf5_lock());
  hdf5_begin();
  hdf5_silence();
  try {
    file_->file = Hdf5Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "opening " + path);
    const hid_t file = file_->file.get();
    read_facts();
    file_->gap = open_column(file, "gap");
    file_->wide_gap = open_column(file, "wide_gap");
    file_->label = open_column(file, "label");
    file_->label_high = open_column(file, "label_high");
    file_->size = open_column(file, "size");
    file_->deadline = open_column(file, "deadline");
    file_->service = open_column(file, "service");
    more_columns_ = file_->size || file_->deadline || file_->service;
    read_labels();
  } catch (const IoError& error) {  // whole, yet not what the writer makes
    refuse_binary(path_, error.what());
  } catch (const nlohmann::json::exception&) {
    refuse_binary(path_, "its attribute dropped is no list of reasons");
  }
  for (const Hdf5Handle* column :
       {&file_->gap, &file_->label, &file_->label_high, &file_->size, &file_->deadline, &file_->service})
    if (*column && extent_of(*column) != facts_.rows) refuse_binary(path_, "its columns differ in length");
  if (facts_.rows == 0 || !file_->gap) refuse_binary(path_, "holds no rows");
}

BinaryReader::~BinaryReader() {
  const std::lock_guard lock(hdf5_lock());
  file_.reset();
}

void BinaryReader::read_facts() {
  const hid_t file = file_->file.get();
  facts_.rows = static_cast<std::uint64_t>(number_attribute(file, "rows"));
  facts_.rows_recorded = static_cast<std::uint64_t>(number_attribute(file, "rows_recorded"));
  facts_.moved = static_cast<std::uint64_t>(number_attribute(file, "moved"));
  facts_.wall_clock = number_attribute(file, "wall_clock") != 0;
  facts_.has_size = number_attribute(file, "has_size") != 0;
  facts_.has_deadline = number_attribute(file, "has_deadline") != 0;
  facts_.has_service = number_attribute(file, "has_service") != 0;
  facts_.first_ns = number_attribute(file, "first_ns");
  last_ns_ = number_attribute(file, "base_ns");
  facts_.format = text_attribute(file, "source_format");
  const auto dropped = nlohmann::ordered_json::parse(text_attribute(file, "dropped"));
  for (const auto& [reason, rows] : dropped.items()) facts_.dropped.add(reason, rows.get<std::uint64_t>());
  if (facts_.rows > facts_.rows_recorded || last_ns_ > kLastNs || last_ns_ < kFirstNs || facts_.first_ns > last_ns_ ||
      facts_.first_ns < kFirstNs)
    refuse_binary(path_, "its attributes contradict each other");
}

void BinaryReader::read_labels() {
  const Hdf5Handle text = open_column(file_->file.get(), "label_text"),
                   end = open_column(file_->file.get(), "label_end");
  const std::uint64_t bytes = extent_of(text), count = extent_of(end);
  if (bytes > kMostLabelBytes || count == 0 || count > LabelTable::kMost)
    refuse_binary(path_, "has no table of labels");
  std::vector<char> all;
  std::vector<std::uint64_t> ends;
  read_part(text, H5T_NATIVE_UINT8, 0, bytes, all);
  read_part(end, H5T_NATIVE_UINT64, 0, count, ends);
  std::uint64_t begin = 0;
  for (const std::uint64_t stop : ends) {
    if (stop < begin || stop > bytes) refuse_binary(path_, "its table of labels is out of order");
    labels_.emplace_back(all.data() + begin, stop - begin);
    begin = stop;
  }
  label_texts_.assign(labels_.begin(), labels_.end());
}

bool BinaryReader::next_block() {
  begin_ += size_;
  at_ = size_ = 0;
  if (begin_ == facts_.rows) return false;
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kBinaryChunk, facts_.rows - begin_));
  const std::lock_guard lock(hdf5_lock());
  File& f = *file_;
  read_part(f.gap, H5T_NATIVE_UINT32, begin_, count, f.gaps);
  const auto wide = static_cast<std::size_t>(std::count(f.gaps.begin(), f.gaps.end(), kWideGap));
  if (extent_of(f.wide_gap) < f.wide_at + wide) refuse_binary(path_, "its column wide_gap is too short");
  read_part(f.wide_gap, H5T_NATIVE_INT64, f.wide_at, wide, f.wide);
  f.wide_at += wide;
  if (f.label) {
    read_part(f.label, H5T_NATIVE_UINT16, begin_, count, f.halves);
    label_.assign(f.halves.begin(), f.halves.end());
  }
  if (f.label_high) {
    read_part(f.label_high, H5T_NATIVE_UINT16, begin_, count, f.halves);
    label_.resize(count);
    for (std::size_t i = 0; i < count; ++i) label_[i] += std::uint32_t{f.halves[i]} << 16U;
  }
  if (f.size) read_part(f.size, H5T_NATIVE_FLOAT, begin_, count, size_column_);
  if (f.deadline) read_part(f.deadline, H5T_NATIVE_INT64, begin_, count, deadline_);
  if (f.service) read_part(f.service, H5T_NATIVE_INT64, begin_, count, service_);
  times_.resize(count);
  if (wide == 0 && last_ns_ < kLastNs - static_cast<std::int64_t>(kBinaryChunk) * kWideGap) {
    std::int64_t at_ns = last_ns_;  // a sum in a register
    for (std::size_t i = 0; i < count; ++i) times_[i] = at_ns += f.gaps[i];
    last_ns_ = at_ns;
  } else {
    add_wide_gaps(count);
  }
  size_ = count;
  check_block();
  return true;
}

/// Gaps of any length, which may end beyond the last instant there is.
void BinaryReader::add_wide_gaps(std::size_t count) {
  std::size_t next_wide = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t gap_ns = file_->gaps[i];
    if (gap_ns == kWideGap) {
      gap_ns = file_->wide[next_wide++];
      if (gap_ns < 0) refuse_binary(path_, "holds a gap that is no time");
    }
    if (gap_ns > kLastNs - last_ns_) refuse_binary(path_, "goes on beyond the year 2199");
    times_[i] = last_ns_ += gap_ns;
  }
}

/// One pass over each column, so that take() need not look.
void BinaryReader::check_block() {
  std::uint32_t largest = 0;  // without a branch, so that compilers take several at once
  for (const std::uint32_t label : label_) largest = std::max(largest, label);
  if (largest >= labels_.size()) refuse_binary(path_, "holds a label that its table has not");
  for (const float size : size_column_)
    if (!(size > 0 && size <= 1e9F)) refuse_binary(path_, "holds a size outside (0, 1e9]");
  for (const std::int64_t deadline : deadline_)
    if (deadline < 0 || deadline > kLastNs) refuse_binary(path_, "holds a deadline that is no time");
  for (const std::int64_t service : service_)
    if (service < -1 || service > kLastNs) refuse_binary(path_, "holds a service time that is no time");
}

void BinaryReader::take_more(TraceRow& row) const {
  if (!size_column_.empty()) row.size = size_column_[at_];
  if (!deadline_.empty()) row.deadline = Duration{deadline_[at_]};
  if (!service_.empty()) row.service_ns = service_[at_];
}

std::string BinaryReader::where() const {
  return fmt::format("{}: row {}", path_, begin_ + at_);
}

}  // namespace windtunnel
