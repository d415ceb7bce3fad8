// Small trees, for writing.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "sim/scenario/document.hpp"
#include "sim/scenario/quantity.hpp"

namespace windtunnel::kubernetes {

/// A text, in quotes where another YAML reader would take it for a number or a truth value.
inline Node text_node(std::string text) {
  const bool risky = text.empty() || parse_number(text).has_value() || text == "true" || text == "false" ||
                     text == "yes" || text == "no" || text == "on" || text == "off" || text == "null";
  return Node::scalar(std::move(text), risky);
}

/// A number or a truth value.
inline Node plain_node(std::string text) {
  return Node::scalar(std::move(text));
}

/// {a: {b: value}} of the keys a, b.
inline Node nested(std::initializer_list<std::string_view> keys, Node value) {
  Node out = std::move(value);
  for (auto key = keys.end(); key != keys.begin();) {
    Node block = Node::map();
    block.set(*--key, std::move(out));
    out = std::move(block);
  }
  return out;
}

}  // namespace windtunnel::kubernetes
