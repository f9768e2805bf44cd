#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/configuration/configuration.hpp"
#include "engine/gateway/counters.hpp"
#include "engine/gateway/http_server.hpp"
#include "engine/gateway/stream_follower.hpp"
#include "engine/runtime/flight_recorder.hpp"
#include "engine/runtime/inbox.hpp"
#include "engine/service/engine_counters.hpp"
#include "engine/service/live_client.hpp"
#include "engine/service/stages.hpp"

namespace plimsoll::service {

/// Whose counters a gateway's are, whichever thread it lives on.
class GatewayCounts {
 public:
  GatewayCounts() = default;
  GatewayCounts(const GatewayCounts&) = delete;
  GatewayCounts& operator=(const GatewayCounts&) = delete;
  virtual ~GatewayCounts() = default;
  /// Any thread.
  [[nodiscard]] virtual gateway::GatewayCounters read() const = 0;
};

/// All that can be asked about a running service. Everything outlives whoever asks; no follower: no
/// matching engine is configured.
struct ServiceParts {
  const configuration::Configuration& configuration;
  const Stages& stages;
  const EngineCounters& engine;
  const std::atomic<bool>& engine_alive;
  runtime::Inbox& inbox;
  const std::vector<std::unique_ptr<LiveClient>>& feeds;
  const gateway::StreamFollower* follower;
  const GatewayCounts& gateway;
  const runtime::FlightRecorder& flight;
};

/// Answers operators over HTTP, without touching the engine's thread:
///
///   GET /ready     200 when prices and commands can reach a living engine, else 503; why not
///   GET /health    the same of the engine alone, and a line about each part
///   GET /metrics   counters and latencies, as Prometheus reads them
///   GET /flight    the flight record
///   POST /inputs   what an operator says, a line as `plimsoll sign` writes it
///
/// One thread asks.
class Status final : public gateway::HttpAnswerer {
 public:
  explicit Status(const ServiceParts& parts);

  [[nodiscard]] gateway::HttpAnswer answer(const gateway::HttpQuestion& question) override;

  /// What keeps the service from being ready, a line each; none when it is. Any thread.
  [[nodiscard]] static std::vector<std::string> obstacles(const ServiceParts& parts);

 private:
  [[nodiscard]] gateway::HttpAnswer ready() const;
  [[nodiscard]] gateway::HttpAnswer health() const;
  [[nodiscard]] gateway::HttpAnswer metrics() const;
  [[nodiscard]] gateway::HttpAnswer flight() const;
  [[nodiscard]] gateway::HttpAnswer take_input(const std::string& line);

  ServiceParts parts_;
  runtime::Inbox::Producer producer_;
};

}  // namespace plimsoll::service
