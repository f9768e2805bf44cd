#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace plimsoll::platform {

/// How often each length of time was seen, in buckets at most a sixteenth wide. One thread adds,
/// which costs a load and a store; any thread reads, and disturbs nobody.
class LatencyHistogram {
 public:
  /// A reading: counts by bucket, which may miss what is being added.
  class Reading {
   public:
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    /// Ticks that at most a share of `quantile` exceed, rounded up to the end of a bucket; 0 when
    /// nothing was seen. REQUIRES: 0 < quantile <= 1.
    [[nodiscard]] std::uint64_t at(double quantile) const noexcept {
      const auto wanted = static_cast<std::uint64_t>(quantile * static_cast<double>(count_) + 0.5);
      std::uint64_t seen = 0;
      for (std::size_t i = 0; i < counts_.size(); ++i) {
        seen += counts_[i];
        if (counts_[i] != 0 && seen >= std::max<std::uint64_t>(wanted, 1)) return last_of(i);
      }
      return 0;
    }

   private:
    friend class LatencyHistogram;
    std::array<std::uint64_t, 976> counts_{};
    std::uint64_t count_{0};
  };

  /// The thread that adds.
  void add(std::uint64_t ticks) noexcept {
    std::atomic<std::uint64_t>& count = counts_[bucket_of(ticks)];
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  /// Any thread.
  [[nodiscard]] Reading read() const noexcept {
    Reading reading;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      reading.counts_[i] = counts_[i].load(std::memory_order_relaxed);
      reading.count_ += reading.counts_[i];
    }
    return reading;
  }

  /// The bucket of a length of time, and the last length that is in it.
  [[nodiscard]] static constexpr std::size_t bucket_of(std::uint64_t ticks) noexcept {
    if (ticks < kSteps) return static_cast<std::size_t>(ticks);
    const auto shift = static_cast<unsigned>(std::bit_width(ticks)) - kStepBits - 1;
    return static_cast<std::size_t>((shift + 1) * kSteps + ((ticks >> shift) & (kSteps - 1)));
  }
  [[nodiscard]] static constexpr std::uint64_t last_of(std::size_t bucket) noexcept {
    if (bucket < kSteps) return bucket;
    const std::uint64_t shift = bucket / kSteps - 1;
    const std::uint64_t step = bucket % kSteps + kSteps;
    return ((step + 1) << shift) - 1;
  }

 private:
  static constexpr unsigned kStepBits = 4;
  static constexpr std::uint64_t kSteps = 1U << kStepBits;

  std::array<std::atomic<std::uint64_t>, 976> counts_{};
};

static_assert(LatencyHistogram::bucket_of(~std::uint64_t{0}) == 975);

}  // namespace plimsoll::platform
