#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "engine/gateway/gateway.hpp"
#include "engine/runtime/spsc_ring.hpp"

// A gateway on a thread of its own, so that the engine pays for one copy of an event and for
// nothing else. The gateway always takes events from the ring into what it retains, whatever its
// clients do; so the engine waits only when it is faster than that for the length of a whole ring.

namespace plimsoll::gateway {

/// What the gateway's thread does when there is nothing to do.
enum class WaitPolicy : std::uint8_t {
  spin,   // looks again at once: for a core of its own
  block,  // sleeps; the engine wakes it by a system call, only when it has declared itself asleep
};

struct StartedGatewayThread;

class GatewayThread {
 public:
  /// Opens the gateway and starts its thread; no thread and an error when Gateway::open has one.
  /// REQUIRES: ring_events is a power of two.
  [[nodiscard]] static StartedGatewayThread start(const GatewaySettings& settings,
                                                  WaitPolicy policy = WaitPolicy::block,
                                                  std::size_t ring_events = 65'536);
  /// Stops at once when finish() was not called: clients see the connection break.
  ~GatewayThread();
  GatewayThread(const GatewayThread&) = delete;
  GatewayThread& operator=(const GatewayThread&) = delete;

  /// Engine's thread. REQUIRES: the events' numbers rise by one from first_number of the settings,
  /// and finish() has not been called.
  void push(const Event& event) noexcept;

  /// Engine's thread. Publishes what is in the ring, waits at most `grace` until every client has
  /// been sent every event and End of Session and has gone, and stops.
  void finish(Milliseconds grace);

  [[nodiscard]] std::uint16_t port() const noexcept { return gateway_->port(); }
  /// Any thread.
  [[nodiscard]] GatewayCounters counters() const noexcept;

 private:
  enum class Ending : std::uint8_t { break_off, end_session };

  GatewayThread(std::unique_ptr<Gateway> gateway, WaitPolicy policy, std::size_t ring_events);
  void run();
  [[nodiscard]] bool publish_some();
  [[nodiscard]] bool finished();
  void pause();
  void stop(Ending ending, Milliseconds grace);

  std::unique_ptr<Gateway> gateway_;  // the gateway's thread, but for wake() and counters()
  runtime::SpscRing<Event> ring_;
  WaitPolicy policy_;
  Counter pushes_waited_;  // the engine's thread
  // The gateway's thread is about to sleep, or asleep: it exchanges true into it and then looks at
  // the ring; the engine's thread pushes and then exchanges false. The exchanges have an order, so
  // either the engine sees true and wakes the other, or the other sees the event. In a line of its
  // own, which stays with the engine while the gateway is awake.
  alignas(64) std::atomic<bool> asleep_{false};
  // Written by the engine's thread before finishing_, read by the gateway's after it.
  alignas(64) Ending ending_{Ending::break_off};
  Milliseconds grace_{0};
  std::atomic<bool> finishing_{false};
  // The gateway's thread.
  bool ended_{false};
  std::chrono::steady_clock::time_point deadline_{};
  std::thread thread_;  // last: it uses all the others
};

/// A gateway on its thread, or why there is none.
struct StartedGatewayThread {
  std::unique_ptr<GatewayThread> thread;
  std::string error;
};

}  // namespace plimsoll::gateway
