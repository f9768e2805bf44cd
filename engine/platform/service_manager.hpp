#pragma once

#include <chrono>
#include <string_view>

// What a service tells the manager that has started it, by systemd's protocol of notifications: a
// datagram to the socket that NOTIFY_SOCKET names. Without one all of it does nothing.

namespace plimsoll::platform {

/// Sends "READY=1", "STOPPING=1", "WATCHDOG=1" or "STATUS=...", or several of them, a line each.
/// Returns false when there is a manager and it could not be told.
bool notify_service_manager(std::string_view state) noexcept;

/// How often the manager wants to hear "WATCHDOG=1" of this process; 0: it does not.
[[nodiscard]] std::chrono::microseconds watchdog_interval() noexcept;

}  // namespace plimsoll::platform
