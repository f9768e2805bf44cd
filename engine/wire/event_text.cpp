#include "engine/wire/event_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <type_traits>

#include "engine/base/fields.hpp"
#include "engine/message/input.hpp"
#include "engine/value/decimal.hpp"
#include "engine/value/integer.hpp"
#include "engine/wire/sbe.hpp"

namespace plimsoll::wire {
namespace {

template <class Integer>
void append_integer(Integer value, std::string& out) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_padded(std::int64_t value, std::size_t width, std::string& out) {
  const std::string digits = std::to_string(value);
  out.append(width - std::min(width, digits.size()), '0');
  out += digits;
}

/// 2020-03-12T10:41:02.5Z, with as many decimals as there are.
void append_time(EventTime time, std::string& out) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kDay = 86'400 * kSecond;
  const std::int64_t day = divide_floor(time.raw(), kDay);
  const std::int64_t in_day = (time.raw() % kDay + kDay) % kDay;  // day * kDay may not fit
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(day)}}};
  append_padded(int{date.year()}, 4, out);
  out += '-';
  append_padded(static_cast<unsigned>(date.month()), 2, out);
  out += '-';
  append_padded(static_cast<unsigned>(date.day()), 2, out);
  out += 'T';
  append_padded(in_day / (3'600 * kSecond), 2, out);
  out += ':';
  append_padded(in_day / (60 * kSecond) % 60, 2, out);
  out += ':';
  append_padded(in_day / kSecond % 60, 2, out);
  const std::string fraction = format_decimal(in_day % kSecond, 9);
  out.append(fraction, 1);  // without its 0
  out += 'Z';
}

/// The element of a table, or nothing.
template <class T, class Id>
std::optional<T> look_up(const std::vector<T>& table, Id id) {
  return id.raw() < table.size() ? std::optional{table[id.raw()]} : std::nullopt;
}

std::optional<int> amount_decimals_of(InstrumentId instrument, const EventNames& names) {
  const auto asset = look_up(names.settlement_assets, instrument);
  return asset ? look_up(names.amount_decimals, *asset) : std::nullopt;
}

/// The decimals that an instrument's settlement asset and the numeraire share: those of an amount
/// in the margin asset of an account that trades it.
std::optional<int> margin_decimals_of(InstrumentId instrument, const EventNames& names) {
  const auto decimals = amount_decimals_of(instrument, names);
  const auto numeraire = look_up(names.amount_decimals, names.numeraire);
  return numeraire && numeraire != decimals ? std::nullopt : decimals;
}

/// What all assets have in common.
std::optional<int> common_decimals(const EventNames& names) {
  const auto& all = names.amount_decimals;
  const bool same = !all.empty() && std::count(all.begin(), all.end(), all.front()) ==
                                        static_cast<std::ptrdiff_t>(all.size());
  return same ? std::optional{all.front()} : std::nullopt;
}

/// The decimals of the amounts of an event.
struct AmountDecimals {
  std::optional<int> margin;      // equity, maintenance_margin, and what is missing of them
  std::optional<int> settlement;  // what comes of trading the instrument of the event
};

/// An asset or an instrument of the event itself tells, else the instrument that triggered it;
/// without any, all assets must have the same decimals.
AmountDecimals amount_decimals_of(const Event& event, const EventNames& names) {
  AmountDecimals decimals{margin_decimals_of(event.header.trigger_instrument, names),
                          amount_decimals_of(event.header.trigger_instrument, names)};
  const auto look = [&](const char*, const auto& value) {
    using Member = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<Member, AssetId>) {
      decimals.margin = decimals.settlement = look_up(names.amount_decimals, value);
    } else if constexpr (std::is_same_v<Member, InstrumentId>) {
      decimals = {margin_decimals_of(value, names), amount_decimals_of(value, names)};
    }
  };
  std::visit([&](const auto& body) { for_each_field(body, look); }, event.body);
  if (!decimals.margin) decimals.margin = common_decimals(names);
  if (!decimals.settlement) decimals.settlement = common_decimals(names);
  return decimals;
}

std::optional<int> quantity_decimals_of(const Event& event, const EventNames& names) {
  std::optional<int> decimals;
  const auto look = [&](const char*, const auto& value) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, InstrumentId>) {
      decimals = look_up(names.quantity_decimals, value);
    }
  };
  std::visit([&](const auto& body) { for_each_field(body, look); }, event.body);
  return decimals;
}

/// The fields that are an input kind are plain bytes in the structs.
bool is_input_kind(std::string_view field) {
  return field.ends_with("_kind");
}

/// The amounts that are results or values of positions; all others are in the margin asset, or in
/// that which the event names.
bool is_in_settlement_asset(std::string_view field) {
  return field == "fee" || field == "pnl" || field == "realised_pnl" || field.ends_with("_value");
}

/// Prints values of one event for people.
class TextWriter {
 public:
  TextWriter(const Event& event, const EventNames& names, std::string& out)
      : names_{names},
        exchanged_{std::get_if<CollateralExchanged>(&event.body)},
        amount_decimals_{amount_decimals_of(event, names)},
        quantity_decimals_{quantity_decimals_of(event, names)},
        out_{out} {}

  template <class Member>
  void operator()(const char* name, const Member& value) {
    out_ += ' ';
    out_ += name;
    out_ += '=';
    if constexpr (std::is_same_v<Member, std::uint8_t>) {
      is_input_kind(name) ? void(out_ += input_kind_name(value)) : append_integer(value, out_);
    } else if constexpr (std::is_same_v<Member, Amount>) {
      scaled(value.raw(), decimals_of(name));
    } else {
      print(value);
    }
  }

  void print(Price price) { out_ += format_decimal(price.raw(), kPriceDecimals); }
  void print(EventTime time) { append_time(time, out_); }
  void print(InstrumentId instrument) {
    instrument == kNoInstrument ? void(out_ += "none") : named(instrument, names_.instruments);
  }

 private:
  void print(Rate rate) { out_ += format_decimal(rate.raw(), kRateDecimals); }
  void print(Quantity quantity) { scaled(quantity.raw(), quantity_decimals_); }
  void print(AssetId asset) { named(asset, names_.assets); }
  void print(IndexId index) {
    index == kNoIndex ? void(out_ += "none") : named(index, names_.indices);
  }
  void print(SourceId source) { named(source, names_.sources); }
  template <class Member>
  void print(Member value) {
    if constexpr (std::is_enum_v<Member>) {
      out_ += to_string(value);
    } else {
      append_integer(to_wire(value), out_);
    }
  }
  template <class Id>
  void named(Id id, const std::vector<std::string>& names) {
    if (const auto name = look_up(names, id)) {
      out_ += *name;
    } else {
      append_integer(id.raw(), out_);
    }
  }
  /// An exchange names two assets; any other event has one, or none.
  [[nodiscard]] std::optional<int> decimals_of(std::string_view field) const {
    if (exchanged_ != nullptr) {
      return look_up(names_.amount_decimals,
                     field == "from_amount" ? exchanged_->from : exchanged_->to);
    }
    return is_in_settlement_asset(field) ? amount_decimals_.settlement : amount_decimals_.margin;
  }
  void scaled(std::int64_t raw, std::optional<int> decimals) {
    decimals ? void(out_ += format_decimal(raw, *decimals)) : append_integer(raw, out_);
  }

  const EventNames& names_;
  const CollateralExchanged* exchanged_;
  AmountDecimals amount_decimals_;
  std::optional<int> quantity_decimals_;
  std::string& out_;
};

void append_trigger(const EventHeader& header, TextWriter& writer, std::string& out) {
  if (header.trigger_instrument != kNoInstrument) {
    out += ' ';
    writer.print(header.trigger_instrument);
    out += ' ';
    writer.print(Price::from_raw(header.trigger_value));
  } else if (header.trigger_value != 0) {
    out += " deadline ";
    writer.print(EventTime::from_raw(header.trigger_value));
  }
}

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  out += text;  // Names of fields and enumerators: nothing in them needs escaping.
  out += '"';
}

template <class Member>
void append_json_value(const char* name, const Member& value, std::string& out) {
  if constexpr (std::is_enum_v<Member>) {
    append_json_string(to_string(value), out);
  } else if constexpr (std::is_same_v<Member, std::uint8_t>) {
    is_input_kind(name) ? append_json_string(input_kind_name(value), out)
                        : append_integer(value, out);
  } else if constexpr (std::is_same_v<Member, InstrumentId>) {
    value == kNoInstrument ? void(out += "null") : append_integer(value.raw(), out);
  } else if constexpr (std::is_same_v<Member, IndexId>) {
    value == kNoIndex ? void(out += "null") : append_integer(value.raw(), out);
  } else {
    append_integer(to_wire(value), out);
  }
}

/// Appends fields after what an object has so far.
struct JsonFields {
  std::string& out;
  template <class Member>
  void operator()(const char* name, const Member& value) const {
    out += ',';
    append_json_string(name, out);
    out += ':';
    append_json_value(name, value, out);
  }
};

}  // namespace

const char* to_string(DecodeError error) noexcept {
  switch (error) {
    case DecodeError::none:
      return "none";
    case DecodeError::too_short:
      return "too short";
    case DecodeError::wrong_schema:
      return "wrong schema";
    case DecodeError::unknown_template:
      return "unknown template";
    case DecodeError::block_too_short:
      return "block too short";
  }
  return "unknown";
}

void append_event_text(const Event& event, const EventNames& names, std::string& out) {
  TextWriter writer{event, names, out};
  out += '#';
  append_integer(event.header.number.raw(), out);
  out += ' ';
  writer.print(event.header.time);
  out += ' ';
  out += event_kind_name(kind_of(event));
  writer("account", event.header.account);
  std::visit([&](const auto& body) { for_each_field(body, writer); }, event.body);
  out += " cause=";
  append_integer(event.header.cause.raw(), out);
  out += ' ';
  out += input_kind_name(event.header.cause_kind);
  append_trigger(event.header, writer, out);
}

void append_account_state_text(const AccountState& state, const EventNames& names,
                               std::string& out) {
  const Event nothing{};  // an account does not say what it is margined in
  TextWriter writer{nothing, names, out};
  out += '#';
  append_integer(state.number.raw(), out);
  out += ' ';
  writer.print(state.time);
  out += " account_state";
  writer("account", state.account);
  if (state.valued_at.raw() != 0) {
    writer("equity", state.equity);
    writer("maintenance_margin", state.maintenance_margin);
    writer("valued_at", state.valued_at);
  }
  if (state.call_state != CallState::none) {
    writer("call", state.call);
    writer("call_state", state.call_state);
    writer("amount", state.amount);
    writer("deadline", state.deadline);
  }
  if (state.confirmed_at.raw() != 0) writer("confirmed_at", state.confirmed_at);
  if (state.liquidation_state != LiquidationState::none) {
    writer("epoch", state.epoch);
    writer("liquidation_state", state.liquidation_state);
  }
}

void append_account_state_json(const AccountState& state, std::string& out) {
  out += "{\"snapshot\":";
  append_json_string("account_state", out);
  for_each_field(state, JsonFields{out});
  out += '}';
}

void append_event_json(const Event& event, std::string& out) {
  out += "{\"event\":";
  append_json_string(event_kind_name(kind_of(event)), out);
  const JsonFields append{out};
  for_each_field(event.header, append);
  std::visit([&](const auto& body) { for_each_field(body, append); }, event.body);
  out += '}';
}

}  // namespace plimsoll::wire
