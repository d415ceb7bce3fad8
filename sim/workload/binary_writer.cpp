#include "sim/workload/binary_writer.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "sim/core/hdf5_handle.hpp"
#include "sim/workload/file_checksum.hpp"
#include "sim/workload/label_table.hpp"
#include "sim/workload/row_reader.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kLabelChunk = 1024;

/// A column that appears in the file only once a value differs from the default.
template <class T>
class LazyColumn {
 public:
  LazyColumn(const char* name, hid_t type, T fallback, const char* unit, std::size_t chunk = kBinaryChunk)
      : name_(name), type_(type), fallback_(fallback), unit_(unit), chunk_(chunk) {}
  void push(T value, hid_t file) {
    values_.push_back(value);
    differs_ = differs_ || value != fallback_;
    if (values_.size() == chunk_) flush(file);
  }
  void flush(hid_t file) {
    if (differs_ && !dataset_) create(file);
    if (differs_ && !values_.empty()) write();
    begin_ += values_.size();
    values_.clear();
    differs_ = false;
  }
  void finish(hid_t file) {
    flush(file);
    const hsize_t size = begin_;
    if (dataset_) hdf5_check(H5Dset_extent(dataset_.get(), &size), name_);
  }
  void create(hid_t file) {
    const hsize_t empty = 0, unlimited = H5S_UNLIMITED, chunk = chunk_;
    const Hdf5Handle space(H5Screate_simple(1, &empty, &unlimited), H5Sclose, name_);
    const Hdf5Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, name_);
    hdf5_check(H5Pset_chunk(creation.get(), 1, &chunk), name_);
    hdf5_check(H5Pset_obj_track_times(creation.get(), false), name_);  // same trace, same bytes
    hdf5_check(H5Pset_fill_value(creation.get(), type_, &fallback_), name_);
    dataset_ = Hdf5Handle(H5Dcreate2(file, name_, type_, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
                          H5Dclose, name_);
    if (*unit_ != '\0') hdf5_attribute(dataset_.get(), "unit", unit_);
  }

 private:
  void write() {
    const hsize_t begin = begin_, count = values_.size(), size = begin + count;
    hdf5_check(H5Dset_extent(dataset_.get(), &size), name_);
    const Hdf5Handle file_space(H5Dget_space(dataset_.get()), H5Sclose, name_);
    hdf5_check(H5Sselect_hyperslab(file_space.get(), H5S_SELECT_SET, &begin, nullptr, &count, nullptr), name_);
    const Hdf5Handle memory(H5Screate_simple(1, &count, nullptr), H5Sclose, name_);
    hdf5_check(H5Dwrite(dataset_.get(), type_, memory.get(), file_space.get(), H5P_DEFAULT, values_.data()), name_);
  }

  const char* name_;
  hid_t type_;
  T fallback_;
  const char* unit_;
  std::size_t chunk_;
  Hdf5Handle dataset_;
  std::vector<T> values_;
  std::uint64_t begin_ = 0;
  bool differs_ = false;
};

Hdf5Handle create_file(const std::string& path) {
  const Hdf5Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "making a trace file");
  hdf5_check(H5Pset_userblock(creation.get(), kBinaryHead), "making a trace file");
  hdf5_check(H5Pset_obj_track_times(creation.get(), false), "making a trace file");
  return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), H5P_DEFAULT), H5Fclose, "making " + path};
}

}  // namespace

std::string binary_head(std::uint64_t checksum) {
  std::string head = fmt::format("{}\nchecksum {:016x}\n", kBinaryMagic, checksum);
  head += "an HDF5 file with a user block; windtunnel trace info shows what it holds\n";
  head.resize(kBinaryHead, '\n');
  return head;
}

struct BinaryWriter::State {
  explicit State(const std::string& file_path) : path(file_path), file(create_file(file_path)) {
    gap.create(file.get());
  }
  std::string path;
  Hdf5Handle file;
  LazyColumn<std::uint32_t> gap{"gap", H5T_NATIVE_UINT32, 0, "ns"};
  LazyColumn<std::int64_t> wide_gap{"wide_gap", H5T_NATIVE_INT64, -1, "ns"};
  LazyColumn<std::uint16_t> label{"label", H5T_NATIVE_UINT16, 0, ""},
      label_high{"label_high", H5T_NATIVE_UINT16, 0, ""};
  LazyColumn<float> size{"size", H5T_NATIVE_FLOAT, 1, "items"};
  LazyColumn<std::int64_t> deadline{"deadline", H5T_NATIVE_INT64, 0, "ns"};
  LazyColumn<std::int64_t> service{"service", H5T_NATIVE_INT64, -1, "ns"};
  LabelTable labels;
  std::uint64_t rows = 0;
  std::int64_t base_ns = 0, last_ns = 0;
};

BinaryWriter::BinaryWriter(const std::string& path) {
  const std::lock_guard lock(hdf5_lock());
  hdf5_begin();  // before HDF5's types are named, which starts the library
  hdf5_silence();
  state_ = std::make_unique<State>(path);
}
BinaryWriter::BinaryWriter(BinaryWriter&&) noexcept = default;
BinaryWriter::~BinaryWriter() {
  const std::lock_guard lock(hdf5_lock());
  state_.reset();
}

void BinaryWriter::add(const TraceRow& row) {
  State& s = *state_;
  const std::lock_guard lock(hdf5_lock());
  const hid_t file = s.file.get();
  if (s.rows++ == 0) s.base_ns = s.last_ns = row.at_ns;
  const std::int64_t gap_ns = row.at_ns - s.last_ns;
  s.last_ns = row.at_ns;
  if (gap_ns >= static_cast<std::int64_t>(kWideGap)) s.wide_gap.push(gap_ns, file);
  s.gap.push(gap_ns < static_cast<std::int64_t>(kWideGap) ? static_cast<std::uint32_t>(gap_ns) : kWideGap, file);
  const std::uint32_t label = s.labels.number(row.label);  // the reader has the same limit
  s.label.push(static_cast<std::uint16_t>(label), file);
  s.label_high.push(static_cast<std::uint16_t>(label >> 16U), file);
  s.size.push(row.size, file);
  s.deadline.push(row.deadline.count(), file);
  s.service.push(row.service_ns, file);
}

namespace {

/// The labels one after the other, and where each ends.
void write_labels(hid_t file, const LabelTable& labels) {
  LazyColumn<std::uint8_t> text("label_text", H5T_NATIVE_UINT8, 0, "", kLabelChunk);
  LazyColumn<std::uint64_t> end("label_end", H5T_NATIVE_UINT64, 0, "", kLabelChunk);
  text.create(file);
  end.create(file);
  std::uint64_t at = 0;
  for (std::uint32_t i = 0; i < labels.size(); ++i) {
    for (const char c : labels.text(i)) text.push(static_cast<std::uint8_t>(c), file);
    end.push(at += labels.text(i).size(), file);
  }
  text.finish(file);
  end.finish(file);
}

}  // namespace

void BinaryWriter::finish(BinaryFacts facts) {
  State& s = *state_;
  {
    const std::lock_guard lock(hdf5_lock());
    const hid_t file = s.file.get();
    s.gap.finish(file);
    s.wide_gap.finish(file);
    for (auto* column : {&s.label, &s.label_high}) column->finish(file);
    s.size.finish(file);
    for (auto* column : {&s.deadline, &s.service}) column->finish(file);
    write_labels(file, s.labels);
    nlohmann::ordered_json dropped = nlohmann::ordered_json::object();
    for (const auto& [reason, rows] : facts.dropped.by_reason()) dropped[reason] = rows;
    const auto number = [&](const char* name, std::uint64_t value) {
      hdf5_attribute(file, name, static_cast<std::int64_t>(value));
    };
    number("rows", s.rows);
    number("rows_recorded", facts.rows_recorded);
    number("moved", facts.moved);
    number("wall_clock", facts.wall_clock ? 1 : 0);
    number("has_size", facts.has_size ? 1 : 0);
    number("has_deadline", facts.has_deadline ? 1 : 0);
    number("has_service", facts.has_service ? 1 : 0);
    hdf5_attribute(file, "first_ns", facts.first_ns);
    hdf5_attribute(file, "base_ns", s.base_ns);
    hdf5_attribute(file, "source_format", facts.format);
    hdf5_attribute(file, "dropped", dropped.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    const std::string path = s.path;
    state_.reset();  // closes the file, so that its bytes are whole
    const std::string head = binary_head(checksum_of(path, kBinaryHead));
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(path.c_str(), "r+b"), std::fclose);
    if (!out || std::fwrite(head.data(), 1, head.size(), out.get()) != head.size() || std::fflush(out.get()) != 0)
      throw IoError(path + ": cannot be written; is the disk full?");
  }
}

}  // namespace windtunnel
