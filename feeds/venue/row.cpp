#include "feeds/venue/row.hpp"

#include "engine/value/decimal.hpp"
#include "feeds/venue/table_rules.hpp"

namespace plimsoll::feeds {
namespace {

const JsonValue kNothing;

std::string element(const std::string& list, std::size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

}  // namespace

bool Row::has(std::string_view key) const {
  const JsonValue* value = object_.find(key);
  if (value == nullptr || value->kind == JsonValue::Kind::null) return false;
  return value->kind != JsonValue::Kind::scalar || !value->text.empty();
}

std::string Row::text_or(std::string_view key, std::string_view fallback) const {
  const JsonValue* value = object_.find(key);
  const bool is_text = has(key) && value->kind == JsonValue::Kind::scalar;
  return is_text ? value->text : std::string{fallback};
}

bool Row::too_fine(std::string_view key) const {
  return parse_decimal(text_or(key, "0"), kNanoDecimals).error == DecimalError::inexact;
}

std::string Row::text(std::string_view key) {
  std::string text = text_or(key, "");
  if (text.empty()) fail(key, "is missing");
  return text;
}

std::int64_t Row::number(std::string_view key, int decimals) {
  const std::string written = text(key);
  if (written.empty()) return 0;
  const DecimalResult number = parse_decimal(written, decimals);
  if (!number.ok()) fail(key, to_string(number.error));
  return number.ok() ? number.raw : 0;
}

Nano Row::positive(std::string_view key) {
  const std::size_t before = errors_.size();
  const Nano number = nano(key);
  if (number <= 0 && errors_.size() == before) fail(key, "must be above 0");
  return number;
}

std::int64_t Row::utc_ms(std::string_view key) {
  const std::string written = text(key);
  if (written.empty()) return 0;
  const std::optional<std::int64_t> time = parse_utc(written);
  if (!time) fail(key, "is no time like 2021-09-24T08:00:00.000Z");
  return time.value_or(0);
}

std::vector<Row> Row::rows(std::string_view key) {
  const JsonValue* list = object_.find(key);
  std::vector<Row> rows;
  if (list == nullptr || list->kind != JsonValue::Kind::array || list->members.empty()) {
    fail(key, "must be a list that is not empty");
    return rows;
  }
  for (std::size_t i = 0; i < list->members.size(); ++i) {
    rows.emplace_back(list->members[i].value, place_, element(path_of(key), i), errors_);
  }
  return rows;
}

Row Row::child(std::string_view key) {
  const JsonValue* value = object_.find(key);
  const bool is_object = value != nullptr && value->kind == JsonValue::Kind::object;
  if (!is_object) fail(key, "must be an object");
  return {is_object ? *value : kNothing, place_, path_of(key), errors_};
}

void Row::fail(std::string_view key, std::string message) {
  errors_.push_back({place_, path_of(key), text_or(key, ""), std::move(message)});
}

std::string Row::path_of(std::string_view key) const {
  if (key.empty() || path_.empty()) return path_ + std::string{key};
  return path_ + "." + std::string{key};
}

}  // namespace plimsoll::feeds
