#include "sim/report/hdf5_column.hpp"

#include <algorithm>
#include <cstring>

namespace windtunnel {

Hdf5Column::Hdf5Column(hid_t group, std::string_view name, std::string_view unit, Hdf5Handle type)
    : type_(std::move(type)), item_size_(H5Tget_size(type_.get())) {
  const hsize_t empty = 0, unlimited = H5S_UNLIMITED, chunk = kChunk;
  const Hdf5Handle space(H5Screate_simple(1, &empty, &unlimited), H5Sclose, name);
  const Hdf5Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, name);
  hdf5_check(H5Pset_chunk(creation.get(), 1, &chunk), name);
  hdf5_check(H5Pset_obj_track_times(creation.get(), false), name);  // same run, same bytes: no clock in the file
  if (H5Zfilter_avail(H5Z_FILTER_DEFLATE) > 0) {
    hdf5_check(H5Pset_shuffle(creation.get()), name);
    hdf5_check(H5Pset_deflate(creation.get(), 1), name);
  }
  // Whole chunks are written, so HDF5's own cache (1 MiB a dataset) would only hold memory.
  const Hdf5Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose, name);
  hdf5_check(H5Pset_chunk_cache(access.get(), 1, 0, 1.0), name);
  dataset_ = Hdf5Handle(
      H5Dcreate2(group, hdf5_link(name).c_str(), type_.get(), space.get(), H5P_DEFAULT, creation.get(), access.get()),
      H5Dclose, name);
  if (!unit.empty()) hdf5_attribute(dataset_.get(), "unit", unit);
}

Hdf5Column Hdf5Column::of_doubles(hid_t group, std::string_view name, std::string_view unit) {
  return {group, name, unit, Hdf5Handle(H5Tcopy(H5T_NATIVE_DOUBLE), H5Tclose, name)};
}

Hdf5Column Hdf5Column::of_integers(hid_t group, std::string_view name, std::string_view unit) {
  return {group, name, unit, Hdf5Handle(H5Tcopy(H5T_NATIVE_INT64), H5Tclose, name)};
}

Hdf5Column Hdf5Column::of_text(hid_t group, std::string_view name, std::size_t size) {
  return {group, name, {}, hdf5_text_type(size)};
}

void Hdf5Column::push(std::string_view text) {
  std::size_t size = std::min(text.size(), item_size_);
  if (size < text.size())  // not inside a character: continuation bytes are 10xxxxxx
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U) --size;
  std::vector<char> padded(item_size_, '\0');
  std::copy_n(text.data(), size, padded.data());
  append(padded.data(), item_size_);
}

void Hdf5Column::append(const void* value, std::size_t size) {
  SIM_CHECK(size == item_size_, "a value of the wrong type went to a column of result.h5");
  const std::size_t at = buffer_.size();
  buffer_.resize(at + size);
  std::memcpy(buffer_.data() + at, value, size);
  if (buffer_.size() == kChunk * item_size_) flush();
}

void Hdf5Column::flush() {
  if (buffer_.empty()) return;
  const hsize_t count = buffer_.size() / item_size_;
  const hsize_t size = written_ + count;
  hdf5_check(H5Dset_extent(dataset_.get(), &size), "growing a column");
  const Hdf5Handle file_space(H5Dget_space(dataset_.get()), H5Sclose, "finding a column's end");
  hdf5_check(H5Sselect_hyperslab(file_space.get(), H5S_SELECT_SET, &written_, nullptr, &count, nullptr),
             "finding a column's end");
  const Hdf5Handle memory_space(H5Screate_simple(1, &count, nullptr), H5Sclose, "describing new values");
  hdf5_check(H5Dwrite(dataset_.get(), type_.get(), memory_space.get(), file_space.get(), H5P_DEFAULT, buffer_.data()),
             "writing values");
  written_ = size;
  buffer_.clear();
}

}  // namespace windtunnel
