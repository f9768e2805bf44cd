#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/gateway/gateway_thread.hpp"

namespace plimsoll::foreign {

/// A gateway on its thread that serves any_event(1), any_event(2) and so on.
class ServedEvents {
 public:
  explicit ServedEvents(const gateway::GatewaySettings& settings = {});

  [[nodiscard]] std::uint16_t port() const { return gateway_->port(); }
  [[nodiscard]] gateway::GatewayCounters counters() const { return gateway_->counters(); }
  /// How many there are, those that are no longer retained too.
  [[nodiscard]] std::uint64_t count() const { return count_; }
  void publish(std::uint64_t more);
  /// Ends the session once everybody has everything.
  void finish();

 private:
  std::unique_ptr<gateway::GatewayThread> gateway_;
  std::uint64_t count_;
};

/// The bytes of any_event(number), in hexadecimal digits.
[[nodiscard]] std::string event_hex(std::uint64_t number);

/// Fails unless `lines` are line_of(first), line_of(first + 1)... line_of(last), each once.
template <class LineOf>
void expect_events(const std::vector<std::string>& lines, std::uint64_t first, std::uint64_t last,
                   LineOf line_of) {
  ASSERT_EQ(lines.size(), last - first + 1);
  for (std::size_t i = 0; i < lines.size(); ++i) ASSERT_EQ(lines[i], line_of(first + i)) << i;
}

}  // namespace plimsoll::foreign
