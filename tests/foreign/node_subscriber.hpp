#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/cli/process.hpp"

namespace plimsoll::foreign {

/// How subscriber.js logs on.
struct NodeLogOn {
  std::uint16_t port;
  std::uint64_t number{1};
  std::string session{};
  std::string user{};
  std::string password{};
};

/// A running subscriber.js.
class NodeSubscriber : public cli::testing::Process {
 public:
  explicit NodeSubscriber(const NodeLogOn& log_on);
  /// Waits until it has said so many whole lines.
  void wait_for_lines(std::size_t count);
  /// Waits for its end, and returns what it said. Fails for another exit code and for errors.
  [[nodiscard]] std::vector<std::string> finish(int code = 0);
};

/// What follows "event " in lines that begin with it.
[[nodiscard]] std::vector<std::string> events_in(const std::vector<std::string>& lines);

}  // namespace plimsoll::foreign
