// The `plimsoll` program.

#include <iostream>

#include "engine/cli/command_line.hpp"
#include "engine/cli/exit_code.hpp"
#include "engine/platform/log.hpp"

int main(int argc, char** argv) {
  CLI::App app{"Plimsoll: a real-time margin engine"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "plimsoll 0.1.0");
  const std::vector<plimsoll::cli::Command> commands = plimsoll::cli::add_commands(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : plimsoll::cli::usage_error(error.what());
  }
  for (const plimsoll::cli::Command& command : commands) {
    if (!command.words->parsed()) continue;
    plimsoll::platform::start_log(command.quiet());
    return command.run();
  }
  return plimsoll::cli::kUsage;
}
