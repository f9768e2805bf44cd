#include "engine/configuration/input_fields.hpp"

#include <algorithm>

#include "engine/configuration/account_line.hpp"
#include "engine/configuration/choice.hpp"
#include "engine/configuration/duration.hpp"
#include "engine/configuration/error.hpp"
#include "engine/configuration/input_signature.hpp"
#include "engine/configuration/json_token.hpp"
#include "engine/value/decimal.hpp"

namespace plimsoll::configuration {
namespace {

using Name = std::string_view;

/// What an input means when it says nothing of a field; all others must be there.
template <class Body>
constexpr bool may_be_left_out(Name name) noexcept {
  const auto is_one_of = [name](auto... names) { return ((name == names) || ...); };
  if constexpr (std::is_same_v<Body, AccountOpened>) {
    return is_one_of("owner", "parent", "mode", "position_mode");
  } else if constexpr (std::is_same_v<Body, TradeFilled>) {
    return is_one_of("fee", "fill", "side", "order");
  } else if constexpr (std::is_same_v<Body, OrderRequested>) {
    return is_one_of("side", "reduce_only", "state");
  } else if constexpr (std::is_same_v<Body, SourceQuoted> || std::is_same_v<Body, SourcePriced>) {
    return is_one_of("venue_time", "number");
  } else if constexpr (std::is_same_v<Body, LiquidationsPaused> ||
                       std::is_same_v<Body, LiquidationsResumed>) {
    return name == "reason";
  } else if constexpr (std::is_same_v<Body, IndexOverridden> ||
                       std::is_same_v<Body, RedemptionPublished>) {
    return false;
  } else {
    return is_one_of("transfer", "venue_time", "index", "side");
  }
}

/// Reads the fields of one input.
class Reader {
 public:
  Reader(const InputContext& context, std::vector<JsonScalar>& values, InputFault& fault)
      : context_{context}, reference_{context.reference}, values_{values}, fault_{fault} {}

  template <class Body>
  [[nodiscard]] bool read(Body& body) {
    // Names first: they tell the scale of amounts and quantities.
    return read_fields(body, true) && read_fields(body, false) && complete(body);
  }

 private:
  template <class Value>
  static constexpr bool names_reference() noexcept {
    return std::is_same_v<Value, AssetId> || std::is_same_v<Value, InstrumentId>;
  }

  template <class Body>
  [[nodiscard]] bool read_fields(Body& body, bool names) {
    bool good = true;
    for_each_field(body, [&](Name name, auto& into) {
      using Value = std::remove_cvref_t<decltype(into)>;
      if (!good || names_reference<Value>() != names) return;
      JsonScalar* value = find(name);
      if (value == nullptr) {
        if (!may_be_left_out<Body>(name)) good = refuse(name, {}, "is missing");
        return;
      }
      value->used = true;
      good = take(*value, into);
    });
    return good;
  }

  template <class Body>
  [[nodiscard]] bool complete(Body& body) {
    if constexpr (std::is_same_v<Body, AccountOpened>) {
      if (find("owner") == nullptr) body.owner = OwnerId::from_raw(body.account.raw());
    } else if constexpr (std::is_same_v<Body, LiquidationsPaused>) {
      if (body.reason != PauseReason::operator_said) {
        return refuse(*find("reason"), "must be operator: the breaker pauses by itself");
      }
    }
    return true;
  }

  [[nodiscard]] JsonScalar* find(Name name) {
    const auto found = std::find_if(values_.begin(), values_.end(),
                                    [&](const JsonScalar& value) { return value.key == name; });
    return found == values_.end() ? nullptr : &*found;
  }

  bool refuse(Name field, std::string value, std::string reason) {
    fault_ = {std::string{field}, std::move(value), std::move(reason)};
    return false;
  }
  bool refuse(const JsonScalar& scalar, std::string reason) {
    std::string value = quote(scalar.text);
    if (!scalar.quoted) value = value.substr(1, value.size() - 2);
    return refuse(scalar.key, std::move(value), std::move(reason));
  }

  // One overload a type of field.
  bool take(const JsonScalar& scalar, AssetId& into) {
    const bool found = take_name(scalar, reference::find_asset, "names no asset", into);
    asset_ = into;
    return found;
  }
  bool take(const JsonScalar& scalar, InstrumentId& into) {
    const bool found = take_name(scalar, reference::find_instrument, "names no instrument", into);
    instrument_ = into;
    return found;
  }
  bool take(const JsonScalar& scalar, ProfileId& into) {
    return take_name(scalar, reference::find_profile, "names no profile", into);
  }
  bool take(const JsonScalar& scalar, TiersId& into) {
    return take_name(scalar, reference::find_tiers, "names no table of tiers", into);
  }
  bool take(const JsonScalar& scalar, IndexId& into) {
    return take_name(scalar, reference::find_index, "names no index", into);
  }
  bool take(const JsonScalar& scalar, SourceId& into) {
    return take_name(scalar, reference::find_source, "names no source", into);
  }
  bool take(const JsonScalar& scalar, OperatorId& into) {
    into = scalar.quoted ? find_operator(context_.operators, scalar.text) : OperatorId{};
    return into.raw() != 0 || refuse(scalar, "names no operator");
  }
  bool take(const JsonScalar& scalar, EventTime& into) {
    const std::optional<EventTime> time = read_instant(scalar, context_.start);
    if (!time) return refuse(scalar, kInstantRule);
    into = *time;
    return true;
  }
  bool take(const JsonScalar& scalar, Duration& into) {
    const auto duration = scalar.quoted ? parse_duration(scalar.text) : std::nullopt;
    if (!duration) {
      return refuse(scalar, "must be a duration in quotes, in ns, us, ms, s, m or h, as \"20ms\"");
    }
    into = *duration;
    return true;
  }
  bool take(const JsonScalar& scalar, Price& into) {
    return take_decimal(scalar, kPriceDecimals, into);
  }
  bool take(const JsonScalar& scalar, Rate& into) {
    return take_decimal(scalar, kRateDecimals, into);
  }
  bool take(const JsonScalar& scalar, Quantity& into) {
    return take_decimal(scalar, reference_.instruments[instrument_.raw()].quantity_decimals, into);
  }
  bool take(const JsonScalar& scalar, Amount& into) {
    const AssetId asset =
        asset_ != kNoAsset ? asset_ : reference_.instruments[instrument_.raw()].settle;
    return take_decimal(scalar, reference_.assets[asset.raw()].decimals, into);
  }
  bool take(const JsonScalar& scalar, MarginMode& into) {
    return take_choice(scalar, kMarginModes, into);
  }
  bool take(const JsonScalar& scalar, PositionMode& into) {
    return take_choice(scalar, kPositionModes, into);
  }
  bool take(const JsonScalar& scalar, PositionSide& into) {
    return take_choice(scalar, kPositionSides, into);
  }
  bool take(const JsonScalar& scalar, InstrumentStatus& into) {
    return take_choice(scalar, kInstrumentStatuses, into);
  }
  bool take(const JsonScalar& scalar, OrderState& into) {
    return take_choice(scalar, kOrderStates, into);
  }
  bool take(const JsonScalar& scalar, Interruption& into) {
    return take_choice(scalar, kInterruptions, into);
  }
  bool take(const JsonScalar& scalar, PauseReason& into) {
    return take_choice(scalar, kPauseReasons, into);
  }
  bool take(const JsonScalar& scalar, AutoTopUp& into) {
    return take_flag(scalar, AutoTopUp::off, AutoTopUp::on, into);
  }
  bool take(const JsonScalar& scalar, ReduceOnly& into) {
    return take_flag(scalar, ReduceOnly::no, ReduceOnly::yes, into);
  }
  /// What is left are numbers: ids, epochs, counts.
  template <class Tag, class Integer>
  bool take(const JsonScalar& scalar, Strong<Tag, Integer>& into) {
    std::uint64_t number = 0;
    const bool whole = !scalar.quoted && parse_number(scalar.text, number);
    if (!whole || number > static_cast<std::uint64_t>(std::numeric_limits<Integer>::max())) {
      return refuse(scalar, "must be a whole number from 0 to " +
                                std::to_string(std::numeric_limits<Integer>::max()));
    }
    into = Strong<Tag, Integer>::from_raw(static_cast<Integer>(number));
    return true;
  }

  template <class Lookup, class Id>
  bool take_name(const JsonScalar& scalar, Lookup look_up, const char* otherwise, Id& into) {
    const int index = scalar.quoted ? look_up(reference_, scalar.text) : -1;
    if (index < 0) return refuse(scalar, otherwise);
    into = Id::from_raw(static_cast<std::uint32_t>(index));
    return true;
  }

  template <class Value>
  bool take_decimal(const JsonScalar& scalar, int decimals, Value& into) {
    if (!scalar.quoted && !is_json_number(scalar.text))
      return refuse(scalar, "not a decimal number");
    const DecimalResult number = parse_decimal(scalar.text, decimals);
    into = Value::from_raw(number.raw);
    if (number.ok()) return true;
    if (number.error == DecimalError::inexact) {
      return refuse(scalar, "more decimals than the " + std::to_string(decimals) + " it may have");
    }
    return refuse(scalar, to_string(number.error));
  }

  template <class Enum, std::size_t N>
  bool take_choice(const JsonScalar& scalar, const Choices<Enum, N>& choices, Enum& into) {
    const std::optional<Enum> value = find_choice(choices, scalar.text);
    if (!value) return refuse(scalar, choice_rule(choices));
    into = *value;
    return true;
  }

  template <class Enum>
  bool take_flag(const JsonScalar& scalar, Enum no, Enum yes, Enum& into) {
    const bool is_flag = !scalar.quoted && (scalar.text == "true" || scalar.text == "false");
    if (!is_flag) return refuse(scalar, "must be true or false");
    into = scalar.text == "true" ? yes : no;
    return true;
  }

  const InputContext& context_;
  const reference::Reference& reference_;
  std::vector<JsonScalar>& values_;
  InputFault& fault_;
  AssetId asset_{kNoAsset};
  InstrumentId instrument_{kNoInstrument};
};

/// Puts the alternative of that name into `body`.
template <std::size_t I = 0>
bool choose(std::string_view kind, InputBody& body) {
  if constexpr (I < std::variant_size_v<InputBody>) {
    if (input_kind_name(static_cast<std::uint8_t>(I)) != kind) return choose<I + 1>(kind, body);
    body.emplace<I>();
    return is_submittable({.sequence = {}, .time = {}, .origin = {}, .body = body});
  }
  return false;
}

}  // namespace

std::optional<EventTime> read_instant(const JsonScalar& scalar, EventTime start) {
  constexpr std::uint64_t kTimeMax = 7'258'118'400'000'000'000;  // the year 2200, as of captures
  if (scalar.quoted) {
    const auto after = scalar.text.starts_with('+') ? parse_duration(scalar.text.substr(1))
                                                    : std::optional<Duration>{};
    return after ? std::optional{start + *after} : std::nullopt;
  }
  std::uint64_t number = 0;
  if (!parse_number(scalar.text, number) || number > kTimeMax) return std::nullopt;
  return EventTime::from_raw(static_cast<std::int64_t>(number));
}

bool make_input(std::string_view kind, const InputContext& context, std::vector<JsonScalar>& values,
                InputBody& body, InputFault& fault) {
  if (!choose(kind, body)) {
    fault = {"input", quote(kind), "names no input that may come from outside"};
    return false;
  }
  if (signer_of(body) && context.operators.empty()) {
    fault = {"input", quote(kind), "is for operators, and the configuration lists none"};
    return false;
  }
  return std::visit(
      [&](auto& chosen) {
        return Reader{context, values, fault}.read(chosen);
      },
      body);
}

}  // namespace plimsoll::configuration
