#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/platform/latency_histogram.hpp"

namespace plimsoll::service {

/// What the engine's thread does with an input, in this order.
enum class Stage : std::uint8_t {
  queue,     // from the inbox's entrance to its exit
  sequence,  // numbered, checked, moved marks, settling points: everything but the next three
  judge,     // by the shards; where they have threads of their own, only handed over
  encode,    // events into packets
  send,      // from the first packet to the return of the last send
  total,     // of an input with events: from the whole message to the return of the last send
};
inline constexpr std::size_t kStages = 6;

[[nodiscard]] constexpr const char* to_string(Stage stage) noexcept {
  constexpr std::array<const char*, kStages> kNames{"queue",  "sequence", "judge",
                                                    "encode", "send",     "total"};
  return kNames[static_cast<std::size_t>(stage)];
}

/// How long each stage took, always on. The engine's thread adds, any thread reads.
class Stages {
 public:
  void add(Stage stage, std::uint64_t ticks) noexcept {
    histograms_[static_cast<std::size_t>(stage)].add(ticks);
  }
  [[nodiscard]] platform::LatencyHistogram::Reading read(Stage stage) const noexcept {
    return histograms_[static_cast<std::size_t>(stage)].read();
  }

 private:
  std::array<platform::LatencyHistogram, kStages> histograms_;
};

}  // namespace plimsoll::service
