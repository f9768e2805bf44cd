#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/message/openings.hpp"
#include "engine/reference/reference.hpp"

// The book of the bench of bands: 64 linear contracts of one asset, each account with a position in
// four of them, the first of which 30 % of all accounts hold.

namespace plimsoll::bench {

inline constexpr std::size_t kContracts = 64;
inline constexpr std::size_t kLines = 4;
inline constexpr std::int64_t kPriceStep = 10'000'000;  // 0.01
/// Everything of the configuration but the contracts.
extern const char* const kBandHead;

struct BandAccount {
  std::int64_t balance{0};
  std::array<std::uint32_t, kLines> contract{};
  std::array<std::int64_t, kLines> quantity{};  // units of 0.001
};

/// The contracts, each with one bracket, so that margin is linear in every price and an increment
/// of it is exact. Equity and margin are whole multiples of the asset's unit at every price.
[[nodiscard]] reference::Reference band_reference(std::size_t accounts);

/// The price a contract starts at, and of one basis point of it.
[[nodiscard]] std::int64_t first_price(std::uint32_t contract) noexcept;

/// An account. Its equity lies above what calls it by 0.5 % to 60 % of its gross value, evenly.
[[nodiscard]] BandAccount band_account(std::uint64_t number);

/// The same as a packed book holds it.
struct PackedBandAccount {
  PackedAccount account;
  std::array<OpeningLine, kLines> lines;
};
[[nodiscard]] PackedBandAccount packed_account(std::uint64_t number, const BandAccount& account);

}  // namespace plimsoll::bench
