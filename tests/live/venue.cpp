#include "tests/live/venue.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <stdlib.h>

namespace plimsoll::feeds::live::testing {

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "plimsoll-live-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, const std::string& content) const {
  std::ofstream{at(name), std::ios::binary} << content;
  return at(name);
}

std::vector<std::string> some_messages(std::size_t count) {
  std::vector<std::string> messages;
  for (std::size_t i = 0; i < count; ++i) {
    // Lengths around those at which frames change their form, now and then a long one.
    const std::size_t filling = i % 500 == 499 ? 150'000 : i * 37 % 300;
    messages.push_back("{\"n\":" + std::to_string(i) +
                       ",\"word\":\"\xc3\xa9\xe2\x82\xac\\n\",\"x\":\"" +
                       std::string(filling, static_cast<char>('a' + i % 26)) + "\"}");
  }
  return messages;
}

std::string capture_of(const std::vector<std::string>& messages) {
  std::string text;
  std::uint64_t stamp_ns = 1'700'000'000'000'000'000;
  for (const std::string& message : messages) {
    text += std::to_string(stamp_ns) + " " + message + "\n";
    stamp_ns += 1'000'000;
  }
  return text;
}

std::unique_ptr<CaptureServer> serve(const ServerSettings& settings) {
  auto [server, error] = CaptureServer::start(settings);
  if (!server) throw std::runtime_error{error};
  return std::move(server);
}

std::unique_ptr<Client> follow(const ConnectionPlan& plan, Sink& sink,
                               const ClientSettings& settings) {
  auto [client, error] = Client::start({plan}, settings, sink);
  if (!client) throw std::runtime_error{error};
  return std::move(client);
}

ClientSettings impatient() {
  ClientSettings settings;
  settings.backoff.first = Milliseconds{1};
  settings.backoff.max = Milliseconds{4};
  settings.seed = 7;
  return settings;
}

ConnectionPlan plan_for(const std::string& url) {
  return {.venue = "test",
          .url = parse_url(url).value(),
          .opening = {R"({"op":"subscribe","args":["all"]})"},
          .heartbeat = {}};
}

ConnectionPlan plan_for(std::uint16_t port) {
  return plan_for("ws://127.0.0.1:" + std::to_string(port) + "/stream");
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
    count += entry.path().empty() ? 0U : 1U;
  }
  return count;
}

}  // namespace plimsoll::feeds::live::testing
