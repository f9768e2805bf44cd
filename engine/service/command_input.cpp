#include "engine/service/command_input.hpp"

#include <string>

#include "engine/platform/log.hpp"
#include "engine/platform/tick_clock.hpp"
#include "engine/wire/commands.hpp"

namespace plimsoll::service {

bool CommandInput::on_message(std::uint64_t number, std::span<const std::byte> message) {
  const std::uint64_t start = platform::ticks_now();
  const wire::DecodedCommand decoded = wire::decode_command(message);
  if (!decoded.ok()) {
    platform::log_warning("command " + std::to_string(number) +
                          " cannot be read: " + to_string(decoded.error));
    return false;
  }
  const runtime::Arrival arrival{.input = {.sequence = {},
                                           .time = EventTime::from_raw(platform::wall_clock_ns()),
                                           .origin = {},
                                           .body = decoded.body},
                                 .received = start,
                                 .parsed = platform::ticks_now()};
  return producer_.push({&arrival, 1});
}

void CommandInput::on_state(gateway::FollowState state, const std::string& reason) {
  const std::string line =
      std::string{"matching engine: "} + to_string(state) + (reason.empty() ? "" : ": " + reason);
  state == gateway::FollowState::following ? platform::log_info(line) : platform::log_warning(line);
}

}  // namespace plimsoll::service
