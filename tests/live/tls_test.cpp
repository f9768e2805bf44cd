// Goal: nothing is believed from a server that cannot prove who it is. Method: servers with
// certificates that are right, and wrong in each way.

#include <gtest/gtest.h>

#include "feeds/live/client.hpp"
#include "tests/live/certificates.hpp"
#include "tests/live/collecting_sink.hpp"
#include "tests/live/venue.hpp"

namespace plimsoll::feeds::live::testing {
namespace {

class LiveTls : public ::testing::Test {
 protected:
  LiveTls() {
    authority_.write_certificate(folder_.at("ca.pem"));
    client_.ca_file = folder_.at("ca.pem");
  }

  std::unique_ptr<CaptureServer> serve_as(const Identity& identity) {
    identity.write_certificate(folder_.at("server.pem"));
    identity.write_key(folder_.at("server.key"));
    ServerSettings settings;
    settings.captures = {folder_.write("capture", capture_of(messages_))};
    settings.certificate_file = folder_.at("server.pem");
    settings.key_file = folder_.at("server.key");
    return serve(settings);
  }

  /// Why there is no connection.
  std::string refusal(const CaptureServer& server, const std::string& host = "127.0.0.1") {
    CollectingSink sink;
    const auto client = follow(plan_to(server, host), sink, client_);
    EXPECT_TRUE(sink.wait_for(LinkChange::attempt_failed));
    client->stop();
    EXPECT_TRUE(sink.messages().empty());
    EXPECT_TRUE(sink.links(LinkChange::connected).empty());
    return sink.links().front().reason;
  }

  static ConnectionPlan plan_to(const CaptureServer& server, const std::string& host) {
    return plan_for("wss://" + host + ":" + std::to_string(server.port()) + "/");
  }

  Folder folder_;
  std::vector<std::string> messages_{some_messages(1'000)};
  Identity authority_{make_authority("authority of the test")};
  ClientSettings client_{impatient()};
};

TEST_F(LiveTls, DeliversEveryMessageFromAnAddressAndFromAName) {
  const auto server = serve_as(make_server(authority_, "IP:127.0.0.1,DNS:localhost"));
  for (const char* host : {"127.0.0.1", "localhost"}) {
    CollectingSink sink;
    const auto client = follow(plan_to(*server, host), sink, client_);
    ASSERT_TRUE(sink.wait_for_messages(messages_.size())) << host;
    EXPECT_TRUE(sink.messages() == messages_);
    const auto start = std::chrono::steady_clock::now();
    client->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - start, Milliseconds{1'000});
  }
}

TEST_F(LiveTls, RefusesAnAuthorityThatIsNotTrusted) {
  const Identity other = make_authority("another authority");
  const auto server = serve_as(make_server(other, "IP:127.0.0.1"));
  EXPECT_EQ(refusal(*server), "TLS: unable to get local issuer certificate");
}

TEST_F(LiveTls, TrustsOnlyTheMachinesAuthoritiesByDefault) {
  const auto server = serve_as(make_server(authority_, "IP:127.0.0.1"));
  client_.ca_file.clear();
  EXPECT_EQ(refusal(*server), "TLS: unable to get local issuer certificate");
}

TEST_F(LiveTls, RefusesACertificateThatSignsItself) {
  const auto server = serve_as(make_authority("myself"));
  EXPECT_TRUE(refusal(*server).starts_with("TLS: self-signed certificate"));
}

TEST_F(LiveTls, RefusesTheCertificateOfAnotherHost) {
  const auto server = serve_as(make_server(authority_, "DNS:venue.test,IP:127.0.0.2"));
  EXPECT_EQ(refusal(*server), "TLS: certificate is not for 127.0.0.1");
  EXPECT_EQ(refusal(*server, "localhost"), "TLS: certificate is not for localhost");
}

TEST_F(LiveTls, RefusesACertificateThatIsOver) {
  const auto server = serve_as(make_server(authority_, "IP:127.0.0.1", 0));
  EXPECT_EQ(refusal(*server), "TLS: certificate has expired");
}

TEST_F(LiveTls, DoesNotSpeakPlainToASecureServerNorTheOtherWayRound) {
  const auto server = serve_as(make_server(authority_, "IP:127.0.0.1"));
  CollectingSink plain;
  const auto client = follow(plan_for(server->port()), plain, client_);
  EXPECT_TRUE(plain.wait_for(LinkChange::attempt_failed));
  EXPECT_TRUE(plain.messages().empty());
  ServerSettings settings;
  settings.captures = {folder_.at("capture")};
  EXPECT_TRUE(refusal(*serve(settings)).starts_with("TLS: "));
}

TEST_F(LiveTls, SaysWhichFileIsNoCertificate) {
  CollectingSink sink;
  client_.ca_file = folder_.write("nonsense.pem", "nonsense\n");
  const auto started = Client::start({plan_for("wss://127.0.0.1:1/")}, client_, sink);
  EXPECT_FALSE(started.client);
  EXPECT_TRUE(started.error.starts_with(folder_.at("nonsense.pem") + ": ")) << started.error;
  client_.ca_file = folder_.at("missing.pem");
  EXPECT_FALSE(Client::start({plan_for("wss://127.0.0.1:1/")}, client_, sink).client);
  ServerSettings settings;
  settings.captures = {folder_.write("capture", "1 {}\n")};
  settings.certificate_file = folder_.at("missing.pem");
  settings.key_file = folder_.at("missing.key");
  EXPECT_TRUE(CaptureServer::start(settings).error.starts_with(folder_.at("missing.pem") + ": "));
}

}  // namespace
}  // namespace plimsoll::feeds::live::testing
