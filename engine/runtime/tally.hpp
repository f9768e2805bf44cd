#pragma once

#include <array>
#include <cstdint>
#include <variant>

#include "engine/core/event_hash.hpp"
#include "engine/message/event.hpp"
#include "engine/message/input.hpp"
#include "engine/message/openings.hpp"

namespace plimsoll::runtime {

/// Counts what went in and what came out, and hashes the events. One thread.
class Tally {
 public:
  void add(const Input& input) noexcept { ++inputs_[kind_of(input)]; }
  /// Accounts opened at once count as the inputs that say the same.
  void add(const Openings& openings) {
    openings.for_each_input([this](const InputBody& body) { ++inputs_[body.index()]; });
  }
  void add(const Event& event) {
    ++events_[kind_of(event)];
    const auto* taken = std::get_if<AccountTakenOver>(&event.body);
    bankruptcies_ += static_cast<std::uint64_t>(taken != nullptr && taken->equity.raw() < 0);
    hash_.add(event);
  }

  template <class Body>
  [[nodiscard]] std::uint64_t inputs() const noexcept {
    return inputs_[InputBody{Body{}}.index()];
  }
  template <class Body>
  [[nodiscard]] std::uint64_t events() const noexcept {
    return events_[EventBody{Body{}}.index()];
  }
  /// Events of each kind, by its number.
  [[nodiscard]] const auto& events_by_kind() const noexcept { return events_; }
  [[nodiscard]] std::uint64_t inputs_total() const noexcept { return sum(inputs_); }
  [[nodiscard]] std::uint64_t events_total() const noexcept { return sum(events_); }
  /// Ticks of any kind: quotes, marks, trades and index prices.
  [[nodiscard]] std::uint64_t ticks() const noexcept {
    return inputs<BookQuoted>() + inputs<MarkPublished>() + inputs<TradePrinted>() +
           inputs<IndexPublished>();
  }
  /// Take-overs of accounts that were worth less than nothing.
  [[nodiscard]] std::uint64_t bankruptcies() const noexcept { return bankruptcies_; }
  [[nodiscard]] std::uint64_t event_hash() const noexcept { return hash_.value(); }

 private:
  template <class Counts>
  [[nodiscard]] static std::uint64_t sum(const Counts& counts) noexcept {
    std::uint64_t total = 0;
    for (const std::uint64_t count : counts) total += count;
    return total;
  }

  std::array<std::uint64_t, std::variant_size_v<InputBody>> inputs_{};
  std::array<std::uint64_t, std::variant_size_v<EventBody>> events_{};
  std::uint64_t bankruptcies_{0};
  core::EventHash hash_;
};

}  // namespace plimsoll::runtime
