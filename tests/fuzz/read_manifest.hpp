// The bytes become a manifest, which becomes the objects of a scenario, or problems.
#pragma once

#include <string_view>

#include "bindings/kubernetes/manifest_set.hpp"
#include "bindings/kubernetes/object.hpp"

namespace windtunnel::testing {

/// @return objects, models and problems, so that nothing is optimised away
inline std::size_t read_manifest(std::string_view text) {
  auto documents = parse_documents(text, "fuzz.yaml");
  if (!documents) return documents.problems().size();
  ProblemList problems;
  kubernetes::ManifestSet set;
  for (auto& document : *documents) kubernetes::take_document(problems, std::move(document), set.objects);
  kubernetes::join_objects(problems, set, {});
  return problems.in_order().size() + set.objects.size() + set.models.size();
}

}  // namespace windtunnel::testing
