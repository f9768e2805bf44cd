#include "engine/cli/replay.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <ostream>
#include <thread>

#include "engine/cli/exit_code.hpp"
#include "engine/cli/opening_book.hpp"
#include "engine/cli/outputs.hpp"
#include "engine/cli/replay_outlet.hpp"
#include "engine/cli/replay_report.hpp"
#include "engine/cli/replay_source.hpp"
#include "engine/cli/step_gate.hpp"
#include "engine/configuration/configuration.hpp"
#include "engine/core/inline_fabric.hpp"
#include "engine/log/record_reader.hpp"
#include "engine/platform/log.hpp"
#include "engine/runtime/engine.hpp"
#include "engine/runtime/sharded_fabric.hpp"
#include "engine/service/gateway_settings_of.hpp"

namespace plimsoll::cli {
namespace {

constexpr std::size_t kInboxCapacity = 1 << 14;
/// Event time that passes after the last line, so that what is in flight then comes to its end.
constexpr Duration kTail = Duration::from_raw(1'000'000'000);

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // A signal handler sets it.

void on_signal(int /*signal*/) {
  interrupted.store(true);
}

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// One replay from its options to its report. The steps that can fail print one line and return an
/// exit code; kOk goes on.
class Replay {
 public:
  Replay(const ReplayOptions& options, std::ostream& out, std::ostream& err)
      : options_{options}, out_{out}, err_{err} {}

  int run() {
    if (const int code = prepare(); code != kOk) return code;
    const bool inline_engine = options_.shards == 0;
    report_.engine = inline_engine ? "inline" : std::to_string(options_.shards) + " shards";
    if (options_.naive) report_.engine += ", naive";
    if (inline_engine) {
      core::InlineFabric fabric{reference(), 1, watch::Mode::bands};
      return run_on(fabric);
    }
    runtime::ShardedFabric fabric{reference(), options_.shards, watch::Mode::bands};
    return run_on(fabric);
  }

 private:
  [[nodiscard]] const reference::Reference& reference() const { return configuration_->reference; }

  int fail(int code, const std::string& line) {
    err_ << "plimsoll: " << line << "\n";
    return code;
  }

  int prepare() {
    configuration::ConfigurationResult loaded = configuration::load_configuration(options_.config);
    for (const auto& error : loaded.errors) fail(kBadInput, configuration::to_string(error));
    if (!loaded.ok()) return kBadInput;
    configuration_ = std::move(loaded.configuration);
    if (const int code = check_outputs(); code != kOk) return code;
    if (const int code = open_source(); code != kOk) return code;
    if (const int code = read_book(); code != kOk) return code;
    if (const int code = open_outlets(); code != kOk) return code;
    return open_gateway();
  }

  /// The captures without the names of their venues.
  [[nodiscard]] std::vector<std::string> capture_paths() const {
    std::vector<std::string> paths;
    for (const std::string& capture : options_.captures) {
      paths.push_back(feeds::parse_capture_name(capture).path);
    }
    return paths;
  }

  /// Nothing that is read is written over, and two outputs are two files.
  int check_outputs() {
    std::vector<std::string> taken = capture_paths();
    taken.push_back(options_.config);
    for (const std::string& input : {options_.accounts, options_.inputs}) {
      if (!input.empty()) taken.push_back(input);
    }
    for (const std::string& output : {options_.record, options_.events}) {
      if (output.empty()) continue;
      for (const std::string& other : taken) {
        const std::string wrong = overwriting(output, other);
        if (!wrong.empty()) return fail(kUsage, wrong);
      }
      taken.push_back(output);
    }
    return kOk;
  }

  int open_source() {
    const auto is_record = [](const std::string& path) {
      return log::RecordReader::is_record(path);
    };
    const std::vector<std::string> paths = capture_paths();
    if (std::any_of(paths.begin(), paths.end(), is_record)) return open_record();
    for (const std::string& path : paths) {
      if (is_binary(path)) return fail(kBadInput, path + ": is neither a capture nor a record");
    }
    source_.emplace();
    const auto wrong =
        source_->open(options_.captures, options_.feed, options_.inputs, *configuration_);
    for (const std::string& line : wrong) fail(kBadInput, line);
    return wrong.empty() ? kOk : kBadInput;
  }

  /// Neither text nor compressed: a zero byte at the start. A damaged record is such a file.
  static bool is_binary(const std::string& path) {
    std::array<char, 64> start{};
    std::ifstream file{path, std::ios::binary};
    file.read(start.data(), start.size());
    const std::string_view bytes{start.data(), static_cast<std::size_t>(file.gcount())};
    const bool compressed = bytes.starts_with("\x1f\x8b") || bytes.starts_with("\x28\xb5\x2f\xfd");
    return !compressed && bytes.find('\0') != std::string_view::npos;
  }

  int open_record() {
    const std::string& path = options_.captures.front();
    if (options_.captures.size() > 1) {
      return fail(kUsage, "a record is replayed alone, without captures: " + path);
    }
    if (!options_.accounts.empty()) {
      return fail(kUsage, path + ": a record holds its accounts; --accounts cannot be added");
    }
    if (!options_.inputs.empty()) {
      return fail(kUsage, path + ": a record holds its inputs; --inputs cannot be added");
    }
    const feeds::FeedOptions& feed = options_.feed;
    if (feed.from || feed.to || feed.loops != 1 || options_.step) {
      return fail(kUsage, path + ": a record is replayed whole; --from, --to, --loop and --step " +
                              "are for captures");
    }
    record_.emplace(path);
    if (!record_->error().empty()) return fail(kBadInput, record_->error());
    if (record_->reference_hash() != reference::hash_of(reference())) {
      return fail(kBadInput,
                  path + ": was recorded with another configuration than " + options_.config);
    }
    return kOk;
  }

  int read_book() {
    book_ = read_opening_book(options_.accounts, reference(), err_);
    // A record names every input.
    if (book_.code == kOk && !options_.record.empty()) book_.unpack();
    return book_.code;
  }

  int open_outlets() {
    if (!options_.record.empty()) {
      outlet_.record_to(options_.record, reference::hash_of(reference()));
    }
    if (!options_.events.empty()) outlet_.write_events_to(options_.events);
    if (const std::string error = outlet_.error(); !error.empty()) return fail(kFailed, error);
    return kOk;
  }

  int open_gateway() {
    if (!options_.listen) return kOk;
    gateway::GatewaySettings settings =
        service::gateway_settings_of(configuration_->gateway, reference().limits.accounts);
    settings.port = *options_.listen;
    auto opened = gateway::GatewayThread::start(settings);
    if (!opened.thread) return fail(kFailed, opened.error);
    gateway_ = std::move(opened.thread);
    outlet_.publish_to(*gateway_);
    platform::log_info("listening on " + settings.address + ":" + std::to_string(gateway_->port()));
    return kOk;
  }

  template <class Fabric>
  int run_on(Fabric& fabric) {
    runtime::Engine<Fabric, ReplayOutlet> engine{reference(), fabric, outlet_};
    const Clock::time_point start = Clock::now();
    const int code = record_ ? replay_record(engine, fabric) : replay_captures(engine, fabric);
    engine.drain();
    report_.seconds = seconds_since(start);
    if (code != kOk) return code;
    for (core::ShardIndex i = 0; i < fabric.shards(); ++i) {
      report_.accounts_judged += fabric.shard(i).counters().accounts_judged;
    }
    return finish(engine);
  }

  /// The book as it is when the first line is received.
  template <class Engine>
  int submit_book(Engine& engine) {
    const auto submit = [&](const std::vector<InputBody>& inputs) {
      for (const InputBody& body : inputs) {
        engine.submit({.sequence = {}, .time = source_->start(), .origin = {}, .body = body});
      }
    };
    submit(book_.inputs);
    if (!book_.packed) return kOk;
    if (const auto fault = engine.open(book_.packed->openings(), source_->start())) {
      return fail(kBadInput, refused_text(options_.accounts, *fault));
    }
    submit(book_.packed->rest());
    return kOk;
  }

  template <class Engine, class Fabric>
  int replay_captures(Engine& engine, Fabric& fabric) {
    if (const int code = submit_book(engine); code != kOk) return code;
    // From the first line on: before it there is no mark, and nobody to judge.
    engine.drain();
    if (options_.naive) fabric.watch_as(watch::Mode::naive);
    runtime::Inbox inbox{kInboxCapacity};
    std::atomic<bool> finished{false};
    feeds::Pacer pacer{options_.speed, interrupted};
    std::thread feed{[&] {
      pump_feed(inbox, pacer);
      finished.store(true, std::memory_order_release);
    }};
    engine.run(inbox, finished, interrupted,
               [&pacer](EventTime time) { return pacer.lateness(time); });
    inbox.close();
    feed.join();
    if (!source_->error().empty()) return fail(kBadInput, source_->error());
    engine.submit({.sequence = {},
                   .time = engine.sequencer().now() + kTail,
                   .origin = {},
                   .body = TimeAdvanced{}});
    return kOk;
  }

  /// The source's thread: lines become inputs, at the pace asked for, in batches when there is
  /// none.
  void pump_feed(runtime::Inbox& inbox, feeds::Pacer& pacer) {
    constexpr std::size_t kBatch = 64;
    runtime::Inbox::Producer producer = inbox.make_producer();
    StepGate gate{interrupted};
    std::vector<runtime::Arrival> batch;
    batch.reserve(kBatch);
    Input input;
    while (source_->next(input)) {
      if (options_.step && !gate.wait()) return;
      if (!pacer.wait_until(input.time)) return;
      batch.push_back({.input = input});
      if (options_.speed.is_max() && !options_.step && batch.size() < kBatch) continue;
      if (!producer.push(batch)) return;
      batch.clear();
    }
    if (!batch.empty()) (void)producer.push(batch);
  }

  /// Submits the external inputs of the record; everything that the engine then sequences, its own
  /// inputs included, must be what the record holds.
  template <class Engine, class Fabric>
  int replay_record(Engine& engine, Fabric& fabric);

  template <class Engine>
  int finish(Engine& engine) {
    fill_report(engine);
    if (!outlet_.close()) return fail(kFailed, outlet_.error());
    if (options_.json) {
      print_json(report_, reference(), out_);
    } else {
      print_summary(report_, reference(), out_);
    }
    out_.flush();
    end_gateway();
    return report_.audit.conserved() ? kOk : kBroken;
  }

  void end_gateway() {
    if (!gateway_) return;
    const auto until = Clock::now() + std::chrono::seconds{options_.linger_seconds};
    while (gateway_->counters().log_ons == 0 && Clock::now() < until && !interrupted.load()) {
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    gateway_->finish(std::chrono::seconds{30});
  }

  template <class Engine>
  void fill_report(const Engine& engine) {
    report_.tally = outlet_.tally();
    report_.audit = engine.audit();
    report_.interrupted = interrupted.load();
    report_.accounts = engine.sequencer().registry().size();
    for (std::uint32_t i = 0; i < reference().assets.size(); ++i) {
      const house::Fund& fund = engine.sequencer().house().fund(AssetId::from_raw(i));
      report_.insurance_funds.push_back(fund.balance);
      report_.bad_debts.push_back(fund.bad_debt);
    }
    if (!source_) return;
    report_.inputs_given = source_->inputs();
    report_.market_seconds = static_cast<double>(source_->length().raw()) / 1e9;
    fill_feed_report(source_->statistics());
  }

  void fill_feed_report(const feeds::FeedStatistics& statistics) {
    report_.lines_read = statistics.lines_read;
    report_.lines_used = statistics.lines_used;
    report_.stamps_went_back = statistics.stamps_went_back;
    for (const feeds::RejectCount& reject : statistics.rejected) {
      report_.lines_rejected[std::string{reject.reason}] = reject.count;
      report_.rejected_first.push_back(std::string{reject.reason} + ": first at " +
                                       reject.first_path + ":" + std::to_string(reject.first_line));
    }
    for (std::size_t i = 0; i < statistics.instruments.size(); ++i) {
      const feeds::InstrumentSeen& seen = statistics.instruments[i];
      if (!seen.mark && !seen.quotes) continue;
      report_.mark_sources.push_back(
          reference().instruments[i].symbol +
          (seen.mark ? ": mark price of the venue"
                     : ": middle of the book, the capture holds no mark price"));
    }
  }

  const ReplayOptions& options_;
  std::ostream& out_;
  std::ostream& err_;
  std::optional<configuration::Configuration> configuration_;
  std::optional<ReplaySource> source_;
  std::optional<log::RecordReader> record_;
  OpeningBook book_;
  ReplayOutlet outlet_;
  std::unique_ptr<gateway::GatewayThread> gateway_;
  ReplayReport report_;
};

template <class Engine, class Fabric>
int Replay::replay_record(Engine& engine, Fabric& fabric) {
  log::RecordCheck& check = outlet_.check_against_record();
  Input input;
  bool loading = true;
  while (check.divergence().empty() && !interrupted.load() && record_->next(input)) {
    if (loading && is_tick(input)) {
      loading = false;
      engine.drain();
      if (options_.naive) fabric.watch_as(watch::Mode::naive);
    }
    check.expect(input);
    if (input.origin == Origin::external) engine.submit(input);
  }
  engine.drain();
  if (!record_->error().empty()) return fail(kBadInput, record_->error());
  if (!interrupted.load()) check.finish();
  if (!check.divergence().empty()) {
    return fail(kBroken, options_.captures.front() + ": " + check.divergence());
  }
  return kOk;
}

}  // namespace

int run_replay(const ReplayOptions& options, std::ostream& out, std::ostream& err) {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  return Replay{options, out, err}.run();
}

}  // namespace plimsoll::cli
