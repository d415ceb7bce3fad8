// A tree as YAML text.
#include <algorithm>

#include <fmt/format.h>

#include "sim/scenario/document.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kWidth = 100;

/// May stand without quotes anywhere, flow style included, and is read back as the same plain scalar.
bool is_plain(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return false;
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '/' || c == '-' || c == '+';
  };
  if (text.front() == '-' && (text.size() == 1 || text[1] == '-')) return false;  // "- ", "---"
  if (text.substr(0, 3) == "...") return false;
  return std::all_of(text.begin(), text.end(), safe);
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string write_scalar(std::string_view text, bool quoted) {
  return quoted || !is_plain(text) ? quote(text) : std::string(text);
}

bool is_leaf(const Node& node) {
  const auto nested = [](const Node& n) { return n.is(Node::Kind::map) || n.is(Node::Kind::sequence); };
  if (node.is(Node::Kind::map))
    return std::none_of(node.entries.begin(), node.entries.end(), [&](const Entry& e) { return nested(e.value); });
  return std::none_of(node.items.begin(), node.items.end(), nested);
}

void write(const Node& node, int indent, std::string& out);

void write_value(const Node& node, int indent, std::string& out) {
  const bool nested = node.is(Node::Kind::map) || node.is(Node::Kind::sequence);
  if (!nested || is_leaf(node)) {
    const std::string flow = write_flow(node);
    if (!nested || flow.size() + static_cast<std::size_t>(indent) < kWidth || node.entries.empty()) {
      out += " " + flow + "\n";
      return;
    }
  }
  out += "\n";
  write(node, indent + 2, out);
}

void write(const Node& node, int indent, std::string& out) {
  const std::string pad(static_cast<std::size_t>(indent), ' ');
  for (const auto& entry : node.entries) {
    out += pad + write_scalar(entry.key, false) + ":";
    write_value(entry.value, indent, out);
  }
  for (const auto& item : node.items) {
    out += pad + "-";
    const bool on_one_line = is_leaf(item) && write_flow(item).size() + static_cast<std::size_t>(indent) < kWidth;
    if (item.is(Node::Kind::map) && !item.entries.empty() && !on_one_line) {
      std::string block;
      write(item, indent + 2, block);
      out += " " + block.substr(static_cast<std::size_t>(indent) + 2);
    } else {
      write_value(item, indent, out);
    }
  }
}

}  // namespace

std::string write_flow(const Node& node) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::null: return "null";
    case Node::Kind::scalar: return write_scalar(node.text, node.quoted);
    case Node::Kind::sequence:
      for (const auto& item : node.items) out += (out.empty() ? "" : ", ") + write_flow(item);
      return "[" + out + "]";
    case Node::Kind::map:
      for (const auto& entry : node.entries)
        out += (out.empty() ? "" : ", ") + write_scalar(entry.key, false) + ": " + write_flow(entry.value);
      return "{" + out + "}";
  }
  return out;
}

std::string write_document(const Node& node) {
  if (!node.is(Node::Kind::map) && !node.is(Node::Kind::sequence)) return write_flow(node) + "\n";
  if (node.entries.empty() && node.items.empty()) return write_flow(node) + "\n";
  std::string out;
  write(node, 0, out);
  return out;
}

}  // namespace windtunnel
