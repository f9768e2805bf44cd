// Goal: a recording is what the venue sent, message by message, and can be read at any time.
// Method: record from a server that sends a capture, and compare the texts.

#include "engine/cli/record.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "feeds/capture/byte_source.hpp"
#include "tests/live/certificates.hpp"
#include "tests/live/venue.hpp"

namespace plimsoll::feeds::live::testing {
namespace {

/// A recording as it can be read now.
struct Lines {
  std::vector<std::string> messages;
  std::vector<std::string> stamps;
  std::vector<std::size_t> disconnects;  // after so many messages
};

Lines lines_of(const std::string& path) {
  ByteSource source{path, 1U << 16U};
  std::string text;
  std::vector<char> buffer(1U << 16U);
  for (std::size_t size = source.read(buffer); size > 0; size = source.read(buffer)) {
    text.append(buffer.data(), size);
  }
  Lines lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) {
    if (line.empty()) {
      lines.disconnects.push_back(lines.messages.size());
      continue;
    }
    const std::size_t space = line.find(' ');
    lines.stamps.push_back(line.substr(0, space));
    lines.messages.push_back(line.substr(space + 1));
  }
  return lines;
}

class Record : public ::testing::Test {
 protected:
  Record() {
    options_.venue = "okx";
    options_.symbols = {"BTC-USDT"};
  }

  /// Records until there are so many messages in the file, then interrupts.
  void record(std::size_t messages, int signal = SIGTERM) {
    std::thread recording{[&] { code_ = cli::run_record(options_, out_, err_); }};
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (std::chrono::steady_clock::now() < until) {
      if (std::filesystem::exists(options_.output) &&
          lines_of(options_.output).messages.size() >= messages) {
        break;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    std::raise(signal);
    recording.join();
  }

  void serve_messages(ServerSettings settings, const std::string& scheme) {
    settings.captures = {folder_.write("capture", capture_of(messages_))};
    server_ = serve(settings);
    options_.url = scheme + "://127.0.0.1:" + std::to_string(server_->port()) + "/ws";
  }

  [[nodiscard]] bool says(const std::string& words) const {
    return out_.str().find(words) != std::string::npos;
  }

  Folder folder_;
  std::vector<std::string> messages_{some_messages(1'000)};
  std::unique_ptr<CaptureServer> server_;
  cli::RecordOptions options_;
  std::ostringstream out_;
  std::ostringstream err_;
  int code_{-1};
};

TEST_F(Record, HoldsEveryMessageAsItWasSent) {
  const std::regex iso{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z)"};
  for (const char* name : {"a.capture", "a.gz", "a.zst"}) {
    serve_messages({}, "ws");
    options_.output = folder_.at(name);
    record(messages_.size());
    EXPECT_EQ(code_, cli::kOk) << err_.str();
    const Lines lines = lines_of(options_.output);
    EXPECT_TRUE(lines.messages == messages_) << name;
    EXPECT_TRUE(lines.disconnects.empty());
    EXPECT_TRUE(std::regex_match(lines.stamps.front(), iso)) << lines.stamps.front();
    EXPECT_TRUE(says("record (interrupted)\n")) << out_.str();
    EXPECT_TRUE(says("  messages              1000\n")) << out_.str();
    EXPECT_TRUE(says("  first message         " + lines.stamps.front() + "\n")) << out_.str();
    EXPECT_TRUE(says("  last message          " + lines.stamps.back() + "\n")) << out_.str();
    std::filesystem::remove(options_.output);
  }
}

TEST_F(Record, HoldsEveryMessageThatCameOverTls) {
  const Identity authority = make_authority("authority");
  const Identity identity = make_server(authority, "IP:127.0.0.1");
  authority.write_certificate(folder_.at("ca.pem"));
  identity.write_certificate(folder_.at("server.pem"));
  identity.write_key(folder_.at("server.key"));
  ServerSettings settings;
  settings.certificate_file = folder_.at("server.pem");
  settings.key_file = folder_.at("server.key");
  serve_messages(settings, "wss");
  options_.ca = folder_.at("ca.pem");
  options_.format = StampFormat::nanoseconds;
  options_.output = folder_.at("a.gz");
  record(messages_.size(), SIGINT);
  EXPECT_EQ(code_, cli::kOk) << err_.str();
  const Lines lines = lines_of(options_.output);
  EXPECT_TRUE(lines.messages == messages_);
  EXPECT_EQ(lines.stamps.front().size(), 19U);
}

TEST_F(Record, MarksALostConnectionWithAnEmptyLine) {
  ServerSettings settings;
  settings.drop_after = 400;
  serve_messages(settings, "ws");
  options_.output = folder_.at("a.zst");
  record(messages_.size());
  EXPECT_EQ(code_, cli::kOk);
  const Lines lines = lines_of(options_.output);
  EXPECT_TRUE(lines.messages == messages_);
  EXPECT_EQ(lines.disconnects, (std::vector<std::size_t>{400, 800}));
  EXPECT_TRUE(says("  connections           3\n")) << out_.str();
  EXPECT_TRUE(says("  disconnects           2\n")) << out_.str();
}

TEST_F(Record, EndsWhenItsTimeIsOver) {
  serve_messages({}, "ws");
  options_.output = folder_.at("a");
  options_.length = std::chrono::milliseconds{300};
  EXPECT_EQ(cli::run_record(options_, out_, err_), cli::kOk) << err_.str();
  EXPECT_TRUE(out_.str().starts_with("record\n")) << out_.str();
}

TEST_F(Record, NeverWritesOverAFile) {
  options_.url = "ws://127.0.0.1:1/";
  options_.output = folder_.write("old", "precious\n");
  EXPECT_EQ(cli::run_record(options_, out_, err_), cli::kFailed);
  EXPECT_EQ(err_.str(),
            "plimsoll: " + options_.output + ": is there already, and is not written over\n");
  EXPECT_EQ(out_.str(), "");
}

TEST_F(Record, SaysWhyThereIsNoConnectionAndLeavesNoFile) {
  options_.url = "ws://127.0.0.1:1/ws";
  options_.output = folder_.at("a");
  options_.length = std::chrono::milliseconds{300};
  EXPECT_EQ(cli::run_record(options_, out_, err_), cli::kFailed);
  EXPECT_EQ(err_.str(), "plimsoll: ws://127.0.0.1:1/ws: Connection refused\n");
  EXPECT_FALSE(std::filesystem::exists(options_.output));
}

TEST_F(Record, RefusesWhatMakesNoSense) {
  options_.output = folder_.at("a");
  options_.url = "http://127.0.0.1/";
  EXPECT_EQ(cli::run_record(options_, out_, err_), cli::kUsage);
  options_.url.clear();
  options_.venue = "nowhere";
  EXPECT_EQ(cli::run_record(options_, out_, err_), cli::kUsage);
  EXPECT_EQ(err_.str(),
            "plimsoll: --url = \"http://127.0.0.1/\": not a ws:// or wss:// URL\n"
            "plimsoll: --venue = \"nowhere\": not one of " +
                cli::known_venues() + "\n");
  EXPECT_FALSE(std::filesystem::exists(options_.output));
}

TEST(RecordLength, IsReadWithItsUnit) {
  using std::chrono::milliseconds;
  EXPECT_EQ(cli::parse_length("500ms"), milliseconds{500});
  EXPECT_EQ(cli::parse_length("90"), milliseconds{90'000});
  EXPECT_EQ(cli::parse_length("90s"), milliseconds{90'000});
  EXPECT_EQ(cli::parse_length("5m"), milliseconds{300'000});
  EXPECT_EQ(cli::parse_length("2h"), milliseconds{7'200'000});
  for (const char* text :
       {"", "0", "-1", "s", "1d", "1 s", "1.5s", "99999999999999999999", "9999999h"}) {
    EXPECT_FALSE(cli::parse_length(text)) << text;
  }
}

}  // namespace
}  // namespace plimsoll::feeds::live::testing
