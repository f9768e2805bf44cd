#include "engine/gateway/gateway_thread.hpp"

#include <utility>

#include "engine/base/assert.hpp"

namespace plimsoll::gateway {
namespace {

constexpr std::size_t kEventsPerRound = 1024;  // between two looks at the sockets
constexpr Milliseconds kSleepMax{100};

}  // namespace

StartedGatewayThread GatewayThread::start(const GatewaySettings& settings, WaitPolicy policy,
                                          std::size_t ring_events) {
  auto [gateway, error] = Gateway::open(settings);
  if (!gateway) return {nullptr, std::move(error)};
  return {
      std::unique_ptr<GatewayThread>{new GatewayThread{std::move(gateway), policy, ring_events}},
      {}};
}

GatewayThread::GatewayThread(std::unique_ptr<Gateway> gateway, WaitPolicy policy,
                             std::size_t ring_events)
    : gateway_{std::move(gateway)}, ring_{ring_events}, policy_{policy}, thread_{[this] {
        run();
      }} {}

GatewayThread::~GatewayThread() {
  stop(Ending::break_off, Milliseconds{0});
}

void GatewayThread::push(const Event& event) noexcept {
  if (!ring_.try_push(event)) {
    pushes_waited_.add();
    while (!ring_.try_push(event)) std::this_thread::yield();
  }
  if (policy_ == WaitPolicy::block && asleep_.exchange(false, std::memory_order_acq_rel)) {
    gateway_->wake();
  }
}

void GatewayThread::finish(Milliseconds grace) {
  stop(Ending::end_session, grace);
}

void GatewayThread::stop(Ending ending, Milliseconds grace) {
  if (!thread_.joinable()) return;
  ending_ = ending;
  grace_ = grace;
  finishing_.store(true, std::memory_order_release);
  gateway_->wake();
  thread_.join();
}

GatewayCounters GatewayThread::counters() const noexcept {
  GatewayCounters counters = gateway_->counters();
  counters.pushes_waited = pushes_waited_.value();
  return counters;
}

void GatewayThread::run() {
  while (!finished()) {
    const bool published = publish_some();
    const bool polled = gateway_->poll();
    if (!published && !polled) pause();
  }
}

bool GatewayThread::publish_some() {
  return ring_.pop([this](const Event& event) { gateway_->publish(event); }, kEventsPerRound) != 0;
}

/// When asked to finish: ends the session after the last event, then waits for the clients.
bool GatewayThread::finished() {
  if (!finishing_.load(std::memory_order_acquire)) return false;
  if (ending_ == Ending::break_off) return true;
  if (!ended_) {
    while (publish_some()) {
    }
    deadline_ = std::chrono::steady_clock::now() + grace_;
    gateway_->end_session();
    ended_ = true;
  }
  return gateway_->drained() || std::chrono::steady_clock::now() >= deadline_;
}

void GatewayThread::pause() {
  if (policy_ == WaitPolicy::spin) {
    __builtin_ia32_pause();
    return;
  }
  asleep_.exchange(true, std::memory_order_acq_rel);
  if (ring_.empty()) gateway_->wait(kSleepMax);
  asleep_.store(false, std::memory_order_relaxed);
}

}  // namespace plimsoll::gateway
