#pragma once

#include <cstdint>

#include "engine/platform/counter.hpp"

// What the gateway has done so far. Counters instead of log lines.

namespace plimsoll::gateway {

/// Moved by the thread that polls the gateway.
using platform::Counter;

/// A reading of all counters, each at about the same moment.
struct GatewayCounters {
  std::uint64_t sessions{0};     // logged on now
  std::uint64_t connections{0};  // open now, logged on or not
  std::uint64_t log_ons{0};
  std::uint64_t log_on_failures{0};  // rejected, malformed, or not in time
  std::uint64_t events_published{0};
  std::uint64_t sends{0};  // that the kernel took something of
  std::uint64_t bytes_sent{0};
  std::uint64_t snapshots_sent{0};  // to their ends
  std::uint64_t slow_consumers_cut{0};
  std::uint64_t silent_clients_cut{0};
  std::uint64_t protocol_errors{0};      // of clients that were logged on
  std::uint64_t connections_refused{0};  // sessions_max reached
  std::uint64_t accept_failures{0};      // out of file descriptors and the like
  std::uint64_t pushes_waited{0};        // the engine found the ring full (GatewayThread only)
};

/// The counters themselves.
struct Counters {
  Counter sessions;
  Counter connections;
  Counter log_ons;
  Counter log_on_failures;
  Counter events_published;
  Counter sends;
  Counter bytes_sent;
  Counter snapshots_sent;
  Counter slow_consumers_cut;
  Counter silent_clients_cut;
  Counter protocol_errors;
  Counter connections_refused;
  Counter accept_failures;

  [[nodiscard]] GatewayCounters read() const noexcept {
    return {.sessions = sessions.value(),
            .connections = connections.value(),
            .log_ons = log_ons.value(),
            .log_on_failures = log_on_failures.value(),
            .events_published = events_published.value(),
            .sends = sends.value(),
            .bytes_sent = bytes_sent.value(),
            .snapshots_sent = snapshots_sent.value(),
            .slow_consumers_cut = slow_consumers_cut.value(),
            .silent_clients_cut = silent_clients_cut.value(),
            .protocol_errors = protocol_errors.value(),
            .connections_refused = connections_refused.value(),
            .accept_failures = accept_failures.value(),
            .pushes_waited = 0};
  }
};

}  // namespace plimsoll::gateway
