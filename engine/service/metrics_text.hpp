#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/platform/latency_histogram.hpp"

namespace plimsoll::service {

/// Text in the format that Prometheus reads. Labels are given as they stand between the braces.
class MetricsText {
 public:
  /// Begins a family: "# TYPE plimsoll_events_total counter".
  void begin(std::string_view name, std::string_view type, std::string_view help);
  void add(std::string_view labels, std::uint64_t value);
  void add(std::string_view labels, double value);
  /// Quantiles and the count of lengths of time, in seconds.
  void add(std::string_view labels, const platform::LatencyHistogram::Reading& reading);
  /// A family of one.
  void counter(std::string_view name, std::string_view help, std::uint64_t value);
  void gauge(std::string_view name, std::string_view help, double value);

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void append(std::string_view suffix, std::string_view labels, const std::string& value);
  std::string text_;
  std::string name_;
};

}  // namespace plimsoll::service
