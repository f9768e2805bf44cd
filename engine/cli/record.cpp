#include "engine/cli/record.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <csignal>
#include <mutex>
#include <ostream>
#include <random>
#include <thread>

#include "engine/cli/exit_code.hpp"
#include "engine/platform/log.hpp"
#include "feeds/live/client.hpp"

namespace plimsoll::cli {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
namespace live = feeds::live;

constexpr milliseconds kLook{50};    // at signals and at the end
constexpr milliseconds kFlush{500};  // a kill loses no more

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // A signal handler sets it.

void on_signal(int /*signal*/) {
  interrupted.store(true);
}

/// What a recording holds.
struct Recorded {
  std::uint64_t messages{0};
  std::uint64_t bytes{0};  // of messages
  std::uint64_t connections{0};
  std::uint64_t disconnects{0};
  std::uint64_t failed_attempts{0};
  EventTime first;
  EventTime last;
  Duration silence_max{Duration::from_raw(0)};
  std::string last_failure;
};

/// Messages to a capture. Called by the client's thread; the rest by the main one.
class RecordSink final : public live::Sink {
 public:
  explicit RecordSink(const RecordOptions& options) : writer_{options.output, options.format} {}

  void on_message(std::string_view /*venue*/, EventTime received,
                  std::string_view text) noexcept override {
    const std::lock_guard lock{mutex_};
    writer_.append_message(received, text);
    if (recorded_.messages++ == 0)
      recorded_.first = received;
    else
      recorded_.silence_max = std::max(recorded_.silence_max, received - recorded_.last);
    recorded_.last = received;
    recorded_.bytes += text.size();
  }

  void on_link(const live::LinkEvent& event) noexcept override {
    const std::lock_guard lock{mutex_};
    const std::string url{event.url};
    switch (event.change) {
      case live::LinkChange::connected:
        ++recorded_.connections;
        return platform::log_info(url + ": connected");
      case live::LinkChange::disconnected:
        ++recorded_.disconnects;
        writer_.append_disconnect();
        return platform::log_warning(url + ": disconnected: " + note_failure(event));
      case live::LinkChange::attempt_failed:
        ++recorded_.failed_attempts;
        return platform::log_warning(url + ": no connection: " + note_failure(event));
      case live::LinkChange::gap:
        return platform::log_warning(url + ": missed what came in " +
                                     std::to_string((event.time - event.since).raw() / 1'000'000) +
                                     " ms");
    }
  }

  /// Returns false when the capture cannot be written.
  bool flush() {
    const std::lock_guard lock{mutex_};
    return writer_.flush();
  }
  bool close() {
    const std::lock_guard lock{mutex_};
    return writer_.close();
  }
  [[nodiscard]] const std::string& error() const noexcept { return writer_.error(); }
  [[nodiscard]] const Recorded& recorded() const noexcept { return recorded_; }

 private:
  std::string note_failure(const live::LinkEvent& event) {
    recorded_.last_failure = std::string{event.url} + ": " + std::string{event.reason};
    return std::string{event.reason} + "; again in " + std::to_string(event.retry_in.count()) +
           " ms";
  }

  std::mutex mutex_;
  feeds::CaptureWriter writer_;
  Recorded recorded_;
};

int fail(std::ostream& err, int code, const std::string& line) {
  err << "plimsoll: " << line << "\n";
  return code;
}

std::string iso(EventTime time) {
  std::string text;
  feeds::append_stamp(feeds::StampFormat::iso, time, text);
  text.pop_back();
  return text;
}

void print(const Recorded& recorded, const RecordOptions& options, std::ostream& out) {
  out << "record" << (interrupted.load() ? " (interrupted)" : "") << "\n"
      << "  file                  " << options.output << "\n"
      << "  messages              " << recorded.messages << "\n"
      << "  bytes                 " << recorded.bytes << "\n"
      << "  connections           " << recorded.connections << "\n"
      << "  disconnects           " << recorded.disconnects << "\n"
      << "  failed attempts       " << recorded.failed_attempts << "\n";
  if (recorded.messages == 0) return;
  out << "  longest silence       " << recorded.silence_max.raw() / 1'000'000 << " ms\n"
      << "  first message         " << iso(recorded.first) << "\n"
      << "  last message          " << iso(recorded.last) << "\n";
}

/// What is wanted as connections; prints why that cannot be.
std::vector<live::ConnectionPlan> plans_of(const RecordOptions& options, std::ostream& err) {
  const live::VenueProfile* profile = live::find_profile(options.venue);
  if (profile == nullptr) {
    fail(err, kUsage, "--venue = \"" + options.venue + "\": not one of " + known_venues());
    return {};
  }
  live::Wanted wanted{options.symbols, options.channels, std::nullopt};
  if (!options.url.empty()) {
    wanted.url = live::parse_url(options.url);
    if (!wanted.url) {
      fail(err, kUsage, "--url = \"" + options.url + "\": not a ws:// or wss:// URL");
      return {};
    }
  }
  live::Planned planned = live::plan_connections(*profile, wanted);
  if (!planned.error.empty()) fail(err, kUsage, planned.error);
  return std::move(planned.plans);
}

/// Until the time is over, a signal comes, or the capture cannot be written.
void wait(const RecordOptions& options, RecordSink& sink) {
  const Clock::time_point start = Clock::now();
  Clock::time_point flushed = start;
  while (!interrupted.load()) {
    const Clock::time_point time = Clock::now();
    milliseconds nap = kLook;
    if (options.length) {
      const auto left = std::chrono::ceil<milliseconds>(start + *options.length - time);
      if (left.count() <= 0) return;
      nap = std::min(nap, left);
    }
    if (time - flushed >= kFlush) {
      flushed = time;
      if (!sink.flush()) return;
    }
    std::this_thread::sleep_for(nap);
  }
}

}  // namespace

std::optional<milliseconds> parse_length(std::string_view text) {
  constexpr std::int64_t kMax = 366LL * 24 * 3600 * 1000;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  const std::int64_t scale = unit == "ms"                  ? 1
                             : unit.empty() || unit == "s" ? 1'000
                             : unit == "m"                 ? 60'000
                             : unit == "h"                 ? 3'600'000
                                                           : 0;
  if (error != std::errc{} || scale == 0 || count <= 0 || count > kMax / scale) return std::nullopt;
  return milliseconds{count * scale};
}

std::string known_venues() {
  std::string names;
  for (const live::VenueProfile& profile : live::venue_profiles()) {
    names += (names.empty() ? "" : ", ") + std::string{profile.name};
  }
  return names;
}

int run_record(const RecordOptions& options, std::ostream& out, std::ostream& err) {
  interrupted.store(false);
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::vector<live::ConnectionPlan> plans = plans_of(options, err);
  if (plans.empty()) return kUsage;
  RecordSink sink{options};
  if (!sink.error().empty()) return fail(err, kFailed, sink.error());
  live::ClientSettings settings;
  settings.ca_file = options.ca;
  settings.silence_max = options.silence_max;
  settings.seed = std::random_device{}();
  auto [client, error] = live::Client::start(std::move(plans), settings, sink);
  if (!client) return fail(err, kBadInput, error);
  wait(options, sink);
  client->stop();
  const bool written = sink.close();
  const Recorded& recorded = sink.recorded();
  print(recorded, options, out);
  out.flush();
  if (!written) return fail(err, kFailed, sink.error());
  if (recorded.connections == 0) {
    const bool tried = !recorded.last_failure.empty();
    return fail(err, kFailed, tried ? recorded.last_failure : options.venue + ": no connection");
  }
  return kOk;
}

}  // namespace plimsoll::cli
