#include <algorithm>

#include "policies/expression/program.hpp"

namespace windtunnel::expression {
namespace {

class Assembler {
 public:
  Program run(const Node& root) {
    block(root);
    while (!waiting_.empty()) {  // predicates stand behind what uses them
      const auto [node, number, depth] = waiting_.back();
      waiting_.pop_back();
      out_.blocks[number] = static_cast<std::int32_t>(out_.code.size());
      depth_ = depth;
      block(*node);
    }
    return std::move(out_);
  }

 private:
  void block(const Node& node) {
    visit(node);
    emit({.code = Code::done, .column = node.column});
  }

  std::size_t emit(Instruction instruction) {
    out_.code.push_back(instruction);
    return out_.code.size() - 1;
  }
  void grow(int by) {
    depth_ += by;
    out_.deepest = std::max(out_.deepest, static_cast<std::size_t>(depth_ + 1));
  }
  void push(const Value& value, int column) {
    emit({.code = Code::push, .operand = static_cast<std::int32_t>(out_.constants.size()), .column = column});
    out_.constants.push_back(value);
    grow(1);
  }
  void land(std::size_t jump) { out_.code[jump].operand = static_cast<std::int32_t>(out_.code.size()); }
  void all(const Node& node) {
    for (const auto& kid : node.kids) visit(*kid);
  }

  void visit(const Node& node) {
    const int column = node.column;
    switch (node.kind) {
      case NodeKind::constant: push(node.value, column); break;
      case NodeKind::name:
        emit({.code = node.local ? Code::local : Code::variable, .operand = node.slot, .column = column});
        grow(1);
        break;
      case NodeKind::pointer:
        emit({.code = node.name.empty()    ? Code::item
                      : node.name == "acc" ? Code::accumulator
                                           : Code::item_index,
              .column = column});
        grow(1);
        break;
      case NodeKind::unary:
        all(node);
        if (node.op != Op::plus)
          emit({.code = node.op == Op::negate ? Code::negate : Code::logical_not, .column = column});
        break;
      case NodeKind::binary: binary(node); break;
      case NodeKind::conditional: conditional(node); break;
      case NodeKind::sequence:
        for (std::size_t i = 0; i < node.kids.size(); ++i) {
          visit(*node.kids[i]);
          if (i + 1 < node.kids.size()) drop(column);
        }
        break;
      case NodeKind::let:
        visit(*node.kids[0]);
        emit({.code = Code::store, .operand = node.slot, .column = column});
        grow(-1);
        out_.locals = std::max(out_.locals, static_cast<std::size_t>(node.slot) + 1);
        visit(*node.kids[1]);
        break;
      case NodeKind::array:
        all(node);
        emit({.code = Code::array, .operand = static_cast<std::int32_t>(node.kids.size()), .column = column});
        grow(1 - static_cast<int>(node.kids.size()));
        break;
      case NodeKind::index:
      case NodeKind::slice:
        all(node);
        emit({.code = node.kind == NodeKind::index ? Code::fetch : Code::slice, .column = column});
        grow(1 - static_cast<int>(node.kids.size()));
        break;
      case NodeKind::builtin: builtin(node); break;
    }
  }

  void drop(int column) {
    emit({.code = Code::pop, .column = column});
    grow(-1);
  }

  void binary(const Node& node) {
    visit(*node.kids[0]);
    const bool lazy = node.op == Op::logical_and || node.op == Op::logical_or || node.op == Op::coalesce;
    if (lazy) {
      const Code code = node.op == Op::logical_and  ? Code::jump_if_false
                        : node.op == Op::logical_or ? Code::jump_if_true
                                                    : Code::jump_if_set;
      const std::size_t over = emit({.code = code, .column = node.kids[0]->column});
      drop(node.column);
      visit(*node.kids[1]);
      land(over);
      return;
    }
    visit(*node.kids[1]);
    Instruction instruction{.code = Code::binary, .op = node.op, .column = node.column};
    const Kind kind = node.kids[0]->type.kind;
    if (node.op == Op::equal || node.op == Op::unequal) {
      instruction.flag = node.op == Op::unequal;
      const bool same = kind == node.kids[1]->type.kind;
      if (same && kind == Kind::integer) instruction.code = Code::equal_integers;
      if (same && kind == Kind::text) instruction.code = Code::equal_texts;
    }
    emit(instruction);
    grow(-1);
  }

  void conditional(const Node& node) {
    visit(*node.kids[0]);
    const std::size_t otherwise = emit({.code = Code::jump_if_false, .column = node.kids[0]->column});
    drop(node.column);
    visit(*node.kids[1]);
    const std::size_t end = emit({.code = Code::jump, .column = node.column});
    land(otherwise);
    drop(node.column);
    visit(*node.kids[2]);
    land(end);
  }

  void builtin(const Node& node) {
    if (!node.builtin->takes_predicate) {
      all(node);
      emit({.code = Code::call,
            .operand = static_cast<std::int32_t>(node.kids.size()),
            .column = node.column,
            .builtin = node.builtin});
      grow(1 - static_cast<int>(node.kids.size()));
      return;
    }
    visit(*node.kids[0]);
    const bool start = node.kids.size() > 2;
    if (start) visit(*node.kids[2]);
    std::int32_t number = -1;
    if (node.kids.size() > 1) {
      number = static_cast<std::int32_t>(out_.blocks.size());
      out_.blocks.push_back(0);
      waiting_.push_back({node.kids[1].get(), static_cast<std::size_t>(number), depth_});
    }
    emit({.code = Code::each, .flag = start, .operand = number, .column = node.column, .builtin = node.builtin});
    if (start) grow(-1);
  }

  struct Waiting {
    const Node* node;
    std::size_t number;
    int depth;
  };
  Program out_;
  std::vector<Waiting> waiting_;
  int depth_ = 0;
};

}  // namespace

Program assemble(const Node& root) {
  return Assembler().run(root);
}

}  // namespace windtunnel::expression
