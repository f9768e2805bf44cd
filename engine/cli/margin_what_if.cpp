#include "engine/cli/margin_what_if.hpp"

#include <vector>

#include "engine/value/decimal.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::cli {
namespace {

using reference::Instrument;
using Words = std::vector<std::string_view>;
using Reason = std::optional<std::string>;  // why not, or nothing

constexpr const char* kGrammar =
    "is none of SYMBOL=PRICE, SYMBOL=+-N%, index ASSET=PRICE, index ASSET=+-N%, funding "
    "SYMBOL=RATE, buy|sell N SYMBOL [long|short] [@ PRICE], deposit|withdraw N ASSET";

Words words_of(std::string_view text) {
  Words words;
  for (std::size_t at = text.find_first_not_of(' '); at != std::string_view::npos;) {
    std::size_t end = text.find(' ', at);
    if (text[at] == '@') end = at + 1;
    words.push_back(text.substr(at, end == std::string_view::npos ? end : end - at));
    at = text.find_first_not_of(' ', std::min(end, text.size()));
  }
  return words;
}

std::string quoted(std::string_view text) {
  return "\"" + std::string{text} + "\"";
}

/// "SYMBOL=VALUE" taken apart.
struct Pair {
  std::string_view name;
  std::string_view value;
};

std::optional<Pair> pair_of(std::string_view word) {
  const std::size_t equals = word.rfind('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == word.size()) return {};
  return Pair{word.substr(0, equals), word.substr(equals + 1)};
}

/// Reads a decimal, or says why it is none.
Reason read(std::string_view text, int decimals, std::int64_t& raw) {
  const DecimalResult result = parse_decimal(text, decimals);
  raw = result.raw;
  if (result.ok()) return {};
  if (result.error == DecimalError::inexact) {
    return quoted(text) + " has more than " + std::to_string(decimals) + " decimals";
  }
  return quoted(text) + ": " + to_string(result.error);
}

/// One what-if, while it is applied.
class WhatIf {
 public:
  WhatIf(std::optional<AccountId> account, PortfolioBook& book)
      : account_{account}, book_{book}, reference_{book.reference()} {}

  [[nodiscard]] Reason apply(const Words& words) {
    if (words.size() == 1) {
      const auto pair = pair_of(words[0]);
      return pair ? set_mark(*pair) : Reason{kGrammar};
    }
    if (words.size() == 2) {
      const auto pair = pair_of(words[1]);
      if (pair && words[0] == "index") return set_index(*pair);
      if (pair && words[0] == "funding") return set_funding(*pair);
    }
    if (words.size() == 3 && (words[0] == "deposit" || words[0] == "withdraw")) {
      return transfer(words[0] == "deposit", words[1], words[2]);
    }
    if (words.size() >= 3 && (words[0] == "buy" || words[0] == "sell")) return fill(words);
    return kGrammar;
  }

 private:
  [[nodiscard]] Reason find_instrument(std::string_view symbol, InstrumentId& instrument) const {
    const int found = reference::find_instrument(reference_, symbol);
    if (found < 0) return quoted(symbol) + " names no instrument";
    instrument = InstrumentId::from_raw(static_cast<std::uint32_t>(found));
    return {};
  }
  [[nodiscard]] Reason find_asset(std::string_view name, AssetId& asset) const {
    const int found = reference::find_asset(reference_, name);
    if (found < 0) return quoted(name) + " names no asset";
    asset = AssetId::from_raw(static_cast<std::uint32_t>(found));
    return {};
  }
  [[nodiscard]] const Instrument& rules_of(InstrumentId instrument) const {
    return reference_.instruments[instrument.raw()];
  }

  /// A price, or a change in percent of the one that is.
  [[nodiscard]] static Reason read_price(const Pair& pair, Price now, Price& price) {
    constexpr int kPercentDecimals = kRateDecimals - 2;
    std::int64_t raw = 0;
    if (!pair.value.ends_with('%')) {
      Reason wrong = read(pair.value, kPriceDecimals, raw);
      price = Price::from_raw(raw);
      return wrong;
    }
    const std::string_view number = pair.value.substr(0, pair.value.size() - 1);
    if (Reason wrong = read(number, kPercentDecimals, raw)) return wrong;
    if (now.raw() == 0) return quoted(pair.name) + " has no price to start from";
    if (!within(raw, Int128{1000} * kRateOne)) return quoted(pair.value) + " is out of range";
    const Int128 moved = divide_floor<Int128>(Int128{now.raw()} * (kRateOne + raw), kRateOne);
    if (!within(moved, std::numeric_limits<std::int64_t>::max())) return "is out of range";
    price = Price::from_raw(narrow(moved));
    return {};
  }

  [[nodiscard]] static Reason check_range(Price price, Price least, Price most) {
    if (price >= least && price <= most) return {};
    return format_decimal(price.raw(), kPriceDecimals) + " is not from " +
           format_decimal(least.raw(), kPriceDecimals) + " to " +
           format_decimal(most.raw(), kPriceDecimals);
  }

  [[nodiscard]] Reason set_mark(const Pair& pair) {
    InstrumentId instrument;
    Price price;
    if (Reason wrong = find_instrument(pair.name, instrument)) return wrong;
    if (Reason wrong = read_price(pair, book_.marks().of(instrument), price)) return wrong;
    const Instrument& rules = rules_of(instrument);
    if (Reason wrong = check_range(price, rules.price_min, rules.price_max)) return wrong;
    book_.marks().set(instrument, price);
    return {};
  }

  [[nodiscard]] Reason set_index(const Pair& pair) {
    AssetId asset;
    Price price;
    if (Reason wrong = find_asset(pair.name, asset)) return wrong;
    if (asset == reference_.numeraire) return "the index of the numeraire is always 1";
    const Price most = reference_.assets[asset.raw()].index_max;
    if (most.raw() == 0) return quoted(pair.name) + " has no index_max";
    if (Reason wrong = read_price(pair, book_.marks().index(asset), price)) return wrong;
    if (Reason wrong = check_range(price, Price::from_raw(1), most)) return wrong;
    book_.marks().set_index(asset, price);
    return {};
  }

  [[nodiscard]] Reason set_funding(const Pair& pair) {
    InstrumentId instrument;
    std::int64_t rate = 0;
    if (Reason wrong = find_instrument(pair.name, instrument)) return wrong;
    if (rules_of(instrument).kind == reference::Kind::spot) return "a spot pair has no funding";
    if (Reason wrong = read(pair.value, kRateDecimals, rate)) return wrong;
    if (!within(rate, kRateOne / 10)) return quoted(pair.value) + " is not from -0.1 to 0.1";
    book_.marks().set_funding(instrument, Rate::from_raw(rate));
    return {};
  }

  [[nodiscard]] Reason find_account(ledger::AccountIndex& account) const {
    if (!account_ && book_.ledger().account_count() > 1) {
      return "there are several accounts: say which one by --account";
    }
    account = account_ ? book_.ledger().find(*account_) : 0;
    return {};
  }

  [[nodiscard]] Reason transfer(bool in, std::string_view number, std::string_view name) {
    ledger::AccountIndex account = 0;
    AssetId asset;
    std::int64_t raw = 0;
    if (Reason wrong = find_account(account)) return wrong;
    if (Reason wrong = find_asset(name, asset)) return wrong;
    if (Reason wrong = read(number, reference_.assets[asset.raw()].decimals, raw)) {
      return wrong;
    }
    const Amount amount = Amount::from_raw(raw);
    if (in) return answer(book_.ledger().deposit(account, asset, amount));
    if (amount.raw() <= 0) return answer(Refusal::amount_not_positive);
    const Amount balance = book_.ledger().balance(account, asset);
    if (amount > balance) {
      return "is more than the balance, " +
             format_decimal(balance.raw(), reference_.assets[asset.raw()].decimals);
    }
    book_.ledger().withdraw(account, asset, amount);
    return {};
  }

  /// buy|sell N SYMBOL [long|short] [@ PRICE]
  [[nodiscard]] Reason fill(const Words& words) {
    std::size_t next = 3;
    TradeFilled fill;
    if (next < words.size() && (words[next] == "long" || words[next] == "short")) {
      fill.side = words[next] == "long" ? PositionSide::long_side : PositionSide::short_side;
      ++next;
    }
    const bool priced = next + 2 == words.size() && words[next] == "@";
    if (!priced && next != words.size()) return kGrammar;
    if (Reason wrong = find_instrument(words[2], fill.instrument)) return wrong;
    if (Reason wrong = read_quantity(words, fill)) return wrong;
    fill.price = book_.marks().of(fill.instrument);
    if (priced) {
      const Pair pair{words[2], words[next + 1]};
      if (Reason wrong = read_price(pair, fill.price, fill.price)) return wrong;
    } else if (fill.price.raw() == 0) {
      return quoted(words[2]) + " has no mark: say a price by @ PRICE";
    }
    return book_fill(fill);
  }

  [[nodiscard]] Reason read_quantity(const Words& words, TradeFilled& fill) const {
    std::int64_t raw = 0;
    Reason wrong = read(words[1], rules_of(fill.instrument).quantity_decimals, raw);
    if (wrong) return wrong;
    if (raw <= 0) return quoted(words[1]) + " is not above 0";
    fill.quantity = Quantity::from_raw(words[0] == "buy" ? raw : -raw);
    return {};
  }

  [[nodiscard]] Reason book_fill(TradeFilled& fill) {
    ledger::AccountIndex account = 0;
    if (Reason wrong = find_account(account)) return wrong;
    const InstrumentStatus status = book_.marks().terms(fill.instrument).status;
    if (status == InstrumentStatus::unlisted || status == InstrumentStatus::settled) {
      return answer(Refusal::not_trading);
    }
    fill.account = book_.ledger().account(account).id;
    return answer(book_.ledger().apply_fill(account, fill));
  }

  [[nodiscard]] static Reason answer(std::optional<Refusal> refused) {
    if (!refused) return {};
    switch (*refused) {
      case Refusal::amount_not_positive:
        return "the amount must be above 0";
      case Refusal::asset_mismatch:
        return "the account cannot hold the asset";
      case Refusal::quantity_off_lot:
        return "the quantity is not a multiple of the lot";
      case Refusal::price_out_of_range:
        return "the price is not from price_min to price_max";
      case Refusal::side_mismatch:
        return "the side is not one of the account's mode, or its position would turn";
      case Refusal::not_trading:
        return "the instrument is not trading";
      default:
        return "refused as " + std::string{to_string(*refused)};
    }
  }

  std::optional<AccountId> account_;
  PortfolioBook& book_;
  const reference::Reference& reference_;
};

}  // namespace

std::optional<std::string> apply_what_if(std::string_view text, std::optional<AccountId> account,
                                         PortfolioBook& book) {
  return WhatIf{account, book}.apply(words_of(text));
}

}  // namespace plimsoll::cli
