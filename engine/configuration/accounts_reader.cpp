#include "engine/configuration/accounts_reader.hpp"

#include <algorithm>

#include "engine/configuration/line_reader.hpp"
#include "engine/value/decimal.hpp"
#include "engine/value/integer.hpp"

namespace plimsoll::configuration {
namespace {

static_assert(LineReader::kPadding >= AccountLineParser::kPadding);

// What the engine accepts at most of a balance, a quantity, and the exposure of an account at the
// highest prices (engine/README.md).
constexpr std::int64_t kMagnitudeMax = std::int64_t{1} << 60;
constexpr std::uint64_t kAccountMax = ~std::uint64_t{0} - 1;
constexpr std::size_t kKnownAtFirst = 1024;

/// A field of an account, or of one of its positions; a text only when there is a fault.
struct Place {
  const char* key;
  std::size_t position{kOfAccount};
  static constexpr std::size_t kOfAccount = ~std::size_t{0};

  [[nodiscard]] std::string path() const {
    std::string path = key;
    if (position != kOfAccount) path.insert(0, "positions[" + std::to_string(position) + "].");
    return path;
  }
};

bool refuse(LineFault& fault, const Place& place, std::string value, std::string reason) {
  fault = {place.path(), std::move(value), std::move(reason)};
  return false;
}

/// Reads a decimal of the given sign and size, or says what it must be.
bool read_decimal(std::string_view text, int decimals, std::int64_t min, const char* rule,
                  const Place& place, std::int64_t& raw, LineFault& fault) {
  const DecimalResult number = parse_decimal(text, decimals);
  raw = number.raw;
  if (number.error == DecimalError::inexact) {
    return refuse(fault, place, quote(text),
                  "more decimals than the " + std::to_string(decimals) + " it may have");
  }
  if (!number.ok()) return refuse(fault, place, quote(text), to_string(number.error));
  if (raw < min) return refuse(fault, place, quote(text), rule);
  if (raw > kMagnitudeMax) return refuse(fault, place, quote(text), "out of range");
  return true;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

AccountsReader::AccountsReader(const reference::Reference& reference, std::string file)
    : reference_{reference}, file_{std::move(file)}, index_{kKnownAtFirst} {}

std::optional<Error> AccountsReader::read_line(std::string_view line, std::size_t number,
                                               const InputSink& sink) {
  if (is_blank(line)) return std::nullopt;
  LineFault fault;
  if (!parser_.parse(line, line_, fault) || !check(line_, fault)) {
    if (fault.field.empty()) fault.value = quote(line);
    return Error{file_, number, 0, std::move(fault.field), std::move(fault.value), fault.reason};
  }
  give(sink);
  return std::nullopt;
}

// The account is remembered as soon as it is one, so that a later mistake in its line does not make
// its sub-accounts look wrong.
bool AccountsReader::check(const AccountLine& line, LineFault& fault) {
  opened_ = {AccountId::from_raw(line.account),
             OwnerId::from_raw(line.owner),
             AccountId::from_raw(line.parent),
             {},
             {}};
  if (!check_account(line, fault) || !check_names(line, fault)) return false;
  remember({opened_.account, opened_.owner, opened_.asset, line.parent != 0});
  return check_parent(line, fault) && check_balance(line, fault) && check_positions(line, fault);
}

bool AccountsReader::check_account(const AccountLine& line, LineFault& fault) {
  const auto no = [&](std::string reason) {
    return refuse(fault, {"account"}, std::to_string(line.account), std::move(reason));
  };
  if (line.account == 0 || line.account > kAccountMax) {
    return no("must be 1 to " + std::to_string(kAccountMax));
  }
  if (index_.find(line.account) != FlatMap::kAbsent) return no("appears twice");
  if (known_.size() >= reference_.limits.accounts) {
    return no("is more than limits.accounts = " + std::to_string(reference_.limits.accounts));
  }
  return true;
}

bool AccountsReader::check_names(const AccountLine& line, LineFault& fault) {
  const int profile = reference::find_profile(reference_, line.profile);
  if (profile < 0) return refuse(fault, {"profile"}, quote(line.profile), "names no profile");
  const int asset = reference::find_asset(reference_, line.asset);
  if (asset < 0) return refuse(fault, {"asset"}, quote(line.asset), "names no asset");
  opened_.profile = ProfileId::from_raw(static_cast<std::uint32_t>(profile));
  opened_.asset = AssetId::from_raw(static_cast<std::uint32_t>(asset));
  return true;
}

bool AccountsReader::check_parent(const AccountLine& line, LineFault& fault) const {
  if (line.parent == 0) return true;
  const char* reason = nullptr;
  const std::uint32_t index =
      line.parent == line.account ? FlatMap::kAbsent : index_.find(line.parent);
  if (index == FlatMap::kAbsent) {
    reason = "names no account of a line before";
  } else if (known_[index].is_child) {
    reason = "is itself a sub-account";
  } else if (known_[index].owner != opened_.owner) {
    reason = "belongs to another owner";
  } else if (known_[index].asset != opened_.asset) {
    reason = "is settled in another asset";
  }
  return reason == nullptr || refuse(fault, {"parent"}, std::to_string(line.parent), reason);
}

bool AccountsReader::check_balance(const AccountLine& line, LineFault& fault) {
  std::int64_t raw = 0;
  if (!read_decimal(line.balance, reference_.assets[opened_.asset.raw()].decimals, 0,
                    "must not be negative", {"balance"}, raw, fault)) {
    return false;
  }
  balance_ = Amount::from_raw(raw);
  return true;
}

bool AccountsReader::check_positions(const AccountLine& line, LineFault& fault) {
  fills_.clear();
  Int128 exposure = 0;
  for (const PositionLine& position : line.positions) {
    TradeFilled fill{opened_.account, {}, {}, {}, {}, {}};
    if (!check_instrument(position, fill, fault) || !check_fill(position, fill, fault)) {
      return false;
    }
    const reference::Instrument& instrument = reference_.instruments[fill.instrument.raw()];
    exposure += multiply_divide_ceil(std::max(fill.quantity.raw(), -fill.quantity.raw()),
                                     instrument.price_max.raw(), instrument.value_divisor);
    if (exposure > kMagnitudeMax) {
      return refuse(fault, {"quantity", fills_.size()}, quote(position.quantity),
                    "makes the account too large at price_max");
    }
    fills_.push_back(fill);
  }
  if (counts_.positions + fills_.size() > reference_.limits.positions) {
    return refuse(
        fault, {"positions"}, std::to_string(fills_.size()),
        "are more than limits.positions = " + std::to_string(reference_.limits.positions));
  }
  return true;
}

bool AccountsReader::check_instrument(const PositionLine& line, TradeFilled& fill,
                                      LineFault& fault) const {
  const auto no = [&](const char* reason) {
    return refuse(fault, {"instrument", fills_.size()}, quote(line.instrument), reason);
  };
  const int index = reference::find_instrument(reference_, line.instrument);
  if (index < 0) return no("names no instrument");
  fill.instrument = InstrumentId::from_raw(static_cast<std::uint32_t>(index));
  if (reference_.instruments[fill.instrument.raw()].settle != opened_.asset) {
    return no("is settled in another asset than the account");
  }
  const bool again = std::any_of(fills_.begin(), fills_.end(), [&](const TradeFilled& other) {
    return other.instrument == fill.instrument;
  });
  return !again || no("appears twice");
}

bool AccountsReader::check_fill(const PositionLine& line, TradeFilled& fill,
                                LineFault& fault) const {
  const reference::Instrument& instrument = reference_.instruments[fill.instrument.raw()];
  const Place quantity_place{"quantity", fills_.size()};
  const Place price_place{"entry_price", fills_.size()};
  std::int64_t quantity = 0;
  std::int64_t price = 0;
  if (!read_decimal(line.quantity, instrument.quantity_decimals, -kMagnitudeMax, "out of range",
                    quantity_place, quantity, fault)) {
    return false;
  }
  if (quantity == 0) return refuse(fault, quantity_place, quote(line.quantity), "must not be 0");
  if (quantity % instrument.lot.raw() != 0) {
    return refuse(fault, quantity_place, quote(line.quantity),
                  "must be a multiple of the lot " +
                      format_decimal(instrument.lot.raw(), instrument.quantity_decimals));
  }
  if (!read_decimal(line.entry_price, kPriceDecimals, 1, "must be above 0", price_place, price,
                    fault)) {
    return false;
  }
  if (price > instrument.price_max.raw()) {
    return refuse(
        fault, price_place, quote(line.entry_price),
        "must be at most price_max " + format_decimal(instrument.price_max.raw(), kPriceDecimals));
  }
  fill.quantity = Quantity::from_raw(quantity);
  fill.price = Price::from_raw(price);
  return true;
}

void AccountsReader::remember(const Known& known) {
  const auto next = static_cast<std::uint32_t>(known_.size());
  known_.push_back(known);
  if (index_.insert(known.account.raw(), next)) return;
  index_ = FlatMap{2 * known_.size()};
  for (std::uint32_t i = 0; i <= next; ++i) {
    PLIMSOLL_ASSERT(index_.insert(known_[i].account.raw(), i));
  }
}

void AccountsReader::give(const InputSink& sink) {
  ++counts_.accounts;
  sink(opened_);
  if (balance_.raw() > 0) {
    sink(Deposited{opened_.account, balance_, ExternalId::from_raw(opened_.account.raw())});
  }
  for (TradeFilled& fill : fills_) {
    fill.fill = ExternalId::from_raw(++counts_.positions);
    sink(fill);
  }
}

AccountsResult read_accounts(const std::string& path, const reference::Reference& reference,
                             const InputSink& sink, std::size_t errors_max) {
  AccountsResult result;
  AccountsReader accounts{reference, path};
  LineReader lines{path};
  std::string_view line;
  while (result.errors.size() < errors_max) {
    const LineReader::Step step = lines.next(line);
    if (step == LineReader::Step::end) break;
    if (step == LineReader::Step::failed) {
      result.errors.push_back(
          {path, lines.is_open() ? lines.line_number() : 0, 0, {}, {}, lines.error()});
      break;
    }
    if (step == LineReader::Step::too_long) {
      result.errors.push_back({path, lines.line_number(), 0, {}, {}, "is longer than 1 MiB"});
      continue;
    }
    std::optional<Error> error = accounts.read_line(line, lines.line_number(), sink);
    if (error) result.errors.push_back(*std::move(error));
  }
  result.counts = accounts.counts();
  return result;
}

std::optional<AccountCounts> count_accounts(const std::string& path) {
  constexpr std::string_view kInstrumentKey = "\"instrument\"";
  AccountCounts counts;
  LineReader lines{path};
  std::string_view line;
  for (;;) {
    const LineReader::Step step = lines.next(line);
    if (step == LineReader::Step::end) return counts;
    if (step == LineReader::Step::failed) return std::nullopt;
    ++counts.accounts;
    for (std::size_t at = line.find(kInstrumentKey); at != std::string_view::npos;
         at = line.find(kInstrumentKey, at + 1)) {
      ++counts.positions;
    }
  }
}

}  // namespace plimsoll::configuration
