#include "sim/recommend/pod_owner.hpp"

#include <algorithm>

namespace windtunnel {
namespace {

constexpr std::string_view kGenerated = "bcdfghjklmnpqrstvwxz2456789";

bool is_generated(std::string_view part, std::size_t least, std::size_t most) {
  return part.size() >= least && part.size() <= most &&
         std::all_of(part.begin(), part.end(), [](char c) { return kGenerated.find(c) != std::string_view::npos; });
}

bool is_number(std::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The part after the last hyphen; empty where nothing would be left before it.
std::string_view last_part(std::string_view name) {
  const auto hyphen = name.rfind('-');
  return hyphen == std::string_view::npos || hyphen == 0 ? std::string_view{} : name.substr(hyphen + 1);
}

std::string_view without(std::string_view name, std::string_view part) {
  return name.substr(0, name.size() - part.size() - 1);
}

}  // namespace

std::string_view owner_of_pod(std::string_view pod) {
  const std::string_view last = last_part(pod);
  if (is_generated(last, 5, 5)) {
    const std::string_view rest = without(pod, last);
    const std::string_view hash = last_part(rest);
    return is_generated(hash, 8, 10) ? without(rest, hash) : rest;
  }
  return is_number(last) ? without(pod, last) : pod;
}

}  // namespace windtunnel
