#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "engine/core/audit.hpp"
#include "engine/core/inline_fabric.hpp"
#include "engine/runtime/sharded_fabric.hpp"
#include "engine/service/engine_loop.hpp"

namespace plimsoll::service {

/// An engine on its fabric, whichever that is. One virtual call for its whole life.
class EngineThread {
 public:
  EngineThread() = default;
  EngineThread(const EngineThread&) = delete;
  EngineThread& operator=(const EngineThread&) = delete;
  virtual ~EngineThread() = default;

  /// Opens accounts at once; see core::Sequencer::open().
  [[nodiscard]] virtual std::optional<OpeningFault> open(const Openings& openings) = 0;
  /// Applies inputs.
  virtual void load(const std::vector<InputBody>& book) = 0;
  /// Until `stop` is set and the inbox is empty.
  virtual void run(const std::atomic<bool>& stop) = 0;
  /// REQUIRES: run() has returned.
  [[nodiscard]] virtual core::Audit audit() const = 0;
  [[nodiscard]] virtual std::uint64_t accounts() const = 0;
};

/// What an engine's thread works with.
struct EngineWiring {
  const reference::Reference& reference;
  const configuration::ServiceSettings& settings;
  runtime::Inbox& inbox;
  Outlet& outlet;
  Stages& stages;
  EngineCounters& counters;
};

template <class Fabric>
class EngineOn final : public EngineThread {
 public:
  template <class... Arguments>
  explicit EngineOn(const EngineWiring& wiring, Arguments&&... fabric)
      : fabric_{std::forward<Arguments>(fabric)...}, loop_{wiring.reference,    fabric_,
                                                           wiring.inbox,        wiring.outlet,
                                                           wiring.stages,       wiring.counters,
                                                           wiring.settings.idle} {}

  [[nodiscard]] std::optional<OpeningFault> open(const Openings& openings) override {
    return loop_.open(openings);
  }
  void load(const std::vector<InputBody>& book) override {
    for (const InputBody& body : book) loop_.submit(body);
    loop_.drain();
  }
  void run(const std::atomic<bool>& stop) override { loop_.run(stop); }
  [[nodiscard]] core::Audit audit() const override { return loop_.audit(); }
  [[nodiscard]] std::uint64_t accounts() const override {
    return loop_.sequencer().registry().size();
  }

 private:
  Fabric fabric_;
  EngineLoop<Fabric> loop_;
};

/// Inline, or on as many shards as the settings say.
[[nodiscard]] inline std::unique_ptr<EngineThread> make_engine(const EngineWiring& wiring) {
  const configuration::ServiceSettings& settings = wiring.settings;
  if (settings.shards == 0) {
    return std::make_unique<EngineOn<core::InlineFabric>>(wiring, wiring.reference,
                                                          core::ShardIndex{1}, watch::Mode::bands);
  }
  std::vector<unsigned> processors;
  if (!settings.processors.empty()) {
    processors.assign(settings.processors.begin() + 1, settings.processors.end());
  }
  return std::make_unique<EngineOn<runtime::ShardedFabric>>(
      wiring, wiring.reference, static_cast<core::ShardIndex>(settings.shards), watch::Mode::bands,
      processors);
}

}  // namespace plimsoll::service
