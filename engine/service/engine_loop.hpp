#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <span>
#include <thread>

#include "engine/configuration/service_settings.hpp"
#include "engine/platform/tick_clock.hpp"
#include "engine/runtime/engine.hpp"
#include "engine/service/outlet.hpp"
#include "engine/service/stages.hpp"
#include "engine/service/timed_fabric.hpp"

namespace plimsoll::service {

/// The engine's thread: takes inputs off the inbox, applies them one by one, sends what they cause,
/// moves event time on while nothing comes, and counts and measures all of it. It never waits for
/// anybody but its shards, and writes no log line.
template <class Fabric>
class EngineLoop {
 public:
  EngineLoop(const reference::Reference& reference, Fabric& fabric, runtime::Inbox& inbox,
             Outlet& outlet, Stages& stages, EngineCounters& counters,
             configuration::IdlePolicy idle)
      : reference_{reference},
        fabric_{fabric},
        inbox_{inbox},
        outlet_{outlet},
        stages_{stages},
        counters_{counters},
        idle_{idle},
        engine_{reference, fabric_, outlet} {}

  /// Applies an input before the loop runs.
  void submit(const InputBody& body) {
    engine_.submit({.sequence = {}, .time = now(), .origin = {}, .body = body});
  }
  /// Opens accounts at once; see core::Sequencer::open().
  [[nodiscard]] std::optional<OpeningFault> open(const Openings& openings) {
    return engine_.open(openings, now());
  }
  void drain() { engine_.drain(); }

  /// Until `stop` is set and the inbox is empty. All events have then been let out.
  void run(const std::atomic<bool>& stop) {
    std::array<runtime::Arrival, kBatch> batch{};
    unsigned idle_turns = 0;
    unsigned busy_turns = 0;
    for (;;) {
      counters_.turns.add();
      const bool last = stop.load(std::memory_order_acquire);
      const std::size_t count = inbox_.pop(batch);
      if (count > 0) {
        idle_turns = 0;
        take(std::span{batch}.first(count));
        if (++busy_turns % kBusyPollEvery == 0) (void)outlet_.poll();
        continue;
      }
      if (last) break;
      rest(idle_turns++);
    }
    engine_.drain();
    outlet_.flush();
  }

  [[nodiscard]] const auto& sequencer() const noexcept { return engine_.sequencer(); }
  /// REQUIRES: run() has returned.
  [[nodiscard]] core::Audit audit() const { return engine_.audit(); }

 private:
  static constexpr std::size_t kBatch = 64;
  static constexpr std::size_t kSendEvery = 8;  // inputs, at most, before events are sent
  static constexpr unsigned kPollEvery = 64;    // idle turns
  static constexpr unsigned kBusyPollEvery = 16;
  static constexpr std::int64_t kRecordEvery_ns = 100'000'000;

  [[nodiscard]] static EventTime now() noexcept {
    return EventTime::from_raw(platform::wall_clock_ns());
  }

  void take(std::span<const runtime::Arrival> arrivals) {
    const EventTime time = now();
    const Duration lag = time - arrivals.front().input.time;
    counters_.lag_ns.set(static_cast<std::uint64_t>(std::max<std::int64_t>(lag.raw(), 0)));
    if (engine_.limits_lag()) engine_.note_lag(time, lag);
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
      apply(arrivals[i]);
      if (outlet_.unsent() != 0 && (i + 1 == arrivals.size() || i % kSendEvery == 0)) send();
    }
    next_step_ = time + reference_.time_step;
  }

  void apply(const runtime::Arrival& arrival) {
    const std::uint64_t start = platform::ticks_now();
    const std::uint64_t unsent = outlet_.unsent();
    engine_.submit(arrival.input);
    const std::uint64_t end = platform::ticks_now();
    const std::uint64_t judge = fabric_.take_ticks();
    const std::uint64_t encode = outlet_.take_encode_ticks();
    if (arrival.parsed != 0) stages_.add(Stage::queue, start - arrival.parsed);
    stages_.add(Stage::sequence, end - start - judge - encode);
    stages_.add(Stage::judge, judge);
    if (outlet_.unsent() == unsent) return;
    stages_.add(Stage::encode, encode);
    if (first_received_ == 0) first_received_ = arrival.received;
  }

  void send() {
    const std::uint64_t start = platform::ticks_now();
    outlet_.flush();
    const std::uint64_t end = platform::ticks_now();
    stages_.add(Stage::send, end - start);
    if (first_received_ != 0) stages_.add(Stage::total, end - first_received_);
    first_received_ = 0;
  }

  /// Nothing has come: what the shards have finished is let out, time moves on, sockets are served.
  void rest(unsigned turn) {
    engine_.poll();
    const EventTime time = now();
    if (time >= next_step_) {
      engine_.submit({.sequence = {}, .time = time, .origin = {}, .body = TimeAdvanced{}});
      next_step_ = time + reference_.time_step;
    }
    if (outlet_.unsent() != 0) send();
    if (turn % kPollEvery == 0) {
      if (outlet_.poll()) return;
      if (time.raw() - recorded_ns_ >= kRecordEvery_ns) {
        recorded_ns_ = time.raw();
        (void)outlet_.flush_record();
      }
    }
    switch (idle_) {
      case configuration::IdlePolicy::spin:
        return platform::spin_pause();
      case configuration::IdlePolicy::yield:
        return std::this_thread::yield();
      case configuration::IdlePolicy::sleep:
        if (turn > kPollEvery) std::this_thread::sleep_for(std::chrono::microseconds{50});
        return;
    }
  }

  const reference::Reference& reference_;
  TimedFabric<Fabric> fabric_;
  runtime::Inbox& inbox_;
  Outlet& outlet_;
  Stages& stages_;
  EngineCounters& counters_;
  configuration::IdlePolicy idle_;
  runtime::Engine<TimedFabric<Fabric>, Outlet> engine_;
  EventTime next_step_;
  std::int64_t recorded_ns_{0};
  std::uint64_t first_received_{0};  // of the messages whose events are not sent
};

}  // namespace plimsoll::service
