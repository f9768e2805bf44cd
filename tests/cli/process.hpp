#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/cli/temporary_folder.hpp"

// The program as its users have it, or another one: a process of its own, started without a shell.

namespace plimsoll::cli::testing {

using Arguments = std::vector<std::string>;

/// How a process ended, and all it wrote.
struct Finished {
  int code{-1};  // its exit code; 128 + the signal that ended it
  std::string out;
  std::string err;
};

/// One run of a program. It is killed at the end of its life here, and, with a failure of the
/// test, when it takes too long. One thread.
class Process {
 public:
  /// Ours. `input`: what it can read on stdin.
  explicit Process(const Arguments& arguments, const std::string& input = {});
  /// Any: a path, or a name that is looked for where PATH says.
  Process(const std::string& program, const Arguments& arguments, const std::string& input = {});
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  /// What it has written so far.
  [[nodiscard]] std::string out() const { return read_file(folder_.at("out")); }
  [[nodiscard]] std::string err() const { return read_file(folder_.at("err")); }

  void send(int signal) const;
  /// Waits for its end.
  Finished wait();

  /// Waits until `ready()`; false, and a failure of the test, when it ends or time is up before.
  template <class Ready>
  bool wait_until(Ready ready);

 private:
  /// Is it over? Notes how.
  bool poll();
  /// Sleeps a little; false, and a failure of the test, when time is up.
  bool pause() const;

  static constexpr std::chrono::seconds kTimeLimit{120};
  TemporaryFolder folder_;
  std::string command_;
  std::chrono::steady_clock::time_point deadline_;
  pid_t id_{-1};
  bool over_{false};
  int code_{-1};
};

template <class Ready>
bool Process::wait_until(Ready ready) {
  while (!ready()) {
    if (poll()) return ready();
    if (!pause()) return false;
  }
  return true;
}

/// Runs the program to its end, with `input` on stdin.
[[nodiscard]] Finished run(const Arguments& arguments, const std::string& input = {});

/// Runs it and expects the exit code, nothing on stdout, and on stderr one line that holds all of
/// `parts`.
void expect_refusal(const Arguments& arguments, int code, const std::vector<std::string>& parts);

/// `arguments` and then `more`.
[[nodiscard]] Arguments operator+(Arguments arguments, const Arguments& more);

}  // namespace plimsoll::cli::testing
