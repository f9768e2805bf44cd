#include "engine/service/service.hpp"

#include <chrono>
#include <utility>

#include "engine/gateway/gateway_thread.hpp"
#include "engine/platform/log.hpp"
#include "engine/platform/memory.hpp"
#include "engine/platform/service_manager.hpp"
#include "engine/platform/thread.hpp"
#include "engine/reference/reference.hpp"
#include "engine/service/command_input.hpp"
#include "engine/service/crash_flight.hpp"
#include "engine/service/engine_thread.hpp"
#include "engine/service/gateway_settings_of.hpp"
#include "engine/service/live_client.hpp"
#include "engine/service/status.hpp"

namespace plimsoll::service {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kDeadAfter{1'000};  // without a turn of the engine's thread

milliseconds milliseconds_of(Duration duration) {
  return milliseconds{duration.raw() / 1'000'000};
}

gateway::FollowedStream stream_of(const configuration::MatchingSettings& matching) {
  gateway::FollowedStream stream;
  stream.host = matching.connect.host;
  stream.port = matching.connect.port;
  stream.user = matching.user;
  stream.password = matching.password;
  stream.session = matching.session;
  stream.silence_max = milliseconds_of(matching.silence_max);
  return stream;
}

}  // namespace

/// Everything that runs, in the order in which it is made; it ends in the opposite order.
class Service::Parts final : public GatewayCounts {
 public:
  Parts(const configuration::Configuration& configuration, const std::atomic<bool>& alive)
      : configuration_{configuration},
        settings_{configuration.service},
        flight_{settings_.flight_inputs, settings_.flight_events},
        outlet_{flight_, counters_},
        inbox_{settings_.inbox},
        crash_{flight_, settings_.flight_file},
        alive_{alive} {}

  ~Parts() override { finish(); }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  std::string start(const ServiceOptions& options);
  void tend(std::atomic<bool>& alive);
  [[nodiscard]] bool ready() { return Status::obstacles(parts()).empty(); }
  [[nodiscard]] std::string write_flight() const {
    return service::write_flight(flight_, settings_.flight_file);
  }
  void finish();
  [[nodiscard]] ServiceReport report() const {
    return {outlet_.tally(), engine_ ? engine_->audit() : core::Audit{},
            engine_ ? engine_->accounts() : 0, outlet_.record_error()};
  }

  [[nodiscard]] std::uint16_t port() const noexcept {
    return gateway_thread_ ? gateway_thread_->port() : gateway_->port();
  }
  [[nodiscard]] std::uint16_t status_port() const noexcept {
    return http_ ? http_->port() : std::uint16_t{0};
  }
  [[nodiscard]] gateway::GatewayCounters read() const override {
    return gateway_thread_ ? gateway_thread_->counters() : gateway_->counters();
  }

 private:
  [[nodiscard]] ServiceParts parts() {
    return {configuration_, stages_,         counters_, alive_, inbox_,
            feeds_,         follower_.get(), *this,     flight_};
  }
  std::string open_gateway();
  std::string open_status();
  void run_engine();
  void end_own_gateway();

  const configuration::Configuration& configuration_;
  const configuration::ServiceSettings& settings_;
  Stages stages_;
  EngineCounters counters_;
  runtime::FlightRecorder flight_;
  Outlet outlet_;
  runtime::Inbox inbox_;
  CrashFlight crash_;
  const std::atomic<bool>& alive_;
  std::unique_ptr<gateway::Gateway> gateway_;  // of the engine's thread
  std::unique_ptr<gateway::GatewayThread> gateway_thread_;
  std::unique_ptr<EngineThread> engine_;
  std::atomic<bool> stop_engine_{false};
  std::thread engine_thread_;
  std::vector<std::unique_ptr<LiveClient>> feeds_;
  std::unique_ptr<CommandInput> commands_;
  std::unique_ptr<gateway::StreamFollower> follower_;
  std::unique_ptr<Status> status_;
  std::unique_ptr<gateway::HttpServer> http_;
  // Of tend().
  std::uint64_t turns_seen_{0};
  Clock::time_point turned_{Clock::now()};
  Clock::time_point watched_{Clock::now()};
  bool announced_{false};
  bool finished_{false};
};

std::string Service::Parts::start(const ServiceOptions& options) {
  const reference::Reference& reference = configuration_.reference;
  if (!options.record.empty()) {
    outlet_.record_to(options.record, reference::hash_of(reference));
    if (std::string error = outlet_.record_error(); !error.empty()) return error;
  }
  if (std::string error = open_gateway(); !error.empty()) return error;
  engine_ = make_engine({reference, settings_, inbox_, outlet_, stages_, counters_});
  engine_->load(options.book);
  if (const auto fault = engine_->open(options.openings)) {
    return "account " + std::to_string(fault->account.raw()) +
           " of the book is refused: " + std::string{to_string(fault->refusal)};
  }
  engine_->load(options.told);
  if (settings_.lock_memory) {
    if (std::string error = platform::lock_memory(); !error.empty()) return error;
  }
  engine_thread_ = std::thread{[this] { run_engine(); }};
  for (const configuration::LiveFeedSettings& wanted : configuration_.feeds) {
    auto opened = open_live_feed(wanted, reference, inbox_);
    if (!opened.feed) return opened.error;
    feeds_.push_back(std::move(opened.feed));
  }
  if (configuration_.matching) {
    commands_ = std::make_unique<CommandInput>(inbox_);
    follower_ =
        std::make_unique<gateway::StreamFollower>(stream_of(*configuration_.matching), *commands_);
  }
  return open_status();
}

std::string Service::Parts::open_gateway() {
  const gateway::GatewaySettings settings = [&] {
    gateway::GatewaySettings wanted =
        gateway_settings_of(configuration_.gateway, configuration_.reference.limits.accounts);
    wanted.port = configuration_.gateway.port;
    return wanted;
  }();
  if (settings_.gateway_thread) {
    auto started = gateway::GatewayThread::start(settings);
    gateway_thread_ = std::move(started.thread);
    if (gateway_thread_) outlet_.publish_to(*gateway_thread_);
    return std::move(started.error);
  }
  auto opened = gateway::Gateway::open(settings);
  gateway_ = std::move(opened.gateway);
  if (gateway_) outlet_.publish_to(*gateway_);
  return std::move(opened.error);
}

std::string Service::Parts::open_status() {
  if (!settings_.status) return {};
  status_ = std::make_unique<Status>(parts());
  auto started =
      gateway::HttpServer::start(settings_.status->host, settings_.status->port, *status_);
  http_ = std::move(started.server);
  return std::move(started.error);
}

void Service::Parts::run_engine() {
  platform::name_current_thread(kEngineThreadName);
  if (!settings_.processors.empty()) {
    (void)platform::pin_current_thread(settings_.processors.front());
  }
  engine_->run(stop_engine_);
  (void)outlet_.close_record();
  end_own_gateway();
}

/// Subscribers get what is left and the end of the session, as long as there is time.
void Service::Parts::end_own_gateway() {
  if (!gateway_) return;
  const auto until = Clock::now() + milliseconds_of(settings_.drain_max);
  gateway_->end_session();
  while (!gateway_->drained() && Clock::now() < until) {
    if (!gateway_->poll()) gateway_->wait(milliseconds{5});
  }
}

void Service::Parts::tend(std::atomic<bool>& alive) {
  for (const auto& feed : feeds_) (void)feed->input().flush();
  const Clock::time_point now = Clock::now();
  const std::uint64_t turns = counters_.turns.value();
  if (turns != turns_seen_) turned_ = now;
  turns_seen_ = turns;
  alive.store(turns != 0 && now - turned_ < kDeadAfter);
  if (!announced_ && alive.load()) {
    announced_ = true;
    (void)platform::notify_service_manager("READY=1\nSTATUS=running");
  }
  const auto interval = platform::watchdog_interval();
  if (alive.load() && interval.count() != 0 && now - watched_ >= interval / 2) {
    watched_ = now;
    (void)platform::notify_service_manager("WATCHDOG=1");
  }
}

void Service::Parts::finish() {
  if (std::exchange(finished_, true)) return;
  (void)platform::notify_service_manager("STOPPING=1");
  http_.reset();
  for (const auto& feed : feeds_) feed->stop();
  // What the matching engine has handed over by now still counts.
  if (follower_) follower_->stop();
  for (const auto& feed : feeds_) {
    while (engine_thread_.joinable() && feed->input().flush()) std::this_thread::yield();
  }
  stop_engine_.store(true, std::memory_order_release);
  if (engine_thread_.joinable()) engine_thread_.join();
  inbox_.close();
  if (gateway_thread_) gateway_thread_->finish(milliseconds_of(settings_.drain_max));
}

Service::Service(const configuration::Configuration& configuration)
    : configuration_{configuration} {}
Service::~Service() = default;

std::string Service::start(ServiceOptions options) {
  parts_ = std::make_unique<Parts>(configuration_, engine_alive_);
  return parts_->start(options);
}

void Service::tend() {
  parts_->tend(engine_alive_);
}

bool Service::ready() const {
  return parts_->ready();
}

std::string Service::write_flight() const {
  return parts_->write_flight();
}

void Service::stop() {
  parts_->finish();
  report_ = parts_->report();
}

std::uint16_t Service::port() const noexcept {
  return parts_->port();
}

std::uint16_t Service::status_port() const noexcept {
  return parts_->status_port();
}

}  // namespace plimsoll::service
