#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// One account of a book, taken apart into texts and numbers, without a look at the reference. Every
// format of a book ends here. The texts belong to whoever read them. Private to this folder.

namespace plimsoll::configuration {

struct BalanceLine {
  std::string_view asset;
  std::string_view amount;  // decimal text
};

struct PositionLine {
  std::string_view instrument;
  std::string_view quantity;     // decimal text
  std::string_view entry_price;  // decimal text
  std::optional<std::string_view> side;
  std::optional<std::string_view> leverage;  // decimal text
};

struct OrderLine {
  std::uint64_t order{0};
  std::string_view instrument;
  std::string_view quantity;  // decimal text
  std::string_view limit;     // decimal text
  std::optional<std::string_view> side;
  bool reduce_only{false};
};

struct AccountLine {
  std::uint64_t account{0};
  std::string_view profile;
  std::string_view asset;
  std::optional<std::uint64_t> owner;  // the account's own number when not given
  std::uint64_t parent{0};
  std::optional<std::string_view> mode;
  std::optional<std::string_view> position_mode;
  bool auto_top_up{false};
  std::optional<std::string_view> balance;  // decimal text, in `asset`
  std::vector<BalanceLine> balances;
  std::vector<PositionLine> positions;
  std::vector<OrderLine> orders;

  /// Empties it for the next account; keeps the memory of the lists.
  void clear();
};

// The keys of the formats; the first ones of each list are required.
inline constexpr std::array<std::string_view, 12> kAccountKeys{
    "account",       "profile",     "asset",   "owner",    "parent",    "mode",
    "position_mode", "auto_top_up", "balance", "balances", "positions", "orders"};
inline constexpr std::size_t kAccountKeysRequired = 3;
inline constexpr std::array<std::string_view, 5> kPositionKeys{"instrument", "quantity",
                                                               "entry_price", "side", "leverage"};
inline constexpr std::size_t kPositionKeysRequired = 3;
inline constexpr std::array<std::string_view, 6> kOrderKeys{"order", "instrument", "quantity",
                                                            "limit", "side",       "reduce_only"};
inline constexpr std::size_t kOrderKeysRequired = 4;

/// What of an account is meant.
enum class LinePart : std::uint8_t { account, balances, positions, orders };

/// What is wrong with an account: the field, its value, the reason. `key` is empty when it is the
/// whole line.
struct LineFault {
  LinePart part{LinePart::account};
  std::size_t index{0};  // of the element, in a list
  std::string key;
  std::string value;
  std::string reason;

  /// "positions[0].quantity"; "balances.BTC"; "" for the whole line.
  [[nodiscard]] std::string path(const AccountLine& line) const;
};

/// Reads the whole of `text` as digits, "0" or without a zero in front.
[[nodiscard]] bool parse_number(std::string_view text, std::uint64_t& into);
inline constexpr const char* kNumberRule = "must be a whole number from 0 to 18446744073709551615";

}  // namespace plimsoll::configuration
