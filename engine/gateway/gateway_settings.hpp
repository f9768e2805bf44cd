#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/value/account_range.hpp"

// What an operator decides about the gateway. Plain values.

namespace plimsoll::gateway {

using Milliseconds = std::chrono::milliseconds;

/// SoupBinTCP credentials: at most 6 and 10 characters, compared without case, sent in clear. They
/// keep mistakes out, not attackers.
struct User {
  std::string name;
  std::string password;
  /// What the user may see, as a stream of its own; empty: everything.
  std::vector<AccountRange> accounts{};
  /// Number of the first event that will be published of these accounts, among those of these
  /// accounts. 0: not known, which is allowed where the gateway's own first number is 1.
  std::uint64_t first_number{0};
};

struct GatewaySettings {
  std::string address{"127.0.0.1"};  // a numeric IPv4 or IPv6 address
  std::uint16_t port{0};             // 0: any free one
  std::string session{"PLIMSOLL"};   // 1 to 10 letters or digits; change it when history changes
  std::vector<User> users;           // empty: anyone may log on
  std::uint64_t first_number{1};     // of the first event that will be published
  std::uint64_t retained_events{4'000'000};  // at least as many can be replayed; up to 10^9
  std::uint64_t user_retained_events{
      100'000};                      // the same, of each user who sees only some accounts
  std::size_t accounts_max{65'536};  // whose state is kept for snapshots
  std::size_t sessions_max{1024};    // connections, logged on or not
  std::size_t send_buffer_bytes{0};  // of the kernel, for each connection; 0: its default

  Milliseconds log_on_deadline{5'000};
  Milliseconds heartbeat{1'000};         // ours, after so much silence of ours
  Milliseconds silence_max{15'000};      // of a client, unless its log-on names its own
  Milliseconds write_stall_max{10'000};  // without a byte taken: a slow consumer
  Milliseconds linger_max{2'000};        // for the last bytes of a connection that we end
};

}  // namespace plimsoll::gateway
