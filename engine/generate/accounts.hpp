#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/generate/settings.hpp"
#include "engine/message/input.hpp"

// A believable book of accounts, for benches, demonstrations and tests: a pure function of
// (reference, settings), the same on every machine. The distributions are in quantiles.hpp. One
// thread; integers only; no file, no clock.

namespace plimsoll::generate {

inline constexpr std::size_t kPositionsMax = 4;

struct BookPosition {
  InstrumentId instrument;
  Quantity quantity;
  Price entry_price;
};

struct BookAccount {
  AccountId account;
  OwnerId owner;
  AccountId parent;  // 0, or the cross account before, of which this is an isolated sub-account
  ProfileId profile;
  AssetId asset;
  Amount balance;         // above 0
  ExternalId first_fill;  // number of its first position in the whole book, from 1
  std::uint32_t position_count{0};
  std::array<BookPosition, kPositionsMax> positions;
};

struct BookSettings {
  std::uint64_t seed{1};
  std::uint64_t count{100'000};  // accounts, with the ids 1..count; a smaller book is a prefix
  Prices prices;                 // where the accounts are healthy: equity is counted at these
};

using BookSink = std::function<void(const BookAccount&)>;

/// Gives the accounts to `sink` in the order of their ids, or returns what is wrong with the
/// settings and gives nothing. Accounts are settled in the asset of the first linear instrument
/// with a price and one marginal table; others, and those settled in another asset, are left out.
/// At the given prices every account has at least its initial margin, and a cushion above its call
/// trigger. REQUIRES: a reference that finish() has accepted.
[[nodiscard]] std::vector<SettingError> generate_accounts(const reference::Reference& reference,
                                                          const BookSettings& settings,
                                                          const BookSink& sink);

/// Appends the account as one line of an accounts file (config/README.md), with its end.
void append_line(std::string& out, const BookAccount& account,
                 const reference::Reference& reference);

/// Calls `sink` with the inputs that configuration::AccountsReader makes of that line.
void give_inputs(const BookAccount& account, const std::function<void(const InputBody&)>& sink);

}  // namespace plimsoll::generate
