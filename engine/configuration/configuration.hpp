#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/configuration/error.hpp"
#include "engine/configuration/operators.hpp"
#include "engine/configuration/service_settings.hpp"
#include "engine/reference/reference.hpp"
#include "engine/value/account_range.hpp"
#include "engine/value/types.hpp"

// The configuration file: text in TOML becomes a validated reference and settings, or a list of
// everything that is wrong with it. config/README.md describes every key. Called by one thread
// before anything starts; never throws, never prints, never reads anything but the file named,
// those that it includes, and the keys of its operators.

namespace plimsoll::configuration {

/// Who may log on. The bounds are those of the fields of the log-on packet.
struct GatewayUser {
  std::string name;                      // 1 to 6 letters and digits
  std::string password;                  // 1 to 10 printable characters without blanks
  std::vector<AccountRange> accounts{};  // what the user may see; empty: everything
};

/// What the TCP gateway needs to know. Durations are at least a millisecond.
struct GatewaySettings {
  std::string address{"127.0.0.1"};  // to listen on
  std::uint16_t port{9710};          // 0: the system chooses one
  std::vector<GatewayUser> users;    // none: anyone on this machine, which alone is reached then
  std::size_t sessions_max{64};      // at the same time
  std::size_t retained_events{1'000'000};     // that can be asked for again
  std::size_t user_retained_events{100'000};  // the same, of each user with accounts
  Duration log_on_deadline{Duration::from_raw(5'000'000'000)};     // from the connection on
  Duration heartbeat_interval{Duration::from_raw(1'000'000'000)};  // of the server, when idle
  Duration silence_max{Duration::from_raw(15'000'000'000)};        // of a client
  Duration write_stall_max{Duration::from_raw(10'000'000'000)};    // then a client is too slow
};

struct Configuration {
  reference::Reference reference;
  GatewaySettings gateway;
  ServiceSettings service;
  std::vector<LiveFeedSettings> feeds;
  std::optional<MatchingSettings> matching;
  std::vector<Operator> operators;  // by OperatorId - 1
  /// By InstrumentId: a price to generate books and captures around. Never used by the engine.
  std::vector<std::optional<Price>> reference_prices;
};

/// A configuration, or all errors in the order of the file: exactly one of the two.
struct ConfigurationResult {
  std::optional<Configuration> configuration;
  std::vector<Error> errors;
  [[nodiscard]] bool ok() const noexcept { return configuration.has_value(); }
};

/// What is done about the keys of operators.
enum class Keys : std::uint8_t {
  read,
  passed_over,  // by one who checks no signature, and may have no right to read them
};

/// Reads and validates the file at `path`. Errors name it as given.
[[nodiscard]] ConfigurationResult load_configuration(const std::string& path,
                                                     Keys keys = Keys::read);

/// The same for a text in memory; errors name it `file`.
[[nodiscard]] ConfigurationResult parse_configuration(std::string_view text,
                                                      const std::string& file,
                                                      Keys keys = Keys::read);

}  // namespace plimsoll::configuration
