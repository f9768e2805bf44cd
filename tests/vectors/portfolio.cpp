#include "tests/vectors/portfolio.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace plimsoll::vectors {
namespace {

constexpr int kRateDecimals = 9;
constexpr int kPriceDecimals = 9;
constexpr int kAmountDecimalsMax = 12;

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";
}

std::string nearest(const Number& x, int decimals) {
  return quoted(decimal_text(x, decimals));
}

std::string exactly(const Number& x, int decimals) {
  EXPECT_TRUE(decimals_needed(x, decimals)) << x << " has more than " << decimals << " decimals";
  return nearest(x, decimals);
}

std::string line(const std::string& key, const std::string& value) {
  return key + " = " + value + "\n";
}

/// Indented; as one value of a key.
std::string table_text(const Tiers& tiers, int decimals) {
  std::string text = "{ mode = " + quoted(tiers.mode) + ", measure = " + quoted(tiers.measure);
  for (const auto& [key, value] : tiers.more) {
    const bool amount = key == "open_interest_lower" || key == "open_interest_upper";
    text += ", " + key + " = " + nearest(value, amount ? decimals : kRateDecimals);
  }
  text += ", brackets = [";
  for (const Bracket& bracket : tiers.brackets) {
    text += "{ floor = " + nearest(bracket.floor, decimals) +
            ", initial = " + nearest(bracket.initial, kRateDecimals) +
            ", maintenance = " + nearest(bracket.maintenance, kRateDecimals) + " }, ";
  }
  return text + "] }";
}

std::string instrument_text(const Instrument& instrument, const Portfolio& portfolio) {
  const int quantity = instrument.quantity_decimals;
  const auto table = [&](const Tiers& tiers) {
    return table_text(tiers, tiers.measure == "quantity" ? quantity : portfolio.decimals);
  };
  std::string text = "\n[[instrument]]\n" + line("symbol", quoted(instrument.symbol)) +
                     line("kind", quoted(instrument.kind)) +
                     line("settle", quoted(portfolio.money)) +
                     line("multiplier", exactly(instrument.multiplier, kRateDecimals)) +
                     line("quantity_decimals", std::to_string(quantity)) +
                     line("lot", exactly(ten_to(-quantity), quantity)) +
                     line("tick", exactly(ten_to(-kPriceDecimals), kPriceDecimals)) +
                     line("price_min", exactly(instrument.price_min, kPriceDecimals)) +
                     line("price_max", exactly(instrument.price_max, kPriceDecimals)) +
                     line("tiers", table(instrument.tiers));
  if (instrument.tiers_short) text += line("tiers_short", table(*instrument.tiers_short));
  return text;
}

std::string market_text(const Portfolio& portfolio) {
  std::string marks = "\n[marks]\n";
  std::string interest;
  std::string funding;
  for (const Instrument& instrument : portfolio.instruments) {
    const std::string& symbol = instrument.symbol;
    marks += line(symbol, exactly(instrument.mark, kPriceDecimals));
    if (instrument.open_interest) {
      interest += line(symbol, exactly(*instrument.open_interest, instrument.quantity_decimals));
    }
    if (instrument.funding) funding += line(symbol, nearest(*instrument.funding, kRateDecimals));
  }
  std::string indices;
  for (const auto& [asset, index] : portfolio.indices) {
    indices += line(asset, exactly(index, kPriceDecimals));
  }
  return (portfolio.instruments.empty() ? "" : marks) +
         (indices.empty() ? "" : "\n[index]\n" + indices) +
         (funding.empty() ? "" : "\n[funding]\n" + funding) +
         (interest.empty() ? "" : "\n[open_interest]\n" + interest);
}

int quantity_decimals_of(const Portfolio& portfolio, const std::string& symbol) {
  for (const Instrument& instrument : portfolio.instruments) {
    if (instrument.symbol == symbol) return instrument.quantity_decimals;
  }
  ADD_FAILURE() << "no instrument " << symbol;
  return 0;
}

/// The profile of the accounts: that of config/profiles, or one that extends it.
std::string profile_name(const Portfolio& portfolio) {
  return portfolio.changes.empty() ? portfolio.profile->name : "case";
}

std::string profile_text(const Portfolio& portfolio) {
  if (portfolio.changes.empty()) return {};
  std::string text = "\n[[profile]]\n" + line("name", quoted(profile_name(portfolio))) +
                     line("extends", quoted(portfolio.profile->name));
  for (const auto& [key, rate] : portfolio.changes) {
    text += line(key, exactly(rate, kRateDecimals));
  }
  return text;
}

std::string account_text(const Account& account, std::size_t number, const Portfolio& portfolio) {
  std::string text = "\n[[account]]\n" + line("id", std::to_string(number)) +
                     line("profile", quoted(profile_name(portfolio))) +
                     line("asset", quoted(portfolio.money)) + line("mode", quoted(account.mode));
  std::string balances;
  for (const auto& [asset, amount] : account.balances) {
    if (amount == 0) continue;
    balances +=
        (balances.empty() ? "" : ", ") + asset + " = " + nearest(amount, portfolio.decimals);
  }
  if (!balances.empty()) text += line("balances", "{ " + balances + " }");
  std::string positions;
  for (const Position& position : account.positions) {
    const int decimals = quantity_decimals_of(portfolio, position.symbol);
    positions += "  { instrument = " + quoted(position.symbol) +
                 ", quantity = " + exactly(position.quantity, decimals) +
                 ", entry_price = " + exactly(position.entry, kPriceDecimals);
    if (position.leverage)
      positions += ", leverage = " + exactly(*position.leverage, kRateDecimals);
    positions += " },\n";
  }
  if (!positions.empty()) text += line("positions", "[\n" + positions + "]");
  std::string orders;
  for (const Order& order : account.orders) {
    const int decimals = quantity_decimals_of(portfolio, order.symbol);
    orders += "  { instrument = " + quoted(order.symbol) +
              ", quantity = " + exactly(order.quantity, decimals) +
              ", limit = " + exactly(order.limit, kPriceDecimals) + " },\n";
  }
  if (!orders.empty()) text += line("orders", "[\n" + orders + "]");
  return text;
}

/// The assets of the portfolio, and those that the profile's file asks for.
std::string assets_text(const Portfolio& portfolio) {
  std::map<std::string, Number> index_max;
  for (const std::string& asset : portfolio.profile->assets) index_max[asset] = 1;
  for (const auto& [asset, index] : portfolio.indices) index_max[asset] = 100 * index;
  index_max.erase(portfolio.money);
  std::string text;
  const auto add = [&](const std::string& name) {
    text += "\n[[asset]]\n" + line("name", quoted(name)) +
            line("decimals", std::to_string(portfolio.decimals));
  };
  add(portfolio.money);
  for (const auto& [asset, most] : index_max) {
    add(asset);
    text += line("index_max", exactly(most, kPriceDecimals));
  }
  return text;
}

}  // namespace

std::string Portfolio::text() const {
  std::string text = line("include", "[" + quoted(profile->file) + "]") + "\n[engine]\n" +
                     line("numeraire", quoted(money)) + assets_text(*this) + profile_text(*this);
  for (const Instrument& instrument : instruments) text += instrument_text(instrument, *this);
  text += market_text(*this);
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    text += account_text(accounts[i], i + 1, *this);
  }
  return text;
}

int decimals_for(const Number& largest_amount) {
  const Number most = Number{boost::multiprecision::cpp_int{1} << 60} / 64;
  int decimals = kAmountDecimalsMax;
  while (decimals > 0 && abs(largest_amount) * ten_to(decimals) > most) --decimals;
  return decimals;
}

Instrument linear_instrument(const Number& price, const Number& quantity) {
  Instrument instrument;
  instrument.mark = price;
  instrument.price_max = 100 * price;
  instrument.quantity_decimals = decimals_needed(quantity, 9).value_or(9);
  return instrument;
}

Instrument inverse_instrument(const Number& price, const Number& contract_size) {
  Instrument instrument;
  instrument.kind = "inverse";
  instrument.multiplier = contract_size;
  instrument.mark = price;
  instrument.price_min = rounded(price / 100, kPriceDecimals);
  instrument.price_max = 100 * price;
  return instrument;
}

Tiers flat_tiers(const Number& initial, const Number& maintenance) {
  Tiers tiers;
  tiers.brackets.push_back({0, initial, maintenance});
  return tiers;
}

Tiers tiers_with(const Number& maintenance, const Number& cumulative, int decimals) {
  if (cumulative == 0) return flat_tiers(maintenance, maintenance);
  const Number next_to_nothing = std::min(ten_to(-6), Number{maintenance / 2});
  const Number floor = rounded(cumulative / (maintenance - next_to_nothing), decimals);
  Tiers tiers;
  tiers.brackets = {{0, next_to_nothing, next_to_nothing}, {floor, maintenance, maintenance}};
  return tiers;
}

}  // namespace plimsoll::vectors
