#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>

#include "engine/gateway/gateway.hpp"
#include "tests/gateway/numbered_event.hpp"

namespace plimsoll::gateway {

/// A gateway without a thread, on any free port of 127.0.0.1.
class OpenGateway {
 public:
  explicit OpenGateway(const GatewaySettings& settings = {}) : opened_{Gateway::open(settings)} {
    if (!opened_.gateway) throw std::runtime_error{opened_.error};
  }
  Gateway* operator->() { return opened_.gateway.get(); }
  [[nodiscard]] std::uint16_t port() const { return opened_.gateway->port(); }
  /// What a client calls while it waits.
  [[nodiscard]] std::function<void()> pump() {
    return [this] { opened_.gateway->poll(); };
  }
  /// Publishes `count` more events.
  void publish(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      opened_.gateway->publish(numbered_event(opened_.gateway->next_number()));
    }
  }
  /// Polls until `condition` holds, at most five seconds.
  template <class Condition>
  [[nodiscard]] bool poll_until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{5};
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      if (!opened_.gateway->poll()) opened_.gateway->wait(Milliseconds{5});
    }
    return true;
  }

 private:
  OpenedGateway opened_;
};

}  // namespace plimsoll::gateway
