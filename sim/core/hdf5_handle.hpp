// HDF5 through its C API: a handle that closes itself, a lock, and errors as exceptions.
#pragma once

#include <hdf5.h>

#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "sim/core/error.hpp"

namespace windtunnel {

/// Owns an HDF5 id and closes it with the function of its kind.
class Hdf5Handle {
 public:
  using Closer = herr_t (*)(hid_t);
  Hdf5Handle() = default;
  /// @throws IoError naming `what` when the id says that the call failed
  Hdf5Handle(hid_t id, Closer close, std::string_view what) : id_(id), close_(close) {
    if (id_ < 0) throw IoError("HDF5: " + std::string(what) + " failed");
  }
  Hdf5Handle(Hdf5Handle&& other) noexcept { *this = std::move(other); }
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Hdf5Handle() {
    if (id_ >= 0) close_(id_);
  }
  [[nodiscard]] hid_t get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }

 private:
  hid_t id_ = H5I_INVALID_HID;
  Closer close_ = nullptr;
};

/// @throws IoError when `status` says that the call failed
void hdf5_check(herr_t status, std::string_view what);

/// Held around every use of HDF5. A global, and rightly so: the library itself is one per process, with state that two
/// threads at once would corrupt (Debian builds it without thread safety), whatever experiments they belong to. A lock
/// handed down from each experiment leaves out those beside it.
std::mutex& hdf5_lock();

/// Before a process first uses HDF5: keeps the library from going through its open files once more when the process
/// ends. A file it could not write (a full disk) stays open inside it, and trying again at exit crashes (HDF5 1.10).
/// Ours are closed by their handles. Without effect where somebody else has begun.
void hdf5_begin();

/// Stops HDF5 from printing its error stack; it does so per thread.
void hdf5_silence();

/// A UTF-8 string type of that many bytes, padded with zeros, or of H5T_VARIABLE length.
Hdf5Handle hdf5_text_type(std::size_t size);

void hdf5_attribute(hid_t object, const char* name, std::string_view text);
void hdf5_attribute(hid_t object, const char* name, std::int64_t number);

/// A group; `name` is one link, so '/' in it is written %2F.
Hdf5Handle hdf5_group(hid_t parent, std::string_view name);
std::string hdf5_link(std::string_view name);

}  // namespace windtunnel
