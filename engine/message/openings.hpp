#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

#include "engine/message/event.hpp"
#include "engine/message/input.hpp"

// The accounts an engine starts with, as plain arrays, laid out as a packed book holds them.

namespace plimsoll {

/// A position that an account starts with.
struct OpeningLine {
  Quantity quantity;
  Price entry_price;
  InstrumentId instrument;
  PositionSide side{PositionSide::net};
  std::array<std::uint8_t, 3> unused{};
};
static_assert(sizeof(OpeningLine) == 24 && std::is_trivially_copyable_v<OpeningLine>);

/// An account and how many of the lines are its own; they follow those of the account before.
struct PackedAccount {
  AccountId account;
  OwnerId owner;
  AccountId parent;
  Amount balance;  // in `asset`, >= 0
  ProfileId profile;
  AssetId asset;
  std::uint32_t lines{0};
  MarginMode mode{MarginMode::cross};
  PositionMode position_mode{PositionMode::one_way};
  std::uint16_t unused{0};

  [[nodiscard]] AccountOpened opened() const noexcept {
    return {.account = account,
            .owner = owner,
            .parent = parent,
            .profile = profile,
            .asset = asset,
            .mode = mode,
            .position_mode = position_mode};
  }
  /// How many inputs say the same.
  [[nodiscard]] std::uint64_t inputs() const noexcept {
    return std::uint64_t{1} + (balance.raw() != 0 ? 1 : 0) + lines;
  }
};
static_assert(sizeof(PackedAccount) == 48 && std::is_trivially_copyable_v<PackedAccount>);

/// An account that could not be opened.
struct OpeningFault {
  AccountId account;
  Refusal refusal{};
};

struct Openings {
  std::span<const PackedAccount> accounts;
  std::span<const OpeningLine> lines;  // of all of them; as many as they say

  /// Calls visit(account, lines) for each until it returns false; ahead(account) some time before.
  template <class Ahead, class Visit>
  void for_each(Ahead&& ahead, Visit&& visit) const {
    constexpr std::size_t kAhead = 16;
    std::size_t first = 0;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      if (i + kAhead < accounts.size()) ahead(accounts[i + kAhead]);
      const PackedAccount& account = accounts[i];
      if (!visit(account, lines.subspan(first, account.lines))) return;
      first += account.lines;
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return accounts.size(); }
  /// The first account.
  [[nodiscard]] Openings first() const noexcept {
    if (accounts.empty()) return {};
    return {accounts.first(1), lines.first(accounts.front().lines)};
  }
  /// The last account of several.
  [[nodiscard]] Openings last() const noexcept {
    if (accounts.size() < 2) return {};
    return {accounts.last(1), lines.last(accounts.back().lines)};
  }
  /// Those between the two.
  [[nodiscard]] Openings between() const noexcept {
    if (accounts.size() < 3) return {};
    const std::size_t ends = accounts.front().lines + accounts.back().lines;
    return {accounts.subspan(1, accounts.size() - 2),
            lines.subspan(accounts.front().lines, lines.size() - ends)};
  }

  /// Calls sink(input) for each of the inputs that say the same, in order. Fills are numbered from
  /// 1; a deposit bears the number of its account.
  template <class Sink>
  void for_each_input(Sink&& sink) const {
    std::uint64_t fill = 0;
    const auto visit = [&](const PackedAccount& account, std::span<const OpeningLine> own) {
      sink(InputBody{account.opened()});
      if (account.balance.raw() != 0) {
        sink(InputBody{Deposited{account.account, account.balance,
                                 ExternalId::from_raw(account.account.raw()), account.asset}});
      }
      for (const OpeningLine& line : own) {
        sink(InputBody{TradeFilled{.account = account.account,
                                   .instrument = line.instrument,
                                   .quantity = line.quantity,
                                   .price = line.entry_price,
                                   .fee = {},
                                   .fill = ExternalId::from_raw(++fill),
                                   .side = line.side}});
      }
      return true;
    };
    for_each([](const PackedAccount&) {}, visit);
  }
};

}  // namespace plimsoll
