// The metadata of a KEDA trigger: texts by key, each made what its scaler takes it for.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/document.hpp"
#include "sim/scenario/problem_list.hpp"

namespace windtunnel {

/// Every key asked for becomes a known one; finish() names those nobody asked for. Values may stand in quotes, as
/// Kubernetes wants them, or bare.
class KedaMetadata {
 public:
  /// @param node  must outlive the reader; null: no metadata
  KedaMetadata(ProblemList& problems, const Node& trigger, const Node* node, std::string path);

  [[nodiscard]] bool ok() const { return ok_; }
  std::optional<std::string> text(std::string_view key);
  /// A problem where it is left out. @param doc  what it is
  std::string need(std::string_view key, std::string_view doc);
  /// @param least  itself allowed unless `above`
  double number(std::string_view key, double fallback, double least, bool above = false);
  double need_number(std::string_view key, std::string_view doc, double least, bool above);
  std::int64_t whole(std::string_view key, std::int64_t fallback, std::int64_t least);
  bool flag(std::string_view key, bool fallback);
  std::size_t choice(std::string_view key, std::initializer_list<std::string_view> words, std::size_t fallback);

  /// Where the source is and how to log in: here the source is the model's own queue, or what was scraped.
  void connection(std::initializer_list<std::string_view> keys);
  /// Keys that KEDA has and this does not model: a problem where they are given.
  void not_modelled(std::initializer_list<std::string_view> keys, std::string_view hint);
  void refuse(std::string_view key, std::string what, std::string hint);
  void finish();

 private:
  [[nodiscard]] const Node* find(std::string_view key);
  std::optional<double> parse(std::string_view key, const Node& value, std::string_view kind);

  ProblemList& problems_;
  const Node& trigger_;
  const Node* node_;
  std::string path_;
  std::vector<std::string_view> known_;
  std::string_view refused_;  ///< the key last refused for not being a text
  bool ok_ = true;
};

}  // namespace windtunnel
