#include "engine/configuration/account_json.hpp"

#include <bitset>

#include <simdjson.h>

#include "engine/configuration/error.hpp"
#include "engine/configuration/json_token.hpp"

namespace plimsoll::configuration {
namespace {

namespace ondemand = simdjson::ondemand;
static_assert(AccountJsonParser::kPadding >= simdjson::SIMDJSON_PADDING);

/// The fields of one JSON object, and the fault of the first that is wrong.
class Fields {
 public:
  Fields(LinePart part, std::size_t element, LineFault& fault)
      : part_{part}, element_{element}, fault_{fault} {}

  [[nodiscard]] LineFault& fault() const noexcept { return fault_; }

  bool refuse(std::string_view key, std::string value, std::string reason) {
    fault_ = {part_, element_, std::string{key}, std::move(value), std::move(reason)};
    return false;
  }
  bool malformed(simdjson::error_code error) {
    return refuse({}, {}, std::string{"malformed JSON: "} + simdjson::error_message(error));
  }

  /// Marks the key as seen and gives its index.
  template <std::size_t N>
  bool identify(std::string_view key, const std::array<std::string_view, N>& keys,
                std::size_t& index) {
    for (index = 0; index < N && keys[index] != key; ++index) {
    }
    if (index == N) return refuse(quote(key), {}, "unknown key");
    if (seen_[index]) return refuse(key, {}, "appears twice");
    seen_[index] = true;
    return true;
  }

  /// Are the first `required` of the keys there?
  template <std::size_t N>
  bool complete(const std::array<std::string_view, N>& keys, std::size_t required) {
    for (std::size_t i = 0; i < required; ++i) {
      if (!seen_[i]) return refuse(keys[i], {}, "is missing");
    }
    return true;
  }

  bool text(std::string_view key, ondemand::value value, std::string_view& into) {
    const simdjson::error_code error = value.get_string().get(into);
    if (error == simdjson::INCORRECT_TYPE) return refuse_type(key, value, "must be a text");
    return error == simdjson::SUCCESS || malformed(error);
  }

  /// A decimal as text in quotes, or as a number: its characters, never a double.
  bool decimal(std::string_view key, ondemand::value value, std::string_view& into) {
    const std::string_view token = trim_token(value.raw_json_token());
    if (!token.empty() && token.front() == '"') return text(key, value, into);
    into = token;
    return is_json_number(token) || refuse_type(key, value, "not a decimal number");
  }

  bool number(std::string_view key, ondemand::value value, std::uint64_t& into) {
    return parse_number(trim_token(value.raw_json_token()), into) ||
           refuse_type(key, value, kNumberRule);
  }

  bool boolean(std::string_view key, ondemand::value value, bool& into) {
    const simdjson::error_code error = value.get_bool().get(into);
    if (error == simdjson::INCORRECT_TYPE) return refuse_type(key, value, "must be true or false");
    return error == simdjson::SUCCESS || malformed(error);
  }

  // The same for a field that may be left out.
  bool text(std::string_view key, ondemand::value value, std::optional<std::string_view>& into) {
    return text(key, value, into.emplace());
  }
  bool decimal(std::string_view key, ondemand::value value, std::optional<std::string_view>& into) {
    return decimal(key, value, into.emplace());
  }

 private:
  bool refuse_type(std::string_view key, ondemand::value value, std::string reason) {
    constexpr std::size_t kBytesMax = 60;
    return refuse(key, std::string{trim_token(value.raw_json_token()).substr(0, kBytesMax)},
                  std::move(reason));
  }

  LinePart part_;
  std::size_t element_;
  LineFault& fault_;
  std::bitset<16> seen_;
};

/// Calls read(key, index, value) for each field. True when all is well.
template <std::size_t N, class Read>
bool read_fields(ondemand::object object, const std::array<std::string_view, N>& keys,
                 std::size_t required, Fields& fields, Read&& read) {
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    std::size_t index = 0;
    if (const auto error = field.unescaped_key().get(key)) return fields.malformed(error);
    if (!fields.identify(key, keys, index)) return false;
    if (const auto error = field.value().get(value)) return fields.malformed(error);
    if (!read(key, index, value)) return false;
  }
  return fields.complete(keys, required);
}

bool read_position(ondemand::object object, Fields& fields, PositionLine& line) {
  const auto read = [&](std::string_view key, std::size_t index, ondemand::value value) {
    switch (index) {
      case 0:
        return fields.text(key, value, line.instrument);
      case 1:
        return fields.decimal(key, value, line.quantity);
      case 2:
        return fields.decimal(key, value, line.entry_price);
      case 3:
        return fields.text(key, value, line.side);
      default:
        return fields.decimal(key, value, line.leverage);
    }
  };
  return read_fields(object, kPositionKeys, kPositionKeysRequired, fields, read);
}

bool read_order(ondemand::object object, Fields& fields, OrderLine& line) {
  const auto read = [&](std::string_view key, std::size_t index, ondemand::value value) {
    switch (index) {
      case 0:
        return fields.number(key, value, line.order);
      case 1:
        return fields.text(key, value, line.instrument);
      case 2:
        return fields.decimal(key, value, line.quantity);
      case 3:
        return fields.decimal(key, value, line.limit);
      case 4:
        return fields.text(key, value, line.side);
      default:
        return fields.boolean(key, value, line.reduce_only);
    }
  };
  return read_fields(object, kOrderKeys, kOrderKeysRequired, fields, read);
}

/// Reads the objects of an array with `read_element`.
template <class Line, class Read>
bool read_array(std::string_view key, ondemand::value value, LinePart part, Fields& fields,
                std::vector<Line>& lines, Read&& read_element) {
  constexpr const char* kRule = "must be an array of objects";
  ondemand::array array;
  const simdjson::error_code error = value.get_array().get(array);
  if (error == simdjson::INCORRECT_TYPE) return fields.refuse(key, {}, kRule);
  if (error != simdjson::SUCCESS) return fields.malformed(error);
  for (auto element : array) {
    ondemand::object object;
    const simdjson::error_code wrong = element.get_object().get(object);
    if (wrong == simdjson::INCORRECT_TYPE) return fields.refuse(key, {}, kRule);
    if (wrong != simdjson::SUCCESS) return fields.malformed(wrong);
    Fields inner{part, lines.size(), fields.fault()};
    if (!read_element(object, inner, lines.emplace_back())) return false;
  }
  return true;
}

bool read_balances(std::string_view key, ondemand::value value, Fields& fields,
                   std::vector<BalanceLine>& balances) {
  ondemand::object object;
  const simdjson::error_code error = value.get_object().get(object);
  if (error == simdjson::INCORRECT_TYPE) return fields.refuse(key, {}, "must be an object");
  if (error != simdjson::SUCCESS) return fields.malformed(error);
  for (auto field : object) {
    ondemand::value amount;
    Fields inner{LinePart::balances, balances.size(), fields.fault()};
    BalanceLine& line = balances.emplace_back();
    if (const auto wrong = field.unescaped_key().get(line.asset)) return inner.malformed(wrong);
    if (const auto wrong = field.value().get(amount)) return inner.malformed(wrong);
    if (!inner.decimal("amount", amount, line.amount)) return false;
  }
  return true;
}

bool read_field(std::string_view key, std::size_t index, ondemand::value value, Fields& fields,
                AccountLine& line) {
  switch (index) {
    case 0:
      return fields.number(key, value, line.account);
    case 1:
      return fields.text(key, value, line.profile);
    case 2:
      return fields.text(key, value, line.asset);
    case 3:
      return fields.number(key, value, line.owner.emplace());
    case 4:
      return fields.number(key, value, line.parent);
    case 5:
      return fields.text(key, value, line.mode);
    case 6:
      return fields.text(key, value, line.position_mode);
    case 7:
      return fields.boolean(key, value, line.auto_top_up);
    case 8:
      return fields.decimal(key, value, line.balance);
    case 9:
      return read_balances(key, value, fields, line.balances);
    case 10:
      return read_array(key, value, LinePart::positions, fields, line.positions, read_position);
    default:
      return read_array(key, value, LinePart::orders, fields, line.orders, read_order);
  }
}

}  // namespace

struct AccountJsonParser::Json {
  ondemand::parser parser;
};

AccountJsonParser::AccountJsonParser() : json_{std::make_unique<Json>()} {}
AccountJsonParser::~AccountJsonParser() = default;

bool AccountJsonParser::parse(std::string_view text, AccountLine& line, LineFault& fault) {
  line.clear();
  Fields fields{LinePart::account, 0, fault};
  ondemand::document document;
  ondemand::object object;
  const auto opened = json_->parser.iterate(text, text.size() + kPadding).get(document);
  if (opened) return fields.malformed(opened);
  if (const auto error = document.get_object().get(object)) return fields.malformed(error);
  const auto read = [&](std::string_view key, std::size_t index, ondemand::value value) {
    return read_field(key, index, value, fields, line);
  };
  if (!read_fields(object, kAccountKeys, 0, fields, read)) return false;
  const char* rest = nullptr;
  if (document.current_location().get(rest) == simdjson::SUCCESS) {
    return fields.refuse({}, {}, "malformed JSON: more than one value in the line");
  }
  return fields.complete(kAccountKeys, kAccountKeysRequired);
}

}  // namespace plimsoll::configuration
