#include "engine/cli/stand_in.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <deque>
#include <mutex>
#include <ostream>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "engine/cli/command_journal.hpp"
#include "engine/cli/exit_code.hpp"
#include "engine/cli/opening_book.hpp"
#include "engine/configuration/accounts_reader.hpp"
#include "engine/configuration/configuration.hpp"
#include "engine/configuration/inputs_reader.hpp"
#include "engine/exchange/exchange.hpp"
#include "engine/gateway/gateway.hpp"
#include "engine/gateway/stream_follower.hpp"
#include "engine/market/market.hpp"
#include "engine/platform/log.hpp"
#include "engine/platform/tick_clock.hpp"
#include "engine/service/feed_input.hpp"
#include "engine/service/gateway_settings_of.hpp"
#include "engine/service/live_client.hpp"
#include "engine/wire/commands.hpp"
#include "engine/wire/sbe.hpp"

namespace plimsoll::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTurn{1};
constexpr std::size_t kInbox = 1 << 12;

std::atomic<bool> stop_wanted{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // A signal handler sets it.

void on_stop(int /*signal*/) {
  stop_wanted.store(true);
}

EventTime now() {
  return EventTime::from_raw(platform::wall_clock_ns());
}

/// The margin engine's events, handed over to the stand-in's thread.
class EventsIn final : public gateway::StreamSink {
 public:
  bool on_message(std::uint64_t /*number*/, std::span<const std::byte> message) override {
    const wire::Decoded decoded = wire::decode(message);
    if (decoded.error == wire::DecodeError::unknown_template) return true;  // no order
    if (!decoded.ok()) return false;
    const std::lock_guard lock{mutex_};
    events_.push_back(decoded.event);
    return true;
  }
  void on_state(gateway::FollowState state, const std::string& reason) override {
    platform::log_info(std::string{"margin engine: "} + gateway::to_string(state) +
                       (reason.empty() ? "" : ": " + reason));
  }
  [[nodiscard]] std::vector<Event> take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(events_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Event> events_;
};

bool is_order(const Event& event) {
  return std::holds_alternative<LiquidationOrderIssued>(event.body) ||
         std::holds_alternative<InventoryOrderIssued>(event.body);
}

class StandIn {
 public:
  StandIn(const StandInOptions& options, const configuration::Configuration& configuration,
          std::ostream& out, std::ostream& err)
      : options_{options},
        configuration_{configuration},
        out_{out},
        err_{err},
        market_{configuration.reference},
        exchange_{configuration.reference} {}

  int run() {
    if (const int code = read_script(); code != kOk) return code;
    if (const int code = open(); code != kOk) return code;
    while (!stop_wanted.load()) {
      if (!turn()) return kFailed;
      std::this_thread::sleep_for(kTurn);
    }
    if (follower_) follower_->stop();
    gateway_->end_session();
    out_ << "stand-in\n"
         << "  commands              " << gateway_->next_number() - 1 << "\n"
         << "  orders answered       " << answered_.size() << "\n";
    return kOk;
  }

 private:
  struct Scripted {
    Duration after;  // the start
    InputBody body;
  };

  int fail(int code, const std::string& line) {
    err_ << "plimsoll: " << line << "\n";
    return code;
  }

  /// The book, then the file of inputs.
  int read_script() {
    const reference::Reference& reference = configuration_.reference;
    if (!options_.accounts.empty()) {
      if (const int code = refuse_packed(options_.accounts, err_); code != kOk) return code;
      const auto result =
          configuration::read_accounts(options_.accounts, reference, [this](const InputBody& body) {
            script_.push_back({Duration{}, body});
          });
      for (const auto& error : result.errors) fail(kBadInput, configuration::to_string(error));
      if (!result.ok()) return kBadInput;
    }
    if (options_.inputs.empty()) return kOk;
    const EventTime start = now();
    const auto result = configuration::read_inputs(options_.inputs, reference, start);
    for (const auto& error : result.errors) fail(kBadInput, configuration::to_string(error));
    if (!result.ok()) return kBadInput;
    for (const Input& input : result.inputs) {
      if (!wire::is_command(input.body.index())) {
        return fail(kBadInput, options_.inputs + ": " +
                                   std::string{input_kind_name(kind_of(input))} +
                                   " is nothing that a matching engine says");
      }
      script_.push_back({input.time - start, input.body});
    }
    return kOk;
  }

  int open() {
    gateway::GatewaySettings settings =
        service::gateway_settings_of(configuration_.gateway, 1);  // no events
    settings.users.clear();
    settings.port = options_.port;
    std::vector<std::vector<std::byte>> said;
    if (!options_.journal.empty()) {
      const std::string error =
          journal_.open(options_.journal, settings.session,
                        [&](std::uint64_t answers, std::span<const std::byte> message) {
                          said.emplace_back(message.begin(), message.end());
                          if (answers != 0) answered_.insert(answers);
                        });
      if (!error.empty()) return fail(kFailed, error);
      settings.session = journal_.session();
    }
    auto opened = gateway::Gateway::open(settings);
    if (!opened.gateway) return fail(kFailed, opened.error);
    gateway_ = std::move(opened.gateway);
    for (const auto& message : said) gateway_->publish(message);
    next_scripted_ = said.size() - answered_.size();
    platform::log_info("commands on " + settings.address + ":" + std::to_string(gateway_->port()) +
                       ", session " + settings.session);
    return open_prices();
  }

  int open_prices() {
    for (const configuration::LiveFeedSettings& wanted : configuration_.feeds) {
      auto opened = service::open_live_feed(wanted, configuration_.reference, inbox_);
      if (!opened.error.empty()) return fail(kFailed, opened.error);
      feeds_.push_back(std::move(opened.feed));
    }
    if (options_.events_host.empty()) return kOk;
    gateway::FollowedStream stream;
    stream.host = options_.events_host;
    stream.port = options_.events_port;
    stream.user = options_.user;
    stream.password = options_.password;
    follower_ = std::make_unique<gateway::StreamFollower>(stream, events_);
    return kOk;
  }

  /// False when the journal cannot be written.
  bool turn() {
    move_market();
    for (const Event& event : events_.take()) {
      if (!is_order(event) || answered_.contains(event.header.number.raw())) continue;
      exchange_.observe(event);
      orders_.push_back(event.header.number.raw());
    }
    bool good = say_script();
    while (good && !orders_.empty() && *exchange_.next_due() <= now() && can_answer()) {
      good = say(exchange_.answer_next(market_.marks()), orders_.front());
      answered_.insert(orders_.front());
      orders_.pop_front();
    }
    gateway_->poll();
    return good;
  }

  /// Is there a mark to fill the oldest order at? Before that nothing trades.
  [[nodiscard]] bool can_answer() const {
    return market_.marks().known(exchange_.next_instrument());
  }

  void move_market() {
    std::array<runtime::Arrival, 256> batch{};
    for (std::size_t count = inbox_.pop(batch); count > 0; count = inbox_.pop(batch)) {
      for (std::size_t i = 0; i < count; ++i) apply(batch[i].input);
    }
    for (const auto& feed : feeds_) (void)feed->input().flush();
  }

  void apply(const Input& input) {
    std::visit(
        [&](const auto& body) {
          if constexpr (requires { market_.apply(body, input.time); }) {
            (void)market_.apply(body, input.time);
          }
        },
        input.body);
    std::vector<marks::Move> moves;
    std::vector<Event> events;
    std::vector<SettlementAveraged> settlements;
    market_.update(cause_of(input), {moves, events, settlements});
  }

  bool say_script() {
    const Duration elapsed = now() - start_;
    while (next_scripted_ < script_.size() && script_[next_scripted_].after <= elapsed) {
      if (!say(script_[next_scripted_].body, 0)) return false;
      ++next_scripted_;
    }
    return true;
  }

  bool say(const InputBody& body, std::uint64_t answers) {
    std::array<std::byte, wire::kCommandSizeMax> bytes{};
    const std::size_t size = wire::encode_command(body, bytes);
    const auto message = std::span{bytes}.first(size);
    // What was said can be said again only when it is kept.
    if (const std::string error = journal_.append(answers, message); !error.empty()) {
      return fail(kFailed, error) == kOk;
    }
    gateway_->publish(message);
    return true;
  }

  const StandInOptions& options_;
  const configuration::Configuration& configuration_;
  std::ostream& out_;
  std::ostream& err_;
  EventTime start_{now()};
  std::vector<Scripted> script_;
  std::size_t next_scripted_{0};
  CommandJournal journal_;
  std::unique_ptr<gateway::Gateway> gateway_;
  runtime::Inbox inbox_{kInbox};
  std::vector<std::unique_ptr<service::LiveClient>> feeds_;
  market::Market market_;
  exchange::Exchange exchange_;
  std::deque<std::uint64_t> orders_;  // numbers of their events, as the exchange has them
  std::set<std::uint64_t> answered_;
  EventsIn events_;
  std::unique_ptr<gateway::StreamFollower> follower_;
};

}  // namespace

int run_stand_in(const StandInOptions& options, std::ostream& out, std::ostream& err) {
  stop_wanted.store(false);
  const auto loaded = configuration::load_configuration(options.config);
  for (const auto& error : loaded.errors) {
    err << "plimsoll: " << configuration::to_string(error) << "\n";
  }
  if (!loaded.ok()) return kBadInput;
  std::signal(SIGINT, on_stop);
  std::signal(SIGTERM, on_stop);
  std::signal(SIGPIPE, SIG_IGN);
  return StandIn{options, *loaded.configuration, out, err}.run();
}

}  // namespace plimsoll::cli
