#include "sim/core/hdf5_handle.hpp"

namespace windtunnel {
namespace {

void write_attribute(hid_t object, const char* name, hid_t type, const void* value) {
  const Hdf5Handle space(H5Screate(H5S_SCALAR), H5Sclose, "making a scalar");
  const Hdf5Handle attribute(H5Acreate2(object, name, type, space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose, name);
  hdf5_check(H5Awrite(attribute.get(), type, value), name);
}

}  // namespace

void hdf5_check(herr_t status, std::string_view what) {
  if (status < 0) throw IoError("HDF5: " + std::string(what) + " failed");
}

std::mutex& hdf5_lock() {
  static std::mutex lock;
  return lock;
}

void hdf5_begin() {
  (void)H5dont_atexit();
}

void hdf5_silence() {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Hdf5Handle hdf5_text_type(std::size_t size) {
  Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "making a string type");
  hdf5_check(H5Tset_size(type.get(), size == 0 ? 1 : size), "sizing a string type");
  if (size != H5T_VARIABLE) hdf5_check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), "padding a string type");
  hdf5_check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "making a string type UTF-8");
  return type;
}

void hdf5_attribute(hid_t object, const char* name, std::string_view text) {
  const Hdf5Handle type = hdf5_text_type(H5T_VARIABLE);  // of variable length, which h5py shows as str
  const std::string value(text);
  const char* pointer = value.c_str();
  write_attribute(object, name, type.get(), &pointer);
}

void hdf5_attribute(hid_t object, const char* name, std::int64_t number) {
  write_attribute(object, name, H5T_NATIVE_INT64, &number);
}

std::string hdf5_link(std::string_view name) {
  if (name == ".") return "%2E";
  std::string out;
  for (const char c : name) {
    if (c == '/')
      out += "%2F";
    else if (c != '\0')
      out += c;
  }
  return out.empty() ? "%" : out;
}

Hdf5Handle hdf5_group(hid_t parent, std::string_view name) {
  const Hdf5Handle creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, name);
  hdf5_check(H5Pset_obj_track_times(creation.get(), false), name);
  return {H5Gcreate2(parent, hdf5_link(name).c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT), H5Gclose, name};
}

}  // namespace windtunnel
