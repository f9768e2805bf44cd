#pragma once

#include <functional>
#include <vector>

#include <CLI/CLI.hpp>

namespace plimsoll::cli {

/// A command of the program, once its words have been read.
struct Command {
  CLI::App* words;
  std::function<int()> run;                           // returns the exit code
  std::function<bool()> quiet{[] { return false; }};  // only warnings go to the log
};

/// Adds every command to the command line. `run` may be called after the words were parsed.
[[nodiscard]] std::vector<Command> add_commands(CLI::App& app);

/// One line on standard error; the exit code of a command line that is wrong.
int usage_error(const std::string& line);

}  // namespace plimsoll::cli
