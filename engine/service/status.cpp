#include "engine/service/status.hpp"

#include <cstdlib>

#include <sys/mman.h>
#include <unistd.h>

#include "engine/configuration/inputs_reader.hpp"
#include "engine/platform/tick_clock.hpp"
#include "engine/service/metrics_text.hpp"

namespace plimsoll::service {
namespace {

using gateway::HttpAnswer;
using gateway::HttpQuestion;

/// How far from now the signed time of what an operator says may be.
constexpr std::int64_t kSignedWithin_ns = 300'000'000'000;

std::string venue_label(const FeedInput& feed) {
  return "venue=\"" + std::string{to_string(feed.venue())} + "\"";
}

/// "feed binance-usdm: connected, last message 12 ms ago".
std::string line_of(const FeedInput& feed) {
  const FeedReading reading = feed.read();
  std::string line = "feed " + std::string{to_string(feed.venue())} + ": ";
  line += reading.connected > 0 ? "connected" : "not connected";
  if (reading.last_message.raw() == 0) return line + ", no message yet";
  const std::int64_t age = platform::wall_clock_ns() - reading.last_message.raw();
  return line + ", last message " + std::to_string(age / 1'000'000) + " ms ago";
}

void add_stages(const ServiceParts& parts, MetricsText& text) {
  text.begin("stage_seconds", "summary", "How long inputs spent in each stage of the engine.");
  for (std::size_t i = 0; i < kStages; ++i) {
    const auto stage = static_cast<Stage>(i);
    text.add(std::string{"stage=\""} + to_string(stage) + "\"", parts.stages.read(stage));
  }
}

void add_engine(const ServiceParts& parts, MetricsText& text) {
  const EngineCounters& engine = parts.engine;
  text.counter("inputs_total", "Inputs sequenced.", engine.inputs.value());
  text.counter("events_total", "Events published.", engine.events.value());
  text.counter("margin_calls_total", "Margin calls issued.", engine.margin_calls.value());
  text.counter("liquidations_total", "Liquidations started.", engine.liquidations.value());
  text.counter("take_overs_total", "Accounts taken over.", engine.take_overs.value());
  text.counter("inputs_refused_total", "Inputs refused.", engine.refusals.value());
  text.gauge("lag_seconds", "How far the engine was behind its last input.",
             static_cast<double>(engine.lag_ns.value()) / 1e9);
  text.gauge("inbox_waiting", "Inputs that wait for the engine.",
             static_cast<double>(parts.inbox.waiting()));
}

void add_feeds(const ServiceParts& parts, MetricsText& text) {
  const auto add = [&](const char* name, const char* type, const char* help, auto value_of) {
    text.begin(name, type, help);
    for (const auto& feed : parts.feeds)
      text.add(venue_label(feed->input()), value_of(feed->input().read()));
  };
  add("feed_messages_total", "counter", "Messages received.",
      [](const FeedReading& reading) { return reading.messages; });
  add("feed_inputs_total", "counter", "Inputs made of messages.",
      [](const FeedReading& reading) { return reading.inputs; });
  add("feed_conflated_total", "counter", "Ticks that later ones took the place of.",
      [](const FeedReading& reading) { return reading.conflated; });
  add("feed_disconnects_total", "counter", "Connections lost.",
      [](const FeedReading& reading) { return reading.disconnects; });
  add("feed_connected", "gauge", "Connections that are up.",
      [](const FeedReading& reading) { return reading.connected; });
  add("feed_receive_seconds", "summary", "From the stamp of a message to its parsing.",
      [](const FeedReading& reading) { return reading.receive; });
  add("feed_parse_seconds", "summary", "From a whole message to its inputs.",
      [](const FeedReading& reading) { return reading.parse; });
  text.begin("feed_rejected_total", "counter", "Messages that became no input, by reason.");
  for (const auto& feed : parts.feeds) {
    const FeedReading reading = feed->input().read();
    for (std::size_t i = 1; i < reading.rejected.size(); ++i) {
      if (reading.rejected[i] == 0) continue;
      const std::string reason{to_string(static_cast<feeds::Reject>(i))};
      text.add(venue_label(feed->input()) + ",reason=\"" + reason + "\"", reading.rejected[i]);
    }
  }
}

void add_gateway(const ServiceParts& parts, MetricsText& text) {
  const gateway::GatewayCounters counts = parts.gateway.read();
  text.gauge("gateway_sessions", "Subscribers logged on.", static_cast<double>(counts.sessions));
  text.gauge("gateway_connections", "Connections open.", static_cast<double>(counts.connections));
  text.counter("gateway_log_ons_total", "Log-ons accepted.", counts.log_ons);
  text.counter("gateway_log_on_failures_total", "Log-ons refused, malformed or too late.",
               counts.log_on_failures);
  text.counter("gateway_sends_total", "Sends of which the kernel took something.", counts.sends);
  text.counter("gateway_snapshots_sent_total", "Snapshots sent to their ends.",
               counts.snapshots_sent);
  text.counter("gateway_bytes_sent_total", "Bytes sent.", counts.bytes_sent);
  text.counter("gateway_slow_consumers_cut_total", "Subscribers cut because they do not read.",
               counts.slow_consumers_cut);
  text.counter("gateway_protocol_errors_total", "Subscribers cut for what they sent.",
               counts.protocol_errors);
  text.counter("gateway_pushes_waited_total", "Events that waited for the gateway's thread.",
               counts.pushes_waited);
}

void add_matching(const ServiceParts& parts, MetricsText& text) {
  if (parts.follower == nullptr) return;
  const bool following = parts.follower->state() == gateway::FollowState::following;
  text.gauge("matching_following", "1 while the matching engine's stream is followed.",
             following ? 1 : 0);
  text.counter("matching_commands_total", "Commands taken.", parts.follower->taken());
  text.counter("matching_log_ons_total", "Log-ons at the matching engine.",
               parts.follower->log_ons());
}

}  // namespace

Status::Status(const ServiceParts& parts) : parts_{parts}, producer_{parts.inbox.make_producer()} {}

HttpAnswer Status::answer(const HttpQuestion& question) {
  const bool get = question.method == "GET";
  if (get && question.target == "/ready") return ready();
  if (get && question.target == "/health") return health();
  if (get && question.target == "/metrics") return metrics();
  if (get && question.target == "/flight") return flight();
  if (question.target == "/inputs") {
    if (question.method == "POST") return take_input(question.body);
    return {405, "text/plain; charset=utf-8", "POST a line as plimsoll sign writes it\n"};
  }
  return {404, "text/plain; charset=utf-8",
          "GET /ready, /health, /metrics or /flight; POST /inputs\n"};
}

std::vector<std::string> Status::obstacles(const ServiceParts& parts) {
  std::vector<std::string> lines;
  if (!parts.engine_alive.load()) lines.emplace_back("engine: does not turn");
  for (const auto& feed : parts.feeds) {
    const FeedReading reading = feed->input().read();
    if (reading.connected == 0 || reading.last_message.raw() == 0)
      lines.push_back(line_of(feed->input()));
  }
  if (parts.follower != nullptr && parts.follower->state() != gateway::FollowState::following) {
    const std::string reason = parts.follower->reason();
    lines.push_back(std::string{"matching engine: "} + to_string(parts.follower->state()) +
                    (reason.empty() ? "" : ": " + reason));
  }
  return lines;
}

HttpAnswer Status::ready() const {
  HttpAnswer answer;
  for (const std::string& line : obstacles(parts_)) answer.body += line + "\n";
  answer.status = answer.body.empty() ? 200 : 503;
  if (answer.body.empty()) answer.body = "ready\n";
  return answer;
}

HttpAnswer Status::health() const {
  HttpAnswer answer;
  const bool alive = parts_.engine_alive.load();
  answer.status = alive ? 200 : 503;
  answer.body = alive ? "engine: turns\n" : "engine: does not turn\n";
  for (const auto& feed : parts_.feeds) answer.body += line_of(feed->input()) + "\n";
  if (parts_.follower != nullptr) {
    const std::string reason = parts_.follower->reason();
    answer.body += std::string{"matching engine: "} + to_string(parts_.follower->state()) + ", " +
                   std::to_string(parts_.follower->taken()) + " commands taken" +
                   (reason.empty() ? "" : ": " + reason) + "\n";
  }
  return answer;
}

HttpAnswer Status::metrics() const {
  MetricsText text;
  add_engine(parts_, text);
  add_stages(parts_, text);
  add_feeds(parts_, text);
  add_matching(parts_, text);
  add_gateway(parts_, text);
  return {200, "text/plain; version=0.0.4; charset=utf-8", text.take()};
}

HttpAnswer Status::flight() const {
  const int file = ::memfd_create("flight", MFD_CLOEXEC);
  if (file < 0) return {500, "text/plain; charset=utf-8", "no memory for the flight record\n"};
  HttpAnswer answer{200, "application/octet-stream", {}};
  const bool written = parts_.flight.write(file);
  const off_t size = ::lseek(file, 0, SEEK_END);
  answer.body.resize(static_cast<std::size_t>(std::max<off_t>(size, 0)));
  std::size_t read = 0;
  while (read < answer.body.size()) {
    const ssize_t count = ::pread(file, answer.body.data() + read, answer.body.size() - read,
                                  static_cast<off_t>(read));
    if (count <= 0) break;
    read += static_cast<std::size_t>(count);
  }
  ::close(file);
  if (written && read == answer.body.size()) return answer;
  return {500, "text/plain; charset=utf-8", "the flight record could not be read\n"};
}

HttpAnswer Status::take_input(const std::string& line) {
  const std::string_view text{line};
  const std::size_t end = text.find_last_not_of("\r\n");
  const std::string only{text.substr(0, end == std::string_view::npos ? 0 : end + 1)};
  const configuration::OperatorInput said = configuration::read_operator_input(
      only, parts_.configuration.reference, parts_.configuration.operators);
  if (!said.ok()) return {400, "text/plain; charset=utf-8", said.error + "\n"};
  const std::int64_t now = platform::wall_clock_ns();
  if (std::abs(now - said.input.time.raw()) > kSignedWithin_ns) {
    return {
        400, "text/plain; charset=utf-8",
        "time = " + std::to_string(said.input.time.raw()) + ": is not within 5 minutes of now\n"};
  }
  runtime::Arrival arrival{
      .input = said.input, .received = platform::ticks_now(), .parsed = platform::ticks_now()};
  arrival.input.time = EventTime::from_raw(now);
  if (!producer_.push({&arrival, 1})) {
    return {503, "text/plain; charset=utf-8", "the engine is stopping\n"};
  }
  return {202, "text/plain; charset=utf-8", "taken; the answer is an event\n"};
}

}  // namespace plimsoll::service
