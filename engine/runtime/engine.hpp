#pragma once

#include <array>
#include <atomic>

#include "engine/core/audit.hpp"
#include "engine/core/sequencer.hpp"
#include "engine/platform/thread.hpp"
#include "engine/runtime/inbox.hpp"

namespace plimsoll::runtime {

/// A running engine: a sequencer on its fabric, and an outlet that is shown every sequenced input
/// before any event that it caused:
///   void opened(const Openings&);   // those that sequenced() is not shown
///   void sequenced(const Input&);
///   void published(const Event&);
/// All of it on the thread that calls.
template <class Fabric, class Outlet>
class Engine {
 public:
  Engine(const reference::Reference& reference, Fabric& fabric, Outlet& outlet)
      : reference_{reference}, fabric_{fabric}, outlet_{outlet}, sequencer_{reference, fabric} {}

  /// Takes one external input; events that are ready by then leave at once.
  void submit(const Input& input) {
    sequencer_.submit(input);
    poll();
  }

  /// Opens accounts at once; see core::Sequencer::open().
  [[nodiscard]] std::optional<OpeningFault> open(const Openings& openings, EventTime time) {
    const auto fault = sequencer_.open(openings, time);
    if (!fault) outlet_.opened(openings.between());
    deliver();
    return fault;
  }

  /// Lets out what the shards have finished since the last call.
  void poll() {
    sequencer_.publish_ready();
    deliver();
  }

  /// Waits until everything submitted is applied and let out.
  void drain() {
    sequencer_.publish_all();
    deliver();
  }

  /// Takes inputs off the inbox until `finished` is set and the inbox is empty, or `stop` is set.
  /// lag_of(time) says how long ago an input of that time should have been taken; where the
  /// configuration limits that, the engine is told when it begins, and when it ends, to be behind.
  template <class LagOf>
  void run(Inbox& inbox, const std::atomic<bool>& finished, const std::atomic<bool>& stop,
           LagOf&& lag_of) {
    std::array<Arrival, 256> batch;
    platform::Backoff backoff;
    while (!stop.load(std::memory_order_relaxed)) {
      const bool last = finished.load(std::memory_order_acquire);
      const std::size_t count = inbox.pop(batch);
      if (count > 0 && limits_lag()) note_lag(batch[0].input.time, lag_of(batch[0].input.time));
      for (std::size_t i = 0; i < count; ++i) submit(batch[i].input);
      if (count > 0) {
        backoff = {};
        continue;
      }
      poll();
      if (last) return;
      backoff.wait();
    }
  }

  /// Does the configuration limit how far the engine may be behind its inputs?
  [[nodiscard]] bool limits_lag() const noexcept { return reference_.breaker.lag_max.raw() != 0; }
  /// Tells the engine, at `time`, when it begins, and when it ends, to be behind by more than the
  /// configuration allows. REQUIRES: limits_lag().
  void note_lag(EventTime time, Duration lag) {
    const bool behind = lag > reference_.breaker.lag_max;
    if (behind == behind_) return;
    behind_ = behind;
    submit({.sequence = {}, .time = time, .origin = {}, .body = LagReported{lag}});
  }

  [[nodiscard]] const core::Sequencer<Fabric>& sequencer() const noexcept { return sequencer_; }
  /// REQUIRES: drain() has returned and nothing was submitted since.
  [[nodiscard]] core::Audit audit() const {
    return core::audit(reference_, fabric_, sequencer_.house());
  }

 private:
  void deliver() {
    for (const Input& input : sequencer_.sequenced()) outlet_.sequenced(input);
    for (const Event& event : sequencer_.published()) outlet_.published(event);
    sequencer_.clear();
  }

  const reference::Reference& reference_;
  Fabric& fabric_;
  Outlet& outlet_;
  core::Sequencer<Fabric> sequencer_;
  bool behind_{false};  // as it was last reported
};

}  // namespace plimsoll::runtime
