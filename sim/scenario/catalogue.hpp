// The catalogue: GPU types and model profiles, embedded at build time from models/catalogue.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cluster/spec.hpp"
#include "sim/core/error.hpp"
#include "sim/scenario/document.hpp"

namespace windtunnel {

struct GpuEntry {
  std::string name;
  GpuType type;
  std::optional<double> price_usd_per_hour;  ///< of one GPU, on demand
  std::string price_source;
};

/// A profile is part of a model block; the keys of a model lie over it.
struct ProfileEntry {
  std::string name;
  std::string doc, source;
  Node block;
};

struct Catalogue {
  std::vector<GpuEntry> gpus;
  std::vector<ProfileEntry> profiles;
};

/// One file of it.
struct CatalogueText {
  std::string_view name;
  std::string_view yaml;
};

/// Reads a catalogue from its texts. A profile that stands in two of them is a problem.
Result<Catalogue> parse_catalogue(std::string_view gpus_yaml, std::span<const CatalogueText> profiles);
/// The same with one text of profiles.
Result<Catalogue> parse_catalogue(std::string_view gpus_yaml, std::string_view profiles_yaml);

/// The one built in. Immutable.
const Catalogue& catalogue();

}  // namespace windtunnel
