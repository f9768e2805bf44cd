#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "bench/book.hpp"
#include "engine/core/inline_fabric.hpp"
#include "engine/core/sequencer.hpp"
#include "engine/gateway/gateway.hpp"
#include "engine/service/timed_fabric.hpp"
#include "feeds/venue/translator.hpp"

namespace plimsoll::bench {

inline constexpr std::size_t kTickSize = 192;  // every tick line is padded to this
using TickLine = std::array<std::byte, kTickSize>;

/// An engine with its gateway on one thread, and an account whose margin call is met and issued
/// again as its instrument moves between two prices: each tick causes exactly one event.
class TippingEngine {
 public:
  /// Besides the book: so many accounts far from any threshold, three in ten of which hold the
  /// first instrument, the others the next; the tipping one holds `tipping`.
  TippingEngine(const Book& book, InstrumentId tipping, std::uint64_t accounts);

  /// Ticks that move the instrument down, and up.
  [[nodiscard]] const std::array<TickLine, 2>& ticks() const noexcept { return ticks_; }
  [[nodiscard]] std::uint16_t port() const { return gateway_->port(); }
  [[nodiscard]] std::uint64_t events() const { return gateway_->next_number() - 1; }
  [[nodiscard]] std::uint64_t judged() const { return fabric_.shard(0).counters().accounts_judged; }

  // What becomes of a tick, in this order. REQUIRES of the line: the padding of a translator.
  void parse(std::string_view json);
  void submit();
  /// Ticks of platform::ticks_now() that submit() spent in judging, since the last call.
  [[nodiscard]] std::uint64_t take_judge_ticks() noexcept { return timed_.take_ticks(); }
  void encode();
  void send() { gateway_->flush(); }

  /// Everything slow that the gateway has to do.
  void poll() { (void)gateway_->poll(); }

 private:
  using Fabric = service::TimedFabric<core::InlineFabric>;

  /// `tenths` tenths of the maintenance margin as equity, on a long position of notional 10,000.
  void add_account(AccountId account, InstrumentId id, std::int64_t tenths);
  void apply(const InputBody& body);

  const Book& book_;
  core::InlineFabric fabric_;
  Fabric timed_{fabric_};
  core::Sequencer<Fabric> sequencer_{book_.reference, timed_};
  feeds::Translator translator_;
  std::unique_ptr<gateway::Gateway> gateway_;
  std::array<TickLine, 2> ticks_;
  std::span<const InputBody> parsed_;
  EventTime time_{EventTime::from_raw(1)};
};

}  // namespace plimsoll::bench
