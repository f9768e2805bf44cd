#include "bench/bands_markets.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "engine/configuration/configuration.hpp"
#include "engine/generate/random.hpp"
#include "feeds/replay/feed.hpp"
#include "feeds/text/iso_time.hpp"

namespace plimsoll::bench {
namespace {

/// Steps of a made-up market, in basis points of the first price.
struct Steps {
  double noise{1};       // up or down, evenly
  double drift{0};       // of the first contract, a tick of it
  bool straight{false};  // the first contract drifts without noise
  double gap{0};         // of the first contract, once, in the middle
};

std::vector<MarkMove> moves_of(const Steps& steps, std::size_t ticks) {
  generate::Random random{11};
  std::vector<std::int64_t> prices;
  for (std::uint32_t i = 0; i < kContracts; ++i) prices.push_back(first_price(i));
  std::vector<MarkMove> moves;
  for (std::size_t i = 0; i < ticks; ++i) {
    const bool hot = i % 4 == 0;
    const auto contract =
        hot ? 0U : 1 + static_cast<std::uint32_t>(random.next() % (kContracts - 1));
    double points = (random.next() % 2 == 0 ? 1 : -1) * steps.noise;
    if (hot) points = (steps.straight ? 0 : points) + steps.drift;
    if (i == ticks / 8 * 4) points += steps.gap;
    const auto step = static_cast<std::int64_t>(
        std::llround(static_cast<double>(first_price(contract) / kPriceStep) * points * 1e-4));
    prices[contract] = std::max(kPriceStep, prices[contract] + step * kPriceStep);
    moves.push_back({contract, prices[contract]});
  }
  return moves;
}

// Real days.

/// Contracts as a venue names them, in the order of the contracts of the book.
struct Day {
  std::string name;
  std::vector<std::string> symbols;
  std::vector<std::string> files;
  std::string from;  // "": the beginning
  std::string to;
  std::size_t moves_max{20'000};
};

std::vector<Day> days() {
  const std::string crash = "crash-2025-10-10/binance-coinm/binance-delivery_trades_2025-10-10_";
  return {{"2024-08-08 BTC, ETH",
           {"BTCUSDT", "ETHUSDT"},
           {"binance/usdm-ws/btcusdt_20240808.gz", "binance/usdm-ws/ethusdt_20240808.gz"},
           {},
           {},
           10'000},
          {"2025-10-10 21:16 to 21:22 AVAX, AAVE, ATOM",
           {"AVAXUSD_PERP", "AAVEUSD_PERP", "ATOMUSD_PERP"},
           {crash + "AVAXUSD_PERP.csv.gz", crash + "AAVEUSD_PERP.csv.gz",
            crash + "ATOMUSD_PERP.csv.gz"},
           "2025-10-10T21:16:00Z",
           "2025-10-10T21:22:00Z"}};
}

/// Just enough of a reference for a feed to find the symbols.
reference::Reference reference_of(const Day& day) {
  std::string text = kBandHead;
  for (const std::string& symbol : day.symbols) {
    text += "[[instrument]]\nsymbol = \"" + symbol +
            "\"\nsettle = \"USD\"\nquantity_decimals = 3\nlot = \"0.001\"\ntick = \"0.001\"\n"
            "price_max = \"1000000\"\n"
            "brackets = [{ floor = \"0\", initial = \"0.01\", maintenance = \"0.005\" }]\n";
  }
  const auto parsed = configuration::parse_configuration(text, day.name);
  if (!parsed.ok()) {
    std::cerr << "plimsoll-bench: " << configuration::to_string(parsed.errors.front()) << "\n";
    std::exit(3);
  }
  return parsed.configuration->reference;
}

/// A price of a contract, or 0.
MarkMove price_of(const InputBody& body) {
  if (const auto* quote = std::get_if<BookQuoted>(&body)) {
    return {quote->instrument.raw(), quote->bid.raw() + (quote->ask.raw() - quote->bid.raw()) / 2};
  }
  if (const auto* trade = std::get_if<TradePrinted>(&body)) {
    return {trade->instrument.raw(), trade->price.raw()};
  }
  return {};
}

/// Prices, scaled to those of the book, where they move it. Of a capture with quotes trades do not
/// count.
std::vector<MarkMove> moves_of(const Day& day, const std::vector<std::string>& files) {
  const reference::Reference reference = reference_of(day);
  feeds::FeedOptions options;
  if (!day.from.empty()) options.from = feeds::parse_iso_time(day.from);
  if (!day.to.empty()) options.to = feeds::parse_iso_time(day.to);
  feeds::Feed feed{files, reference, options};
  std::vector<std::int64_t> first(day.symbols.size());
  std::vector<std::int64_t> now;
  for (std::uint32_t i = 0; i < day.symbols.size(); ++i) now.push_back(first_price(i));
  std::vector<MarkMove> moves;
  const bool traded = !day.from.empty();
  Input input;
  while (moves.size() < day.moves_max && feed.next(input) == feeds::Step::ready) {
    if (std::holds_alternative<TradePrinted>(input.body) != traded) continue;
    const MarkMove raw = price_of(input.body);
    if (raw.price == 0) continue;
    if (first[raw.contract] == 0) first[raw.contract] = raw.price;
    const double ratio = static_cast<double>(raw.price) / static_cast<double>(first[raw.contract]);
    const auto price =
        kPriceStep * static_cast<std::int64_t>(std::llround(
                         static_cast<double>(first_price(raw.contract) / kPriceStep) * ratio));
    if (price == now[raw.contract]) continue;
    now[raw.contract] = price;
    moves.push_back({raw.contract, price});
  }
  if (feed.error()) {
    std::cerr << "plimsoll-bench: " << feeds::to_string(*feed.error()) << "\n";
    std::exit(3);
  }
  return moves;
}

}  // namespace

std::vector<Market> made_up_markets(std::size_t ticks) {
  return {
      {"quiet, 1 bp", moves_of({.noise = 1}, ticks), {5'000, 500}},
      {"busy, 5 bp", moves_of({.noise = 5}, ticks), {}},
      {"-10 % in a line", moves_of({.noise = 1, .drift = -2, .straight = true}, ticks), {30, 3}},
      {"-40 %, 10 bp noise", moves_of({.noise = 10, .drift = -10}, ticks), {10, 1}},
      {"-20 % at once", moves_of({.noise = 1, .gap = -2'000}, ticks), {}}};
}

std::vector<Market> real_markets(const std::string& folder) {
  std::vector<Market> markets;
  for (const Day& day : days()) {
    std::vector<std::string> files;
    bool there = true;
    for (const std::string& file : day.files) {
      files.push_back((std::filesystem::path{folder} / file).string());
      std::error_code unknown;
      there = there && std::filesystem::exists(files.back(), unknown);
    }
    if (there) {
      markets.push_back({day.name, moves_of(day, files), {}});
    } else {
      std::cerr << "plimsoll-bench: " << day.name << " is left out: its captures are not in "
                << folder << " (PLIMSOLL_DATA)\n";
    }
  }
  return markets;
}

}  // namespace plimsoll::bench
