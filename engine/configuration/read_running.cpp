#include <algorithm>
#include <charconv>

#include "engine/configuration/read_sections.hpp"

// How the service runs: [service], [[feed]] and [matching].

namespace plimsoll::configuration {
namespace {

constexpr Choices<IdlePolicy, 3> kIdlePolicies{
    {{"spin", IdlePolicy::spin}, {"yield", IdlePolicy::yield}, {"sleep", IdlePolicy::sleep}}};

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || host.empty()) return {};
  return Endpoint{std::string{host}, port};
}

bool read_endpoint(Section& section, std::string_view key, Need need, Endpoint& into) {
  std::string text;
  if (!section.read(key, need, text)) return false;
  const auto endpoint = parse_endpoint(text);
  if (!endpoint) section.refuse(key, "must be HOST:PORT");
  into = endpoint.value_or(Endpoint{});
  return endpoint.has_value();
}

/// Only programs on this machine reach such an address.
bool is_local(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

void read_status(Section& section, ServiceSettings& service) {
  Endpoint status;
  if (!read_endpoint(section, "status", Need::optional, status)) return;
  if (!is_local(status.host)) {
    section.refuse("status",
                   "must be an address of this machine (127.0.0.0/8, [::1]): what is "
                   "asked for there is not protected");
  }
  service.status = std::move(status);
}

void read_processors(Section& section, ServiceSettings& service) {
  constexpr std::int64_t kProcessorMax = 1023;
  for (const std::int64_t number : section.read_integers("processors", 0, kProcessorMax)) {
    service.processors.push_back(static_cast<unsigned>(number));
  }
  if (service.processors.size() > std::size_t{service.shards} + 1) {
    section.refuse("processors", "must name one for the engine and one for each shard at most");
  }
}

}  // namespace

void read_running(Roots& roots, ServiceSettings& service) {
  constexpr std::int64_t kCountMax = 1 << 24;
  Section section = roots.back().section("service", Need::optional);
  read_status(section, service);
  section.read_choice("idle", Need::optional, kIdlePolicies, service.idle);
  section.read_count("shards", Need::optional, 0, 64, service.shards);
  read_processors(section, service);
  section.read("gateway_thread", Need::optional, service.gateway_thread);
  section.read("lock_memory", Need::optional, service.lock_memory);
  section.read_count("inbox", Need::optional, 64, kCountMax, service.inbox);
  section.read_count("flight_inputs", Need::optional, 1, kCountMax, service.flight_inputs);
  section.read_count("flight_events", Need::optional, 1, kCountMax, service.flight_events);
  section.read("flight_file", Need::optional, service.flight_file);
  section.read("drain_max", Need::optional, service.drain_max);
  section.refuse_unknown();
}

void read_live_feeds(Roots& roots, std::vector<LiveFeedSettings>& feeds) {
  for (Section& section : roots.back().sections("feed", Need::optional)) {
    LiveFeedSettings feed;
    section.read("venue", Need::required, feed.venue);
    feed.symbols = section.read_texts("symbols");
    feed.channels = section.read_texts("channels");
    section.read("url", Need::optional, feed.url);
    section.read("ca", Need::optional, feed.ca);
    section.refuse_unknown();
    feeds.push_back(std::move(feed));
  }
}

void read_matching(Roots& roots, std::optional<MatchingSettings>& matching) {
  Section section = roots.back().section("matching", Need::optional);
  if (!section.present()) return;
  MatchingSettings read;
  read_endpoint(section, "connect", Need::required, read.connect);
  section.read("user", Need::optional, read.user);
  if (read.user.size() > 6) section.refuse("user", "must be at most 6 characters");
  if (section.has("password")) section.read_secret("password", read.password);
  if (read.password.size() > 10) {
    section.refuse("password", "must be at most 10 characters", true);
  }
  section.read("session", Need::optional, read.session);
  section.read("silence_max", Need::optional, read.silence_max);
  if (read.silence_max.raw() < 1'000'000) section.refuse("silence_max", "must be at least 1ms");
  section.refuse_unknown();
  matching = std::move(read);
}

}  // namespace plimsoll::configuration
