#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "engine/gateway/gateway_thread.hpp"
#include "engine/log/record_writer.hpp"
#include "engine/platform/tick_clock.hpp"
#include "engine/runtime/flight_recorder.hpp"
#include "engine/runtime/tally.hpp"
#include "engine/service/engine_counters.hpp"

namespace plimsoll::service {

/// Where a running engine's inputs and events go: the record, the flight recorder, and a gateway,
/// which either is this thread's own or has one of its own. On the engine's thread. Every input
/// reaches the record before any event that it caused leaves.
class Outlet {
 public:
  Outlet(runtime::FlightRecorder& flight, EngineCounters& counters)
      : flight_{flight}, counters_{counters} {}

  void record_to(const std::string& path, std::uint64_t reference_hash) {
    record_ = std::make_unique<log::RecordWriter>(path, reference_hash);
  }
  void publish_to(gateway::Gateway& gateway) noexcept { gateway_ = &gateway; }
  void publish_to(gateway::GatewayThread& gateway) noexcept { gateway_thread_ = &gateway; }

  void opened(const Openings& openings) { tally_.add(openings); }
  void sequenced(const Input& input) {
    tally_.add(input);
    counters_.inputs.add();
    flight_.add(input);
    if (record_) record_->append(input);
  }
  void published(const Event& event) {
    const std::uint64_t start = platform::ticks_now();
    tally_.add(event);
    count(event);
    flight_.add(event);
    if (gateway_ != nullptr) gateway_->publish(event);
    if (gateway_thread_ != nullptr) gateway_thread_->push(event);
    ++unsent_;
    encode_ticks_ += platform::ticks_now() - start;
  }

  /// Events since the last flush().
  [[nodiscard]] std::uint64_t unsent() const noexcept { return unsent_; }
  /// Ticks spent on events since the last call.
  [[nodiscard]] std::uint64_t take_encode_ticks() noexcept {
    return std::exchange(encode_ticks_, 0);
  }
  /// Hands what was published to the sockets.
  void flush() {
    if (gateway_ != nullptr) gateway_->flush();
    unsent_ = 0;
  }
  /// Everything slow: connections, log-ons, clients that catch up. True when there is more to do.
  bool poll() { return gateway_ != nullptr && gateway_->poll(); }
  /// Hands the record to the operating system. False when it cannot be written.
  bool flush_record() { return !record_ || record_->flush(); }
  bool close_record() { return !record_ || record_->close(); }
  [[nodiscard]] std::string record_error() const {
    return record_ ? record_->error() : std::string{};
  }
  [[nodiscard]] const runtime::Tally& tally() const noexcept { return tally_; }

 private:
  void count(const Event& event) noexcept {
    counters_.events.add();
    if (std::holds_alternative<MarginCallIssued>(event.body)) counters_.margin_calls.add();
    if (std::holds_alternative<LiquidationStarted>(event.body)) counters_.liquidations.add();
    if (std::holds_alternative<AccountTakenOver>(event.body)) counters_.take_overs.add();
    if (std::holds_alternative<InputRefused>(event.body)) counters_.refusals.add();
  }

  runtime::FlightRecorder& flight_;
  EngineCounters& counters_;
  runtime::Tally tally_;
  std::unique_ptr<log::RecordWriter> record_;
  gateway::Gateway* gateway_{nullptr};
  gateway::GatewayThread* gateway_thread_{nullptr};
  std::uint64_t unsent_{0};
  std::uint64_t encode_ticks_{0};
};

}  // namespace plimsoll::service
