#include "engine/service/metrics_text.hpp"

#include <array>
#include <charconv>

#include "engine/platform/tick_clock.hpp"

namespace plimsoll::service {
namespace {

std::string text_of(double value) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return error == std::errc{} ? std::string{buffer.data(), end} : "NaN";
}

}  // namespace

void MetricsText::begin(std::string_view name, std::string_view type, std::string_view help) {
  name_ = std::string{"plimsoll_"}.append(name);
  text_.append("# HELP ").append(name_).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name_).append(" ").append(type).append("\n");
}

void MetricsText::append(std::string_view suffix, std::string_view labels,
                         const std::string& value) {
  text_.append(name_).append(suffix);
  if (!labels.empty()) text_.append("{").append(labels).append("}");
  text_.append(" ").append(value).append("\n");
}

void MetricsText::add(std::string_view labels, std::uint64_t value) {
  append("", labels, std::to_string(value));
}

void MetricsText::add(std::string_view labels, double value) {
  append("", labels, text_of(value));
}

void MetricsText::add(std::string_view labels, const platform::LatencyHistogram::Reading& reading) {
  constexpr std::array<std::pair<const char*, double>, 5> kQuantiles{
      {{"0.5", 0.5}, {"0.99", 0.99}, {"0.999", 0.999}, {"0.9999", 0.9999}, {"1", 1.0}}};
  const double seconds = platform::nanoseconds_per_tick() / 1e9;
  const std::string before = labels.empty() ? std::string{} : std::string{labels} + ",";
  for (const auto& [text, quantile] : kQuantiles) {
    append("", before + "quantile=\"" + text + "\"",
           text_of(static_cast<double>(reading.at(quantile)) * seconds));
  }
  append("_count", labels, std::to_string(reading.count()));
}

void MetricsText::counter(std::string_view name, std::string_view help, std::uint64_t value) {
  begin(name, "counter", help);
  add({}, value);
}

void MetricsText::gauge(std::string_view name, std::string_view help, double value) {
  begin(name, "gauge", help);
  add({}, value);
}

}  // namespace plimsoll::service
