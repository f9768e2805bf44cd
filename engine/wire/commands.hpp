#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/message/input.hpp"
#include "engine/wire/sbe.hpp"

// What the matching engine tells the margin engine, as SBE 1.0 messages (plimsoll-commands.xml is
// the contract, tests compare the two): an 8-byte message header, then one block that holds the
// fields of the input in the order of its fields(), packed, little-endian. The template of a
// message is the number of the kind of its input, plus 1.
//
// Pure functions, for any thread. They never allocate, throw, or read beyond the bytes given.

namespace plimsoll::wire {

inline constexpr std::uint16_t kCommandSchemaId = 20557;
inline constexpr std::uint16_t kCommandSchemaVersion = 0;
inline constexpr std::size_t kCommandSizeMax = 128;

/// May the matching engine say this? Prices come from feeds, what an operator says is signed, and
/// what the house decides is its own.
[[nodiscard]] constexpr bool is_command(std::size_t kind) noexcept {
  constexpr auto kKinds = [] {
    std::array<bool, std::variant_size_v<InputBody>> kinds{};
    const auto add = [&kinds]<class... Body>(std::variant<Body...>*) {
      const auto mark = [&kinds](std::size_t index) { kinds[index] = true; };
      (mark(InputBody{Body{}}.index()), ...);
    };
    add(static_cast<
        std::variant<AccountOpened, Deposited, WithdrawalRequested, MarginMoveRequested,
                     TradeFilled, FundingSettled, FundEndowed, LiquidationAnswered,
                     InventoryAnswered, FundingEstimated, OpenInterestPublished, OrderRequested,
                     OrderClosed, LeverageRequested, AccountModeRequested, InstrumentChanged,
                     SettlementPriced, FuturesSettled, InterestCharged, BalanceImported>*>(
        nullptr));
    return kinds;
  }();
  return kind < kKinds.size() && kKinds[kind];
}

/// Writes a command to the front of `out` and returns the number of bytes written.
/// REQUIRES: is_command(body.index()).
[[nodiscard]] std::size_t encode_command(const InputBody& body,
                                         std::span<std::byte, kCommandSizeMax> out) noexcept;

/// A command, or why the bytes are none; `body` is meaningful only for `none`. A kind that is no
/// command is an unknown template. Bytes of a newer version are skipped.
struct DecodedCommand {
  InputBody body;
  DecodeError error{DecodeError::none};
  [[nodiscard]] bool ok() const noexcept { return error == DecodeError::none; }
};
[[nodiscard]] DecodedCommand decode_command(std::span<const std::byte> message) noexcept;

}  // namespace plimsoll::wire
