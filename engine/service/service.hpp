#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/configuration/configuration.hpp"
#include "engine/core/audit.hpp"
#include "engine/runtime/tally.hpp"

// The running service: live feeds and the matching engine's stream into the inbox, the engine on
// its thread, events out over TCP, and a status page for operators.

namespace plimsoll::service {

/// Name of the engine's thread, in lists of threads.
inline constexpr const char* kEngineThreadName = "engine";

/// What a service has done, once it has stopped.
struct ServiceReport {
  runtime::Tally tally;
  core::Audit audit;
  std::uint64_t accounts{0};
  std::string record_error;
};

struct ServiceOptions {
  std::vector<InputBody> book;  // applied before anything else
  Openings openings;            // then these; what they show has to outlive start()
  std::vector<InputBody> told;  // then these
  std::string record;           // file for the sequenced inputs but for openings; empty: none
};

class Service {
 public:
  /// `configuration` must outlive it.
  explicit Service(const configuration::Configuration& configuration);
  /// stop().
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Opens everything and starts to run. An error in words, or nothing.
  [[nodiscard]] std::string start(ServiceOptions options);

  /// What has to be done now and then, at least every few milliseconds, by whoever has started it.
  void tend();
  /// Prices and commands can reach a living engine. After tend().
  [[nodiscard]] bool ready() const;
  /// The engine's thread turns. After tend(); a thread that has not turned for a second is dead.
  [[nodiscard]] bool alive() const noexcept { return engine_alive_.load(); }
  /// Writes the flight record to the configured file; an error in words, or nothing.
  [[nodiscard]] std::string write_flight() const;

  /// Takes no more inputs, applies those that are there, ends the subscribers' session after the
  /// last event, and closes the record.
  void stop();

  [[nodiscard]] std::uint16_t port() const noexcept;         // of events
  [[nodiscard]] std::uint16_t status_port() const noexcept;  // 0: there is none
  /// REQUIRES: stop() has returned.
  [[nodiscard]] const ServiceReport& report() const noexcept { return report_; }

 private:
  class Parts;
  const configuration::Configuration& configuration_;
  std::atomic<bool> engine_alive_{false};
  std::unique_ptr<Parts> parts_;
  ServiceReport report_;
};

}  // namespace plimsoll::service
