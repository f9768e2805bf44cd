#include "feeds/venue/table_rules.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

#include "engine/value/decimal.hpp"
#include "engine/value/integer.hpp"

namespace plimsoll::feeds {
namespace {

constexpr std::int64_t kTicksToPriceMax = 10'000'000;
constexpr std::int64_t kTicksToPriceMin = 100;
constexpr int kMoneyDecimals = 6;
constexpr int kCoinDecimals = 8;

void check_bracket(const VenueTiers& tiers, std::size_t i, Row& row) {
  const VenueBracket& bracket = tiers.brackets[i];
  const std::string at = "brackets[" + std::to_string(i) + "]";
  const auto require = [&](bool holds, const char* field, Nano value, const char* message) {
    if (!holds) {
      row.fail("", at + "." + field + " = " + format_decimal(value, kNanoDecimals) + " " + message);
    }
  };
  require(bracket.maintenance > 0, "maintenance", bracket.maintenance, "must be above 0");
  require(bracket.initial >= bracket.maintenance, "initial", bracket.initial,
          "must not be below the maintenance rate");
  require(bracket.initial <= kNanoOne, "initial", bracket.initial, "must be at most 1");
  if (i == 0) {
    require(bracket.floor == 0, "floor", bracket.floor, "must be 0 in the first bracket");
    return;
  }
  const VenueBracket& below = tiers.brackets[i - 1];
  require(bracket.floor > below.floor, "floor", bracket.floor, "must be above the one before");
  require(bracket.initial >= below.initial, "initial", bracket.initial, "must not fall with size");
  require(bracket.maintenance >= below.maintenance, "maintenance", bracket.maintenance,
          "must not fall with size");
}

/// The digits text[from, from + length) as a number, or -1.
int digits_at(std::string_view text, std::size_t from, std::size_t length) {
  int number = 0;
  for (const char c : text.substr(from, length)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

/// Does "YYYY-MM-DDTHH:MM:SS" with a fraction or none, and a Z, have its signs where they belong?
bool is_utc_shape(std::string_view text) {
  constexpr std::string_view kShape = "....-..-..T..:..:..";
  if (text.size() <= kShape.size() || text.back() != 'Z') return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] != '.' && kShape[i] != text[i]) return false;
  }
  const std::string_view fraction = text.substr(kShape.size(), text.size() - kShape.size() - 1);
  return fraction.empty() ||
         (fraction.front() == '.' && fraction.size() > 1 &&
          fraction.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

std::string two_digits(std::int64_t number) {
  return std::string(number < 10 ? 1 : 0, '0') + std::to_string(number);
}

}  // namespace

std::string to_string(const TableError& error) {
  std::string text = error.file + ": ";
  if (!error.field.empty())
    text += error.field + (error.value.empty() ? "" : " = \"" + error.value + "\"") + ": ";
  return text + error.message;
}

Nano rate_of_leverage(Nano leverage) noexcept {
  return static_cast<Nano>(divide_ceil<Int128>(Int128{kNanoOne} * kNanoOne, leverage));
}

int decimals_of(Nano number) noexcept {
  int decimals = kNanoDecimals;
  while (decimals > 0 && number % 10 == 0) {
    number /= 10;
    --decimals;
  }
  return decimals;
}

std::optional<Nano> product_of(Nano a, Nano b) noexcept {
  const Int128 product = Int128{a} * b;
  if (product % kNanoOne != 0 || product / kNanoOne > std::numeric_limits<Nano>::max()) return {};
  return static_cast<Nano>(product / kNanoOne);
}

void set_lot(VenueInstrument& instrument, Nano lot) noexcept {
  instrument.lot = lot;
  instrument.quantity_decimals = decimals_of(lot);
}

void default_prices(VenueInstrument& instrument) noexcept {
  if (instrument.price_max == 0) {
    constexpr Nano kTickMax = std::numeric_limits<Nano>::max() / kTicksToPriceMax;
    instrument.price_max = std::min(instrument.tick, kTickMax) * kTicksToPriceMax;
  }
  if (instrument.kind == reference::Kind::inverse && instrument.price_min == 0) {
    constexpr Nano kTickMax = std::numeric_limits<Nano>::max() / kTicksToPriceMin;
    instrument.price_min =
        std::min(std::min(instrument.tick, kTickMax) * kTicksToPriceMin, instrument.price_max);
  }
}

void default_depth(VenueInstrument& instrument) noexcept {
  constexpr Nano kCoins = 10'000 * kNanoOne;
  constexpr Nano kCoinsMax = kNanoOne * kNanoOne;
  if (instrument.kind == reference::Kind::spot) return;
  if (asset_decimals(instrument.settle) == kMoneyDecimals) return;
  instrument.depth = kCoins;
  if (instrument.kind != reference::Kind::inverse) return;
  // 10^9 / (10^5 * tick), in whole coins.
  const Int128 coins = Int128{kCoins} / instrument.tick;
  instrument.depth = static_cast<Nano>(std::clamp<Int128>(coins * kNanoOne, kNanoOne, kCoinsMax));
}

std::vector<VenueBracket> brackets_of(const RiskSteps& rule) {
  std::vector<VenueBracket> brackets{rule.first};
  if (std::max(rule.initial_step, rule.maintenance_step) > kNanoOne) return brackets;
  Nano floor = rule.base;
  for (std::int64_t i = 0; i < rule.steps && brackets.back().maintenance < kNanoOne; ++i) {
    const VenueBracket& below = brackets.back();
    brackets.push_back({floor, std::min(kNanoOne, below.initial + rule.initial_step),
                        std::min(kNanoOne, below.maintenance + rule.maintenance_step)});
    if (__builtin_add_overflow(floor, rule.step, &floor)) break;
  }
  return brackets;
}

void check_tiers(const VenueTiers& tiers, Row& row) {
  if (tiers.brackets.empty()) row.fail("", "has no brackets");
  for (std::size_t i = 0; i < tiers.brackets.size() && !row.failed(); ++i) {
    check_bracket(tiers, i, row);
  }
}

bool is_name(std::string_view text) noexcept {
  constexpr std::size_t kLengthMax = 32;
  if (text.empty() || text.size() > kLengthMax) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; });
}

int asset_decimals(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMoney{"USD",   "EUR",  "GBP",  "JPY", "USDT", "USDC",
                                                    "FDUSD", "BUSD", "TUSD", "DAI", "EURR", "USDE"};
  const bool is_money = std::find(kMoney.begin(), kMoney.end(), name) != kMoney.end();
  return is_money ? kMoneyDecimals : kCoinDecimals;
}

std::optional<std::int64_t> parse_utc(std::string_view text) {
  namespace chrono = std::chrono;
  if (!is_utc_shape(text)) return {};
  const std::array<int, 6> parts{digits_at(text, 0, 4),  digits_at(text, 5, 2),
                                 digits_at(text, 8, 2),  digits_at(text, 11, 2),
                                 digits_at(text, 14, 2), digits_at(text, 17, 2)};
  if (*std::min_element(parts.begin(), parts.end()) < 0) return {};
  const chrono::year_month_day day{chrono::year{parts[0]},
                                   chrono::month{static_cast<unsigned>(parts[1])},
                                   chrono::day{static_cast<unsigned>(parts[2])}};
  if (!day.ok() || parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return {};
  const auto time = chrono::sys_days{day} + chrono::hours{parts[3]} + chrono::minutes{parts[4]} +
                    chrono::seconds{parts[5]};
  return chrono::duration_cast<chrono::milliseconds>(time.time_since_epoch()).count();
}

std::string format_utc(std::int64_t ms) {
  namespace chrono = std::chrono;
  const chrono::sys_time<chrono::milliseconds> time{chrono::milliseconds{ms}};
  const auto midnight = chrono::floor<chrono::days>(time);
  const chrono::year_month_day day{midnight};
  const chrono::hh_mm_ss clock{chrono::floor<chrono::seconds>(time - midnight)};
  return std::to_string(static_cast<int>(day.year())) + "-" +
         two_digits(static_cast<unsigned>(day.month())) + "-" +
         two_digits(static_cast<unsigned>(day.day())) + "T" + two_digits(clock.hours().count()) +
         ":" + two_digits(clock.minutes().count()) + ":" + two_digits(clock.seconds().count()) +
         "Z";
}

}  // namespace plimsoll::feeds
