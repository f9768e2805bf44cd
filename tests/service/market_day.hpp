#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/configuration/configuration.hpp"
#include "engine/gateway/gateway.hpp"
#include "engine/message/input.hpp"
#include "feeds/live/capture_server.hpp"

// Everything around a service, in this process: a venue whose price swings, and a matching engine
// that is told what to say.

namespace plimsoll::service::testing {

class MarketDay {
 public:
  /// The venue swings between two prices every `swing_ms` for `seconds`; then it stays.
  MarketDay(int seconds, int swing_ms);
  ~MarketDay();
  MarketDay(const MarketDay&) = delete;
  MarketDay& operator=(const MarketDay&) = delete;

  /// For a service between the two: one linear contract, everything on free ports.
  [[nodiscard]] configuration::Configuration configuration() const;

  /// Says a command.
  void say(const InputBody& body);
  /// Opens an account that is long 0.5 at 50,000, with so much money: 350 USDT are called at 49,900
  /// and no longer at 50,060; 100 USDT are liquidated.
  void say_account(std::uint64_t number, std::int64_t usdt);
  /// Serves the matching engine's sockets.
  void poll() { matching_->poll(); }

 private:
  std::string capture_;
  std::unique_ptr<feeds::live::CaptureServer> venue_;
  std::unique_ptr<gateway::Gateway> matching_;
};

}  // namespace plimsoll::service::testing
