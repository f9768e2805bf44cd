#include "engine/service/gateway_settings_of.hpp"

#include <chrono>

namespace plimsoll::service {

gateway::GatewaySettings gateway_settings_of(const configuration::GatewaySettings& wanted,
                                             std::size_t accounts_max) {
  const auto milliseconds = [](Duration duration) {
    return gateway::Milliseconds{duration.raw() / 1'000'000};
  };
  gateway::GatewaySettings settings;
  settings.address = wanted.address;
  // A new history gets a new session name: nine digits of the time, in tenths of a second.
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(now).count() / 100;
  settings.session = "P" + std::to_string(1'000'000'000 + tenths % 1'000'000'000).substr(1);
  for (const auto& user : wanted.users) {
    settings.users.push_back({user.name, user.password, user.accounts});
  }
  settings.accounts_max = accounts_max;
  settings.retained_events = wanted.retained_events;
  settings.user_retained_events = wanted.user_retained_events;
  settings.sessions_max = wanted.sessions_max;
  settings.log_on_deadline = milliseconds(wanted.log_on_deadline);
  settings.heartbeat = milliseconds(wanted.heartbeat_interval);
  settings.silence_max = milliseconds(wanted.silence_max);
  settings.write_stall_max = milliseconds(wanted.write_stall_max);
  return settings;
}

}  // namespace plimsoll::service
