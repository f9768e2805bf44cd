#include "engine/configuration/input_signature.hpp"

#include <variant>

#include "engine/base/fields.hpp"
#include "engine/configuration/error.hpp"
#include "engine/platform/hmac.hpp"

namespace plimsoll::configuration {
namespace {

template <class Value>
std::string raw_text(const Value& value) {
  if constexpr (std::is_enum_v<Value>) {
    return std::to_string(static_cast<std::underlying_type_t<Value>>(value));
  } else {
    return std::to_string(value.raw());
  }
}

/// The value of a hexadecimal digit, or -1.
int digit_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<platform::Digest> parse_digest(std::string_view digits) {
  platform::Digest digest{};
  if (digits.size() != 2 * digest.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = digit_value(digits[2 * i]);
    const int low = digit_value(digits[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<std::byte>(high * 16 + low);
  }
  return digest;
}

}  // namespace

std::optional<OperatorId> signer_of(const InputBody& body) {
  return std::visit(
      [](const auto& input) -> std::optional<OperatorId> {
        if constexpr (requires { input.by; }) return input.by;
        return std::nullopt;
      },
      body);
}

std::string canonical_text(const InputBody& body, std::optional<EventTime> at) {
  std::string text{input_kind_name(static_cast<std::uint8_t>(body.index()))};
  const auto append = [&text](std::string_view name, const std::string& value) {
    text.append("\n").append(name).append("=").append(value);
  };
  std::visit(
      [&](const auto& input) {
        for_each_field(input,
                       [&](const char* name, const auto& value) { append(name, raw_text(value)); });
      },
      body);
  if (at) append("at", raw_text(*at));
  return text;
}

std::string signature_of(std::string_view key, const InputBody& body, std::optional<EventTime> at) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : platform::hmac_sha256(key, canonical_text(body, at))) {
    text += kDigits[std::to_integer<std::size_t>(byte >> 4)];
    text += kDigits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return text;
}

bool is_signature(std::string_view digits, std::string_view key, const InputBody& body,
                  std::optional<EventTime> at) {
  const std::optional<platform::Digest> given = parse_digest(digits);
  return given &&
         platform::same_digest(*given, platform::hmac_sha256(key, canonical_text(body, at)));
}

bool has_fixed_times(const std::vector<JsonScalar>& values, InputFault& fault) {
  for (const JsonScalar& value : values) {
    if ((value.key != "time" && value.key != "expires") || !value.quoted) continue;
    fault = {std::string{value.key}, quote(value.text),
             "must be a number of ns since 1970 in an input that is signed"};
    return false;
  }
  return true;
}

}  // namespace plimsoll::configuration
