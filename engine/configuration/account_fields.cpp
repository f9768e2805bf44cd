#include "engine/configuration/account_fields.hpp"

#include "engine/configuration/account_limits.hpp"
#include "engine/value/decimal.hpp"

namespace plimsoll::configuration {

bool refuse(LineFault& fault, const FieldPlace& place, std::string value, std::string reason) {
  fault = {place.part, place.index, place.key, std::move(value), std::move(reason)};
  return false;
}

bool read_decimal(std::string_view text, const DecimalRule& rule, const FieldPlace& place,
                  std::int64_t& raw, LineFault& fault) {
  const DecimalResult number = parse_decimal(text, rule.decimals);
  raw = number.raw;
  if (number.error == DecimalError::inexact) {
    return refuse(fault, place, quote(text),
                  "more decimals than the " + std::to_string(rule.decimals) + " it may have");
  }
  if (!number.ok()) return refuse(fault, place, quote(text), to_string(number.error));
  if (raw < rule.min) return refuse(fault, place, quote(text), rule.below_min);
  if (raw > kMagnitudeMax) return refuse(fault, place, quote(text), "out of range");
  return true;
}

}  // namespace plimsoll::configuration
