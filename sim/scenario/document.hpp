// A YAML document as a plain tree that remembers lines, quotes and files. Strict where YAML is lax: duplicate keys,
// tags, several documents, tabs, binary junk, deep nesting and alias bombs are refused.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.hpp"

namespace windtunnel {

struct Entry;

/// One value of the document. Maps keep the order of the file.
struct Node {
  enum class Kind : std::uint8_t { null, scalar, sequence, map };
  Kind kind = Kind::null;
  bool quoted = false;                        ///< a scalar in quotes, or a block scalar: text, never a number
  int line = 0;                               ///< from 1; 0 when there is none
  std::shared_ptr<const std::string> source;  ///< file name; shared by all nodes of one document
  std::string text;                           ///< of a scalar
  std::vector<Node> items;                    ///< of a sequence
  std::vector<Entry> entries;                 ///< of a map; keys differ

  static Node scalar(std::string value, bool quoted_text = false);
  static Node map();
  static Node sequence();

  [[nodiscard]] const Node* find(std::string_view key) const;
  [[nodiscard]] Node* find(std::string_view key);
  /// Replaces the value of `key`, or appends it.
  Node& set(std::string_view key, Node value);
  void erase(std::string_view key);
  [[nodiscard]] bool is(Kind k) const { return kind == k; }
  /// "a list", "a block of keys", "the text x", as messages call it.
  [[nodiscard]] std::string describe() const;
  /// "file:line", or what is known of it.
  [[nodiscard]] std::string place() const;
};

struct Entry {
  std::string key;
  int line = 0;
  Node value;
};

inline constexpr int kDeepest = 64;                ///< levels of nesting a document may have
inline constexpr std::size_t kMostNodes = 200000;  ///< values, aliases expanded
inline constexpr std::size_t kLargestFile = 4 << 20;

/// Parses one document. An empty document is an error.
Result<Node> parse_document(std::string_view text, std::string_view source);
/// Parses every document of a text ("---" between them); empty ones are left out, and a text may have none. The bounds
/// hold for all of them together.
Result<std::vector<Node>> parse_documents(std::string_view text, std::string_view source);

/// The tree as YAML that parses to the same tree (lines and files aside). Small leaves are written on one line.
std::string write_document(const Node& node);
/// The same on one line, in flow style.
std::string write_flow(const Node& node);

/// Text of a document for a message: it may be of any length and hold terminal escapes, a message is one short line.
/// @param longest  bytes kept, before "..."
std::string one_line(std::string_view text, std::size_t longest);

}  // namespace windtunnel
