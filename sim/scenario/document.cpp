#include "sim/scenario/document.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace windtunnel {
namespace {

/// Stops the parser; carries the problem.
struct Refused {
  Error error;
};

/// Builds the tree from the parser's events: marks, quotes and anchors are seen here and nowhere else.
class TreeBuilder : public YAML::EventHandler {
 public:
  /// @param several  more than one document may come
  TreeBuilder(std::shared_ptr<const std::string> source, bool several)
      : source_(std::move(source)), several_(several) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    anchors_.clear();
    if (documents_++ > 0 && !several_)
      refuse(mark, "a second document begins here", "keep one document in a file: remove the \"---\"");
  }
  void OnDocumentEnd() override {
    if (several_ && root_ && !root_->is(Node::Kind::null)) roots_.push_back(std::move(*root_));
    if (several_) root_.reset();
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(make(mark, Node::Kind::null), anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag);
    Node node = make(mark, Node::Kind::scalar);
    node.text = value;
    node.quoted = tag == "!";
    add(std::move(node), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto it = anchors_.find(anchor);
    if (it == anchors_.end()) refuse(mark, "an alias refers to the value it stands in", "write the value out");
    if (static_cast<int>(stack_.size()) + it->second.depth > kDeepest) too_deep(mark);
    count(mark, it->second.size);
    add(it->second.node, 0);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] std::optional<Node>& root() { return root_; }
  [[nodiscard]] std::vector<Node>& roots() { return roots_; }
  [[nodiscard]] Problems& problems() { return problems_; }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    std::size_t nodes_before = 0;
    int depth_below = 1;
    bool has_key = false;
    std::string key;
    int key_line = 0;
    std::set<std::string> keys;
  };
  struct Anchored {
    Node node;
    std::size_t size = 1;
    int depth = 1;
  };

  [[noreturn]] void refuse(const YAML::Mark& mark, std::string what, std::string hint) const {
    throw Refused{Error{fmt::format("{}:{}", *source_, mark.line + 1), std::move(what), std::move(hint)}};
  }
  [[noreturn]] void too_deep(const YAML::Mark& mark) const {
    refuse(mark, fmt::format("nested more than {} levels deep", kDeepest), "no file read here needs more than twenty");
  }
  void check_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, "the tag <" + tag + "> is not known here", "remove it");
  }
  void count(const YAML::Mark& mark, std::size_t more) {
    nodes_ += more;
    if (nodes_ > kMostNodes)
      refuse(mark, fmt::format("more than {} values once aliases are expanded", kMostNodes), "use fewer aliases");
  }
  Node make(const YAML::Mark& mark, Node::Kind kind) {
    count(mark, 1);
    Node node;
    node.kind = kind;
    node.line = mark.line + 1;
    node.source = source_;
    return node;
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    check_tag(mark, tag);
    if (static_cast<int>(stack_.size()) >= kDeepest) too_deep(mark);
    Frame frame;
    frame.nodes_before = nodes_;
    frame.node = make(mark, kind);
    frame.anchor = anchor;
    stack_.push_back(std::move(frame));
  }
  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    if (frame.anchor != 0) {
      const std::size_t size = nodes_ - frame.nodes_before;
      count(mark_at(frame.node.line), size);  // the copy kept for aliases
      anchors_[frame.anchor] = {frame.node, size, frame.depth_below};
    }
    if (!stack_.empty()) stack_.back().depth_below = std::max(stack_.back().depth_below, frame.depth_below + 1);
    add(std::move(frame.node), 0);
  }
  void add(Node node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = {node, 1, 1};
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& top = stack_.back();
    if (top.node.is(Node::Kind::sequence)) {
      top.node.items.push_back(std::move(node));
    } else if (!top.has_key) {
      if (!node.is(Node::Kind::scalar)) {
        const YAML::Mark mark = mark_at(node.line);
        refuse(mark, "a key is " + node.describe() + ", not a name", "write `key: value`");
      }
      top.has_key = true;
      top.key = std::move(node.text);
      top.key_line = node.line;
    } else {
      top.has_key = false;
      if (!top.keys.insert(top.key).second) {
        problems_.push_back({fmt::format("{}:{}", *source_, top.key_line),
                             "duplicate key \"" + one_line(top.key, 100) + "\"", "keep one of the two"});
        return;
      }
      top.node.entries.push_back({std::move(top.key), top.key_line, std::move(node)});
    }
  }
  static YAML::Mark mark_at(int line) {
    YAML::Mark mark;
    mark.line = line - 1;
    return mark;
  }

  std::shared_ptr<const std::string> source_;
  std::vector<Frame> stack_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  bool several_ = false;
  std::optional<Node> root_;
  std::vector<Node> roots_;
  Problems problems_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

/// The length of the UTF-8 character that begins here, or 0 when it is not one.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  if (length == 0 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((static_cast<unsigned char>(text[at + i]) & 0xc0) != 0x80) return 0;
  return length;
}

/// Line ends made one kind, and what no scenario holds refused by its line: the YAML parser's messages for these are
/// poor.
Result<std::string> clean(std::string_view text, std::string_view source) {
  const auto refuse = [&](int line, std::string what, std::string hint) {
    return Error{fmt::format("{}:{}", source, line), std::move(what), std::move(hint)};
  };
  if (text.size() > kLargestFile)
    return Error{std::string(source),
                 fmt::format("{} bytes is more than a file may have ({})", text.size(), kLargestFile),
                 "put traces into files of their own and name them under `trace`"};
  if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
  std::string out;
  out.reserve(text.size());
  int line = 1;
  bool leading = true;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
      ++i;
      continue;
    }
    if (c == '\n') {
      ++line;
      leading = true;
    } else if (c == '\t' && leading) {
      return refuse(line, "a tab indents this line", "YAML indents with spaces");
    } else if (static_cast<unsigned char>(c) < 0x20 && c != '\t') {
      return refuse(line, fmt::format("holds the control byte 0x{:02x}", static_cast<unsigned char>(c)),
                    "the file must be plain UTF-8 text");
    } else if (c != ' ') {
      leading = false;
    }
    const std::size_t length = utf8_length(text, i);
    if (length == 0) return refuse(line, "is not UTF-8", "the file must be plain UTF-8 text");
    out.append(text, i, length);
    i += length;
  }
  return out;
}

/// Runs the parser over the text. @return what is wrong with it
Problems build_tree(TreeBuilder& builder, const std::string& cleaned, std::string_view source) {
  try {
    std::istringstream stream(cleaned);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Refused& refused) {
    builder.problems().push_back(refused.error);
    return builder.problems();
  } catch (const YAML::Exception& e) {
    builder.problems().push_back({fmt::format("{}:{}", source, e.mark.line + 1), "is not YAML: " + e.msg,
                                  "look at this line and the one before: indentation, quotes, brackets, \": \""});
    return builder.problems();
  } catch (const std::exception& e) {
    return {Error{std::string(source), std::string("is not YAML: ") + e.what(), "check its quotes and brackets"}};
  }
  return builder.problems();
}

}  // namespace

Result<std::vector<Node>> parse_documents(std::string_view text, std::string_view source) {
  auto cleaned = clean(text, source);
  if (!cleaned) return cleaned.problems();
  TreeBuilder builder(std::make_shared<const std::string>(source), true);
  if (auto problems = build_tree(builder, *cleaned, source); !problems.empty()) return problems;
  return std::move(builder.roots());
}

Result<Node> parse_document(std::string_view text, std::string_view source) {
  auto cleaned = clean(text, source);
  if (!cleaned) return cleaned.problems();
  TreeBuilder builder(std::make_shared<const std::string>(source), false);
  if (auto problems = build_tree(builder, *cleaned, source); !problems.empty()) return problems;
  if (!builder.root() || builder.root()->is(Node::Kind::null))
    return Error{std::string(source), "is empty", "a scenario begins with `schema: 1`"};
  return std::move(*builder.root());
}

Node Node::scalar(std::string value, bool quoted_text) {
  Node node;
  node.kind = Kind::scalar;
  node.text = std::move(value);
  node.quoted = quoted_text;
  return node;
}
Node Node::map() {
  Node node;
  node.kind = Kind::map;
  return node;
}
Node Node::sequence() {
  Node node;
  node.kind = Kind::sequence;
  return node;
}

const Node* Node::find(std::string_view key) const {
  for (const auto& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}
Node* Node::find(std::string_view key) {
  for (auto& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}
Node& Node::set(std::string_view key, Node value) {
  if (Node* old = find(key)) return *old = std::move(value);
  const int at = value.line;
  entries.push_back({std::string(key), at, std::move(value)});
  return entries.back().value;
}
void Node::erase(std::string_view key) {
  std::erase_if(entries, [&](const Entry& entry) { return entry.key == key; });
}

std::string Node::describe() const {
  constexpr std::size_t kShown = 60;
  switch (kind) {
    case Kind::null: return "nothing";
    case Kind::sequence: return "a list";
    case Kind::map: return "a block of keys";
    case Kind::scalar: break;
  }
  const std::string shown = text.size() > kShown ? text.substr(0, kShown) + "..." : text;
  return quoted ? "the text \"" + shown + "\"" : "\"" + shown + "\"";
}

std::string Node::place() const {
  std::string out = source ? *source : std::string();
  if (line > 0) out += fmt::format("{}{}", out.empty() ? "line " : ":", line);
  return out;
}

std::string one_line(std::string_view text, std::size_t longest) {
  std::string out;
  for (const char c : text) {
    if (out.size() >= longest && (static_cast<unsigned char>(c) & 0xc0) != 0x80) return out + "...";
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out;
}

}  // namespace windtunnel
