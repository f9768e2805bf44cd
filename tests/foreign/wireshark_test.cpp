// Goal: an operator sees in Wireshark what the engine said. Method: a session of the real gateway,
// as a capture, goes through tshark with its own SoupBinTCP dissector and ours for the messages;
// every field of every message is compared with the JSON of the event.

#include <csignal>
#include <filesystem>
#include <future>
#include <thread>

#include <nlohmann/json.hpp>

#include "engine/value/decimal.hpp"
#include "engine/wire/event_text.hpp"
#include "engine/wire/soup_bin_tcp.hpp"
#include "tests/cli/process.hpp"
#include "tests/foreign/any_event.hpp"
#include "tests/foreign/conversation.hpp"
#include "tests/foreign/served_events.hpp"
#include "tests/foreign/tools.hpp"
#include "tests/foreign/tshark.hpp"
#include "tests/wire/schema_versions.hpp"

namespace plimsoll::foreign {
namespace {

using cli::testing::Process;
using cli::testing::read_file;
using cli::testing::TemporaryFolder;
using nlohmann::ordered_json;

constexpr std::uint16_t kPort = 9'710;  // of captures that are made here

/// A session of `count` events, from log-on to its end.
Conversation session_of(ServedEvents& events, std::uint64_t count) {
  events.publish(count);
  auto followed = std::async(std::launch::async, follow_and_record, events.port());
  while (events.counters().log_ons == 0) std::this_thread::yield();
  events.finish();
  return followed.get();
}

/// The field called `name` has that value, and the words that go with it.
void expect_field(const ShownField& shown, const std::string& name, const ordered_json& value,
                  bool optional) {
  EXPECT_EQ(shown.name, "plimsoll." + name);
  const std::string number = value.is_null() ? "4294967295" : value.dump();
  if (value == "unknown") {
    EXPECT_EQ(shown.text, name + ": Unknown (" + shown.value + ")");
  } else if (value.is_string()) {
    EXPECT_EQ(shown.text, name + ": " + value.get<std::string>() + " (" + shown.value + ")");
  } else if (value.is_null() && optional) {
    EXPECT_EQ(shown.text, name + ": " + number + " (none)");
  } else {
    EXPECT_EQ(shown.value, number) << name;
    EXPECT_TRUE(shown.text.starts_with(name + ": " + number)) << shown.text;
  }
}

void expect_event(const ShownMessage& shown, std::uint64_t number) {
  std::string json;
  wire::append_event_json(any_event(number), json);
  const auto event = ordered_json::parse(json);
  EXPECT_EQ(shown.count, "Sequence number: " + std::to_string(number) + " (Calculated)");
  ASSERT_EQ(shown.fields.size(), event.size() - 1 + 4) << json;
  auto field = shown.fields.begin() + 4;
  for (const auto& [name, value] : event.items()) {
    if (name == "event") continue;
    const bool optional = name == "trigger_instrument" || event["event"] == "price_trust_changed";
    expect_field(*field++, name, value, optional);
  }
}

/// Prices and rates are decimals beside their integers.
struct ExpectDecimals {
  const ShownMessage& shown;
  template <class Member>
  void operator()(const char* name, const Member& value) const {
    if constexpr (std::is_same_v<Member, Price> || std::is_same_v<Member, Rate>) {
      const std::string words = " (" + format_decimal(value.raw(), kPriceDecimals) + ")";
      const ShownField field = shown.find("plimsoll." + std::string{name});
      EXPECT_TRUE(field.text.ends_with(words)) << field.text << " lacks" << words;
    }
  }
};

void expect_words(const ShownMessage& shown, std::uint64_t number) {
  const Event event = any_event(number);
  std::visit([&](const auto& body) { for_each_field(body, ExpectDecimals{shown}); }, event.body);
  std::string line;  // "#12 2020-03-12T10:41:02.5Z margin_call_issued account=7..."
  wire::append_event_text(event, {}, line);
  const std::size_t time = line.find(' ') + 1;
  const std::string words = "(" + line.substr(time, line.find(' ', time) - time) + ")";
  EXPECT_TRUE(shown.find("plimsoll.time").text.ends_with(words)) << line;
}

/// The messages of any_event(1) to any_event(count).
void expect_events_shown(const std::vector<ShownMessage>& shown, std::uint64_t count) {
  ASSERT_EQ(shown.size(), count);
  for (std::uint64_t number = 1; number <= count; ++number) {
    expect_event(shown[number - 1], number);
    expect_words(shown[number - 1], number);
    ASSERT_FALSE(::testing::Test::HasFailure()) << event_hex(number);
  }
}

/// A capture of a session with these messages.
std::string capture_of(const TemporaryFolder& folder, const std::vector<std::string>& messages) {
  const auto name = wire::SessionName::from_text("TEST");
  const auto accepted = wire::login_accepted_packet(*name, 1);
  std::string bytes{reinterpret_cast<const char*>(accepted.data()), accepted.size()};
  for (const std::string& message : messages) {
    const std::size_t length = message.size() + 1;
    bytes += {static_cast<char>(length / 256), static_cast<char>(length % 256), 'S'};
    bytes += message;
  }
  return folder.write("session.pcap", pcap_of({{true, bytes}}, kPort));
}

/// An event as bytes, by a writer of another version: with a block that is longer or shorter.
std::string written(const Event& event, std::uint16_t version, int longer) {
  std::array<std::byte, wire::kEncodedSizeMax> bytes{};
  const std::size_t size = wire::encode(event, bytes);
  std::string message{reinterpret_cast<const char*>(bytes.data()), size};
  message.resize(size + static_cast<std::size_t>(longer), 'x');
  message[0] = static_cast<char>(message.size() - wire::kMessageHeaderSize);
  message[6] = static_cast<char>(version);
  return message;
}

/// A folder with the dissector and an older schema.
std::string install_older(const TemporaryFolder& folder, unsigned version) {
  const std::string schema = read_file(dissector_folder() + "/plimsoll-events.xml");
  folder.write("plimsoll-events.xml", wire::schema_at(schema, version));
  folder.write("plimsoll.lua", read_file(dissector_folder() + "/plimsoll.lua"));
  return folder.path();
}

TEST_F(WiresharkTest, ShowsEveryFieldOfEveryMessage) {
  constexpr std::uint64_t kEvents = wire::kTemplates * 20;
  ServedEvents events;
  const TemporaryFolder folder;
  const std::string capture =
      folder.write("session.pcap", pcap_of(session_of(events, kEvents), events.port()));
  expect_events_shown(dissect(capture, events.port()), kEvents);
}

TEST_F(WiresharkTest, ShowsWhatItCapturesItself) {
  constexpr std::uint64_t kEvents = 2'000;
  ServedEvents events;
  const TemporaryFolder folder;
  const std::string capture = folder.at("live.pcap");
  Process tshark{"tshark",
                 {"-i", "lo", "-f", "tcp port " + std::to_string(events.port()), "-w", capture}};
  const auto says = [&](const char* text) { return tshark.err().find(text) != std::string::npos; };
  const auto started = [&] { return says("Capture started.") || says("permission"); };
  ASSERT_TRUE(tshark.wait_until(started)) << tshark.err();
  if (says("permission")) GTEST_SKIP() << "who runs this may not capture: " << tshark.err();
  (void)session_of(events, kEvents);
  std::this_thread::sleep_for(std::chrono::seconds{1});  // what it has not read yet would be lost
  tshark.send(SIGINT);
  EXPECT_EQ(tshark.wait().code, 0);
  expect_events_shown(dissect(capture, events.port()), kEvents);
}

TEST_F(WiresharkTest, IsInstalledByCopyingTheFolder) {
  const TemporaryFolder home;
  const std::string plugins = home.path() + "/.local/lib/wireshark/plugins";
  std::filesystem::create_directories(plugins);
  EXPECT_EQ((Process{"cp", {"-rL", dissector_folder(), plugins + "/plimsoll"}}.wait().code), 0);
  const std::string capture = capture_of(home, {written(any_event(1), 2, 0)});
  expect_events_shown(dissect(capture, kPort, {"env", "HOME=" + home.path(), "tshark"}), 1);
}

TEST_F(WiresharkTest, SaysWhichFileIsMissing) {
  const TemporaryFolder folder;
  folder.write("plimsoll.lua", read_file(dissector_folder() + "/plimsoll.lua"));
  Process tshark{"tshark", {"-X", "lua_script:" + folder.at("plimsoll.lua"), "-D"}};
  const std::string said = tshark.wait().err;
  EXPECT_NE(said.find("plimsoll-events.xml is missing"), std::string::npos) << said;
}

TEST_F(WiresharkTest, WithAnOlderSchemaShowsWhatThatKnows) {
  const TemporaryFolder folder;
  std::vector<std::string> messages;
  for (std::uint64_t number = 1; number <= wire::kTemplates; ++number) {
    messages.push_back(written(any_event(number), 2, 0));
  }
  const std::string capture = capture_of(folder, messages);
  const auto today = dissect(capture, kPort);
  const auto shown = dissect(capture, kPort, tshark_with(install_older(folder, 0)));
  ASSERT_EQ(shown.size(), wire::kTemplates);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const bool known = i < 17;
    EXPECT_EQ(shown[i].text.find("unknown message") == std::string::npos, known) << shown[i].text;
    for (const ShownField& field : shown[i].fields) {
      if (field.name == "plimsoll.later") continue;
      EXPECT_EQ(field.value, today[i].find(field.name).value) << field.name;
    }
  }
  EXPECT_EQ(shown[1].find("plimsoll.asset").name, "");
  EXPECT_EQ(shown[1].find("plimsoll.later").name, "plimsoll.later");
  EXPECT_EQ(shown[33].fields.size(), 4U + 1U);
}

TEST_F(WiresharkTest, ShowsWhatOtherVersionsWrote) {
  Event event = any_event(2);
  event.body = WithdrawalAccepted{};
  std::string unknown = written(event, 3, 0);
  unknown[2] = static_cast<char>(wire::kTemplates + 1);
  const TemporaryFolder folder;
  const auto shown =
      dissect(capture_of(folder, {written(event, 0, -4), written(event, 3, 8), unknown}), kPort);
  ASSERT_EQ(shown.size(), 3U);
  EXPECT_EQ(shown[0].find("plimsoll.transfer").value, "0");
  EXPECT_EQ(shown[0].find("plimsoll.asset").name, "");
  EXPECT_EQ(shown[1].find("plimsoll.asset").value, "0");
  EXPECT_EQ(shown[1].find("plimsoll.later").value, "78:78:78:78:78:78:78:78");
  EXPECT_NE(shown[2].text.find("unknown message 35"), std::string::npos) << shown[2].text;
}

TEST_F(WiresharkTest, KeepsItsHeadWhenAMessageIsCutAtAnyByte) {
  const std::string whole = written(any_event(1), 2, 0);
  std::vector<std::string> messages;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    messages.push_back(whole.substr(0, size));
  }
  const TemporaryFolder folder;
  const auto shown = dissect(capture_of(folder, messages), kPort);
  ASSERT_EQ(shown.size(), messages.size());
  EXPECT_TRUE(shown[wire::kMessageHeaderSize - 1].fields.empty());
  EXPECT_TRUE(shown[whole.size() - 1].text.ends_with(" cut")) << shown[whole.size() - 1].text;
  EXPECT_FALSE(shown.back().text.ends_with(" cut"));
}

}  // namespace
}  // namespace plimsoll::foreign
