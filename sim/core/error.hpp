// Two kinds of wrong: input the user can fix (Error, Problems, Result), and a broken invariant (SIM_CHECK).
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace windtunnel {

/// One problem with something the user gave. `where` is "file:line: path" as far as known, `what` names the value and
/// the rule it breaks, `hint` the way out (may be empty).
struct Error {
  std::string where;
  std::string what;
  std::string hint;

  /// "where: what; hint", the one line shown to people.
  [[nodiscard]] std::string text() const {
    std::string out = where.empty() ? what : where + ": " + what;
    if (!hint.empty()) out += "; " + hint;
    return out;
  }
};

/// Every problem found in one go, in the order of the file.
using Problems = std::vector<Error>;

/// A value, or all the problems that stood in its way.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}                // NOLINT(google-explicit-constructor)
  Result(Problems problems) : state_(std::move(problems)) {}   // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(Problems{std::move(error)}) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& value() { return std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  [[nodiscard]] const Problems& problems() const { return std::get<1>(state_); }

 private:
  std::variant<T, Problems> state_;
};

/// Thrown from deep inside a run for input that only reading it can show to be bad (a trace row, a full disk).
/// The library's outer calls turn it into Problems; the command line maps it to exit 2 (input) or 70 (internal, I/O).
class InputError : public std::runtime_error {
 public:
  explicit InputError(Error error) : std::runtime_error(error.text()), error_(std::move(error)) {}
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  Error error_;
};

/// Reading or writing failed for a reason that lies in the machine, not in the input.
class IoError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A broken invariant: a bug here, never bad input.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] inline void check_failed(const char* condition, const std::string& message) {
  throw InternalError("internal error: " + message + " (" + condition + ")");
}

}  // namespace windtunnel

/// Stops the run when an invariant is broken; no input file can reach this.
#define SIM_CHECK(condition, message)                  \
  do {                                                 \
    if (!(condition)) [[unlikely]]                     \
      ::windtunnel::check_failed(#condition, message); \
  } while (false)
