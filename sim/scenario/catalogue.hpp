// The catalogue: GPU types, their MIG profiles and prices, and model profiles, embedded at build time from
// models/catalogue.
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

/// What an instance with such GPUs costs somewhere at some time.
struct PriceEntry {
  std::string gpu, provider, instance;
  int gpus = 1;
  double usd_per_hour = 0;  ///< of the instance, its GPUs together
  std::string tier, region, as_of, tag;
};

struct Catalogue {
  std::vector<GpuEntry> gpus;
  std::vector<MigFamily> mig;
  std::vector<PriceEntry> prices;
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

/// The MIG families and the prices of a catalogue, each from its text.
Result<std::vector<MigFamily>> parse_mig(std::string_view yaml);
Result<std::vector<PriceEntry>> parse_prices(std::string_view yaml);

/// The MIG family of that GPU type, or null: it has no MIG, or none whose profiles are known.
const MigFamily* mig_family(const GpuType& gpu);

/// The one built in. Immutable.
const Catalogue& catalogue();

}  // namespace windtunnel
