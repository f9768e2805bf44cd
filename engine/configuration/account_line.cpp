#include "engine/configuration/account_line.hpp"

#include <array>
#include <bitset>
#include <charconv>
#include <optional>

#include <simdjson.h>

#include "engine/configuration/error.hpp"

namespace plimsoll::configuration {
namespace {

namespace ondemand = simdjson::ondemand;
static_assert(AccountLineParser::kPadding >= simdjson::SIMDJSON_PADDING);

constexpr std::array<std::string_view, 7> kAccountKeys{"account", "owner",   "parent",   "profile",
                                                       "asset",   "balance", "positions"};
constexpr std::array<std::string_view, 3> kPositionKeys{"instrument", "quantity", "entry_price"};
constexpr std::string_view kOptionalKey = "parent";

std::string_view trim(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

/// Is it a number as JSON writes one, as far as parse_decimal would let it pass?
bool is_json_number(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  if (text.empty() || !is_digit(text.front())) return false;
  if (text.size() > 1 && text[0] == '0' && is_digit(text[1])) return false;
  const std::size_t point = text.find('.');
  return point == std::string_view::npos || (point + 1 < text.size() && is_digit(text[point + 1]));
}

/// The fields of one JSON object, and the fault of the first that is wrong.
class Fields {
 public:
  /// `position`: of the object in the array of positions; nothing for the account itself.
  Fields(std::optional<std::size_t> position, LineFault& fault)
      : position_{position}, fault_{fault} {}

  bool refuse(std::string_view key, std::string value, std::string reason) {
    fault_ = {path_of(key), std::move(value), std::move(reason)};
    return false;
  }
  bool malformed(simdjson::error_code error) {
    fault_ = {{}, {}, std::string{"malformed JSON: "} + simdjson::error_message(error)};
    return false;
  }

  /// Marks the key as seen and gives its index.
  template <std::size_t N>
  bool identify(std::string_view key, const std::array<std::string_view, N>& keys,
                std::size_t& index) {
    for (index = 0; index < N && keys[index] != key; ++index) {
    }
    if (index == N) {
      fault_ = {path_of(quote(key)), {}, "unknown key"};
      return false;
    }
    if (seen_[index]) return refuse(key, {}, "appears twice");
    seen_[index] = true;
    return true;
  }

  template <std::size_t N>
  bool complete(const std::array<std::string_view, N>& keys) {
    for (std::size_t i = 0; i < N; ++i) {
      if (!seen_[i] && keys[i] != kOptionalKey) return refuse(keys[i], {}, "is missing");
    }
    return true;
  }

  bool text(std::string_view key, ondemand::value value, std::string_view& into) {
    const simdjson::error_code error = value.get_string().get(into);
    if (error == simdjson::INCORRECT_TYPE) {
      return refuse(key, std::string{trim(value.raw_json_token())}, "must be a text");
    }
    return error == simdjson::SUCCESS || malformed(error);
  }

  /// A decimal as text in quotes, or as a number: its characters, never a double.
  bool decimal(std::string_view key, ondemand::value value, std::string_view& into) {
    const std::string_view token = trim(value.raw_json_token());
    if (!token.empty() && token.front() == '"') return text(key, value, into);
    into = token;
    return is_json_number(token) ||
           refuse(key, std::string{token.substr(0, 60)}, "not a decimal number");
  }

  bool number(std::string_view key, ondemand::value value, std::uint64_t& into) {
    const std::string_view token = trim(value.raw_json_token());
    const char* end = token.data() + token.size();
    const auto [stop, code] = std::from_chars(token.data(), end, into);
    if (is_json_number(token) && code == std::errc{} && stop == end) return true;
    return refuse(key, std::string{token.substr(0, 60)},
                  "must be a whole number from 0 to 18446744073709551615");
  }

 private:
  [[nodiscard]] std::string path_of(std::string_view key) const {
    std::string path{key};
    if (position_) path.insert(0, "positions[" + std::to_string(*position_) + "].");
    return path;
  }

  std::optional<std::size_t> position_;
  LineFault& fault_;
  std::bitset<8> seen_;
};

bool read_position(ondemand::object object, Fields& fields, PositionLine& line) {
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    std::size_t index = 0;
    if (const auto error = field.unescaped_key().get(key)) return fields.malformed(error);
    if (!fields.identify(key, kPositionKeys, index)) return false;
    if (const auto error = field.value().get(value)) return fields.malformed(error);
    const bool read = index == 0   ? fields.text(key, value, line.instrument)
                      : index == 1 ? fields.decimal(key, value, line.quantity)
                                   : fields.decimal(key, value, line.entry_price);
    if (!read) return false;
  }
  return fields.complete(kPositionKeys);
}

bool read_positions(ondemand::value value, Fields& fields, LineFault& fault,
                    std::vector<PositionLine>& positions) {
  ondemand::array array;
  const simdjson::error_code error = value.get_array().get(array);
  if (error == simdjson::INCORRECT_TYPE) {
    return fields.refuse("positions", {}, "must be an array of objects");
  }
  if (error != simdjson::SUCCESS) return fields.malformed(error);
  for (auto element : array) {
    ondemand::object object;
    const simdjson::error_code wrong = element.get_object().get(object);
    Fields inner{positions.size(), fault};
    if (wrong == simdjson::INCORRECT_TYPE) {
      return fields.refuse("positions", {}, "must be an array of objects");
    }
    if (wrong != simdjson::SUCCESS) return fields.malformed(wrong);
    if (!read_position(object, inner, positions.emplace_back())) return false;
  }
  return true;
}

bool read_field(std::string_view key, std::size_t index, ondemand::value value, Fields& fields,
                LineFault& fault, AccountLine& line) {
  switch (index) {
    case 0:
      return fields.number(key, value, line.account);
    case 1:
      return fields.number(key, value, line.owner);
    case 2:
      return fields.number(key, value, line.parent);
    case 3:
      return fields.text(key, value, line.profile);
    case 4:
      return fields.text(key, value, line.asset);
    case 5:
      return fields.decimal(key, value, line.balance);
    default:
      return read_positions(value, fields, fault, line.positions);
  }
}

}  // namespace

struct AccountLineParser::Json {
  ondemand::parser parser;
};

AccountLineParser::AccountLineParser() : json_{std::make_unique<Json>()} {}
AccountLineParser::~AccountLineParser() = default;

bool AccountLineParser::parse(std::string_view text, AccountLine& line, LineFault& fault) {
  line.account = line.owner = line.parent = 0;
  line.positions.clear();
  Fields fields{std::nullopt, fault};
  ondemand::document document;
  ondemand::object object;
  const auto opened = json_->parser.iterate(text, text.size() + kPadding).get(document);
  if (opened) return fields.malformed(opened);
  if (const auto error = document.get_object().get(object)) return fields.malformed(error);
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    std::size_t index = 0;
    if (const auto error = field.unescaped_key().get(key)) return fields.malformed(error);
    if (!fields.identify(key, kAccountKeys, index)) return false;
    if (const auto error = field.value().get(value)) return fields.malformed(error);
    if (!read_field(key, index, value, fields, fault, line)) return false;
  }
  const char* rest = nullptr;
  if (document.current_location().get(rest) == simdjson::SUCCESS) {
    return fields.refuse({}, {}, "malformed JSON: more than one value in the line");
  }
  return fields.complete(kAccountKeys);
}

}  // namespace plimsoll::configuration
