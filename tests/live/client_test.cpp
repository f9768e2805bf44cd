// Goal: what a venue sends arrives, whatever happens to the connection; what does not is marked.
// Method: a server on this machine that sends captures, and one that does everything wrong.

#include "feeds/live/client.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/live/collecting_sink.hpp"
#include "tests/live/misbehaving_server.hpp"
#include "tests/live/venue.hpp"

namespace plimsoll::feeds::live::testing {
namespace {

class LiveClient : public ::testing::Test {
 protected:
  std::unique_ptr<CaptureServer> serve_messages(ServerSettings settings = {}) {
    settings.captures = {folder_.write("capture", capture_of(messages_))};
    return serve(settings);
  }

  Folder folder_;
  std::vector<std::string> messages_{some_messages(2'000)};
  CollectingSink sink_;
};

TEST_F(LiveClient, DeliversEveryMessageInItsOrder) {
  const auto server = serve_messages();
  const auto client = follow(plan_for(server->port()), sink_, impatient());
  ASSERT_TRUE(sink_.wait_for_messages(messages_.size()));
  client->stop();
  EXPECT_TRUE(sink_.messages() == messages_);
  const auto times = sink_.times();
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  ASSERT_EQ(sink_.links().size(), 1U);
  EXPECT_EQ(sink_.links().front().change, LinkChange::connected);
}

TEST_F(LiveClient, KeepsThePaceOfTheCapture) {
  ServerSettings settings;
  settings.speed = 10;  // 2,000 messages, a millisecond apart: 0.2 s
  const auto server = serve_messages(settings);
  const auto client = follow(plan_for(server->port()), sink_, impatient());
  ASSERT_TRUE(sink_.wait_for_messages(messages_.size()));
  const auto times = sink_.times();
  EXPECT_GE((times.back() - times.front()).raw(), 150'000'000);
}

TEST_F(LiveClient, MarksEachDropAndLosesNothingThatIsSentAfterIt) {
  ServerSettings settings;
  settings.drop_after = 300;
  const auto server = serve_messages(settings);
  const auto client = follow(plan_for(server->port()), sink_, impatient());
  ASSERT_TRUE(sink_.wait_for_messages(messages_.size()));
  client->stop();
  EXPECT_TRUE(sink_.messages() == messages_);
  const auto lost = sink_.links(LinkChange::disconnected);
  const auto gaps = sink_.links(LinkChange::gap);
  ASSERT_EQ(lost.size(), 6U);
  ASSERT_EQ(gaps.size(), 6U);
  EXPECT_EQ(sink_.links(LinkChange::connected).size(), 7U);
  for (std::size_t i = 0; i < lost.size(); ++i) {
    EXPECT_EQ(lost[i].messages_before, 300 * (i + 1));
    EXPECT_EQ(gaps[i].messages_before, 300 * (i + 1));
    EXPECT_EQ(lost[i].reason, "closed without a goodbye");
    EXPECT_EQ(lost[i].url, "ws://127.0.0.1:" + std::to_string(server->port()) + "/stream");
    EXPECT_EQ(gaps[i].since, sink_.times()[300 * (i + 1) - 1]);
    EXPECT_GE(gaps[i].time, lost[i].time);
  }
}

TEST_F(LiveClient, LeavesNothingOpenBehind) {
  const std::size_t before = open_descriptors();
  {
    ServerSettings settings;
    settings.drop_after = 20;
    const auto server = serve_messages(settings);
    const std::size_t serving = open_descriptors();
    const auto client = follow(plan_for(server->port()), sink_, impatient());
    ASSERT_TRUE(sink_.wait_for_messages(messages_.size()));  // a hundred connections
    ASSERT_TRUE(sink_.wait_for(LinkChange::gap, 100));
    EXPECT_LE(open_descriptors(), serving + 12);
    client->stop();
    while (server->counters().open != 0) std::this_thread::yield();
    EXPECT_EQ(server->counters().dropped, 100U);
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(LiveClient, ServesSeveralConnectionsOnOneThread) {
  const auto server = serve_messages();
  std::vector<ConnectionPlan> plans(5, plan_for(server->port()));
  const auto [client, error] = Client::start(plans, impatient(), sink_);
  ASSERT_TRUE(client) << error;
  ASSERT_TRUE(sink_.wait_for_messages(5 * messages_.size()));
  auto received = sink_.messages();
  std::sort(received.begin(), received.end());
  auto sent = messages_;
  std::sort(sent.begin(), sent.end());
  for (std::size_t i = 0; i < received.size(); ++i) ASSERT_EQ(received[i], sent[i / 5]);
}

TEST_F(LiveClient, TriesAgainUntilThereIsAVenue) {
  std::uint16_t port = 0;
  { port = serve_messages()->port(); }
  const auto client = follow(plan_for(port), sink_, impatient());
  ASSERT_TRUE(sink_.wait_for(LinkChange::attempt_failed, 5));
  EXPECT_EQ(sink_.links().front().reason, "Connection refused");
  ServerSettings settings;
  settings.port = port;
  const auto server = serve_messages(settings);
  ASSERT_TRUE(sink_.wait_for_messages(messages_.size()));
  EXPECT_TRUE(sink_.links(LinkChange::gap).empty());  // it never was up before
}

TEST_F(LiveClient, WaitsLongerAfterEachFailure) {
  ClientSettings settings = impatient();
  settings.backoff = {Milliseconds{4}, Milliseconds{32}, Milliseconds{60'000}};
  const auto client = follow(plan_for("ws://127.0.0.1:1/"), sink_, settings);
  ASSERT_TRUE(sink_.wait_for(LinkChange::attempt_failed, 6));
  Backoff expected{settings.backoff, settings.seed};
  const auto failed = sink_.links(LinkChange::attempt_failed);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(failed[i].retry_in, expected.next());
    if (i == 0) continue;
    const std::int64_t waited_ms = (failed[i].time - failed[i - 1].time).raw() / 1'000'000;
    EXPECT_GE(waited_ms + 1, failed[i - 1].retry_in.count());
  }
}

TEST_F(LiveClient, SaysWhichNameIsUnknown) {
  const auto client = follow(plan_for("ws://no-such-venue.invalid/"), sink_, impatient());
  ASSERT_TRUE(sink_.wait_for(LinkChange::attempt_failed));
  EXPECT_TRUE(sink_.links().front().reason.starts_with("no-such-venue.invalid: "))
      << sink_.links().front().reason;
}

TEST_F(LiveClient, SaysItsOpeningInOrderOnEveryConnection) {
  std::vector<std::string> heard;  // the server's thread, then ours
  const auto listen = [&heard](Peer& peer) {
    if (!peer.accept()) return;
    for (int i = 0; i < 3; ++i) heard.push_back(peer.hear());
    peer.say("{}");
  };
  ConnectionPlan plan;
  {
    MisbehavingServer server{{listen}};
    plan = plan_for(server.port());
    plan.opening = {"first", "second", "third"};
    const auto client = follow(plan, sink_, impatient());
    ASSERT_TRUE(sink_.wait_for_messages(2));
    client->stop();
  }
  ASSERT_GE(heard.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(heard[i], plan.opening[i % 3]);
}

TEST_F(LiveClient, AnswersAChallenge) {
  std::atomic<bool> answered{false};
  MisbehavingServer server{{[&](Peer& peer) {
    if (!peer.accept()) return;
    (void)peer.hear();
    peer.say(R"({"method":"heartbeat","params":{"type":"test_request"}})");
    answered = peer.hear() == "answer";
    peer.say("{}");
    peer.answer_pings();
  }}};
  ConnectionPlan plan = plan_for(server.port());
  plan.heartbeat.challenge = R"("test_request")";
  plan.heartbeat.answer = "answer";
  const auto client = follow(plan, sink_, impatient());
  ASSERT_TRUE(sink_.wait_for_messages(2));  // the challenge is the venue's word as well
  EXPECT_TRUE(answered);
}

TEST_F(LiveClient, LeavesAVenueThatAsksAndDoesNotRead) {
  MisbehavingServer server{{[](Peer& peer) {
                             if (!peer.accept()) return;
                             while (peer.say(R"("test_request")")) {
                             }
                           }},
                           1'024};
  ConnectionPlan plan = plan_for(server.port());
  const std::string long_answer(60'000, 'a');
  plan.heartbeat.challenge = R"("test_request")";
  plan.heartbeat.answer = long_answer;
  const auto client = follow(plan, sink_, impatient());
  ASSERT_TRUE(sink_.wait_for(LinkChange::disconnected));
  EXPECT_EQ(sink_.links(LinkChange::disconnected).front().reason, "the other end does not read");
}

TEST_F(LiveClient, KeepsAQuietVenueWhosePongsItHears) {
  std::atomic<int> pings{0};
  MisbehavingServer server{{[&](Peer& peer) {
    if (!peer.accept()) return;
    (void)peer.hear();
    for (;;) {
      const std::string heard = peer.hear();
      if (heard.empty()) return;
      if (heard == "ping") {
        ++pings;
        peer.say("pong");
      }
    }
  }}};
  ConnectionPlan plan = plan_for(server.port());
  plan.heartbeat = {.ping_every = Milliseconds{20},
                    .ping = "ping",
                    .pong = "pong",
                    .silence_max = Milliseconds{1'000}};
  const auto client = follow(plan, sink_, impatient());
  const auto start = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - start < Milliseconds{1'500}) {
    std::this_thread::sleep_for(Milliseconds{10});
  }
  client->stop();
  EXPECT_GE(pings, 5);
  EXPECT_TRUE(sink_.messages().empty());
  EXPECT_TRUE(sink_.links(LinkChange::disconnected).empty());
}

TEST_F(LiveClient, LeavesAVenueThatAnswersPingsAndSendsNothing) {
  MisbehavingServer server{{[](Peer& peer) {
    if (!peer.accept()) return;
    peer.say("{}");
    peer.answer_pings();
  }}};
  ConnectionPlan plan = plan_for(server.port());
  plan.heartbeat = {.ping_every = Milliseconds{20}, .silence_max = Milliseconds{150}};
  const auto client = follow(plan, sink_, impatient());
  ASSERT_TRUE(sink_.wait_for(LinkChange::gap));
  const Link lost = sink_.links(LinkChange::disconnected).front();
  EXPECT_EQ(lost.reason, "silent for 150 ms");
  EXPECT_GE((lost.time - lost.since).raw(), 150'000'000);
}

TEST_F(LiveClient, GivesUpOnAHandshakeThatDoesNotEnd) {
  MisbehavingServer server{{[](Peer& peer) { peer.stay_silent(); }}};
  ClientSettings settings = impatient();
  settings.connect_max = Milliseconds{50};
  const auto client = follow(plan_for(server.port()), sink_, settings);
  ASSERT_TRUE(sink_.wait_for(LinkChange::attempt_failed, 2));
  EXPECT_EQ(sink_.links().front().reason, "no answer within 50 ms");
}

/// One thing that a venue does wrong, and what is said of it.
struct Fault {
  const char* name;
  MisbehavingServer::Script script;
  std::vector<std::string> words;  // one of them is in the reason
};

/// After the handshake and the subscription.
MisbehavingServer::Script then(MisbehavingServer::Script script) {
  return [script](Peer& peer) {
    if (!peer.accept() || peer.hear().empty()) return;
    peer.say("before");
    script(peer);
  };
}

std::vector<Fault> faults_of_an_open_venue() {
  return {
      {"Garbage",
       then([](Peer& peer) {
         peer.send_raw("\xff\xff\xff\xff garbage, and enough of it for any header");
         peer.stay_silent();
       }),
       {"reserved", "opcode"}},
      {"MaskedFrame",
       then([](Peer& peer) {
         peer.send_raw(std::string{"\x81\x82\x01\x02\x03\x04zz", 8});
         peer.stay_silent();
       }),
       {"masked"}},
      {"InvalidUtf8",
       then([](Peer& peer) {
         peer.say("\xc3\x28");
         peer.stay_silent();
       }),
       {"payload", "utf"}},
      {"Binary",
       then([](Peer& peer) {
         peer.say_binary("\x01\x02");
         peer.stay_silent();
       }),
       {"binary message"}},
      {"HugeMessage",
       then([](Peer& peer) {
         peer.say(std::string(10'001, 'x'));
         peer.stay_silent();
       }),
       {"message of more than 10000 bytes"}},
      {"HugeLength",
       then([](Peer& peer) {
         peer.send_raw(std::string{"\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10});
         peer.stay_silent();
       }),
       {"message of more than 10000 bytes"}},
      {"HalfClose", then([](Peer& peer) { peer.half_close(); }), {"closed without a goodbye"}},
      {"CutInsideAMessage",
       then([](Peer& peer) { peer.send_raw("\x81\x05hel"); }),
       {"closed without a goodbye", "reset"}},
      {"Goodbye",
       then([](Peer& peer) {
         peer.send_raw(std::string{"\x88\x0a\x03\xe9"} + "shutdown");
         peer.stay_silent();
       }),
       {"closed by the other end, code 1001: shutdown"}},
  };
}

class LiveFault : public ::testing::TestWithParam<Fault> {};

TEST_P(LiveFault, IsNamedAndMendedByAnotherConnection) {
  const Fault& fault = GetParam();
  MisbehavingServer server{{fault.script, then([](Peer& peer) { peer.answer_pings(); })}};
  CollectingSink sink;
  ConnectionPlan plan = plan_for(server.port());
  plan.message_size_max = 10'000;
  const auto client = follow(plan, sink, impatient());
  ASSERT_TRUE(sink.wait_for_messages(2));
  client->stop();
  EXPECT_EQ(sink.messages(), (std::vector<std::string>{"before", "before"}));
  const auto links = sink.links();
  ASSERT_EQ(links.size(), 4U);
  EXPECT_EQ(links[1].change, LinkChange::disconnected);
  EXPECT_EQ(links[1].messages_before, 1U);
  EXPECT_EQ(links[2].change, LinkChange::gap);
  EXPECT_TRUE(std::any_of(fault.words.begin(), fault.words.end(), [&](const std::string& word) {
    return links[1].reason.find(word) != std::string::npos;
  })) << links[1].reason;
}

INSTANTIATE_TEST_SUITE_P(Faults, LiveFault, ::testing::ValuesIn(faults_of_an_open_venue()),
                         [](const auto& fault) { return fault.param.name; });

class LiveRefusal : public ::testing::TestWithParam<Fault> {};

TEST_P(LiveRefusal, IsAnAttemptThatFailed) {
  MisbehavingServer server{{GetParam().script}};
  CollectingSink sink;
  const auto client = follow(plan_for(server.port()), sink, impatient());
  ASSERT_TRUE(sink.wait_for(LinkChange::attempt_failed, 3));
  const std::string reason = sink.links().front().reason;
  EXPECT_NE(reason.find(GetParam().words.front()), std::string::npos) << reason;
}

INSTANTIATE_TEST_SUITE_P(
    Refusals, LiveRefusal,
    ::testing::Values(
        Fault{"Forbidden",
              [](Peer& peer) {
                peer.send_raw("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
                peer.half_close();
              },
              {"the server declines: HTTP 403 Forbidden"}},
        Fault{"NoHttp",
              [](Peer& peer) {
                peer.send_raw("220 ready\r\n\r\n");
                peer.half_close();
              },
              {"bad version"}},
        Fault{"Hangup", [](Peer& peer) { peer.half_close(); }, {"closed without a goodbye"}}),
    [](const auto& fault) { return fault.param.name; });

/// How long it takes to stop.
template <class Ready>
Milliseconds time_to_stop(const ConnectionPlan& plan, CollectingSink& sink, Ready ready,
                          const ClientSettings& settings = impatient()) {
  const auto client = follow(plan, sink, settings);
  EXPECT_TRUE(ready());
  const auto start = std::chrono::steady_clock::now();
  client->stop();
  return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - start);
}

constexpr Milliseconds kPrompt{1'000};

TEST_F(LiveClient, StopsPromptlyInTheMiddleOfAStream) {
  ServerSettings settings;
  settings.speed = 1;
  const auto server = serve_messages(settings);
  const auto ready = [&] { return sink_.wait_for_messages(10); };
  EXPECT_LT(time_to_stop(plan_for(server->port()), sink_, ready), kPrompt);
  const std::size_t received = sink_.messages().size();
  std::this_thread::sleep_for(Milliseconds{20});
  EXPECT_EQ(sink_.messages().size(), received);
}

TEST_F(LiveClient, StopsPromptlyWhenTheGoodbyeIsNotAnswered) {
  MisbehavingServer server{{[](Peer& peer) {
    if (peer.accept()) peer.stay_silent();
  }}};
  const auto ready = [&] { return sink_.wait_for(LinkChange::connected); };
  EXPECT_LT(time_to_stop(plan_for(server.port()), sink_, ready), kPrompt);
}

TEST_F(LiveClient, StopsPromptlyDuringAHandshakeAndAWait) {
  MisbehavingServer server{{[](Peer& peer) { peer.stay_silent(); }}};
  EXPECT_LT(time_to_stop(plan_for(server.port()), sink_, [] { return true; }), kPrompt);
  ClientSettings patient = impatient();
  patient.backoff = {Milliseconds{600'000}, Milliseconds{600'000}, Milliseconds{1}};
  const auto failed = [&] { return sink_.wait_for(LinkChange::attempt_failed); };
  EXPECT_LT(time_to_stop(plan_for("ws://127.0.0.1:1/"), sink_, failed, patient), kPrompt);
}

TEST_F(LiveClient, StopsPromptlyWhileANameIsLookedUp) {
  const ConnectionPlan plan = plan_for("ws://no-such-venue.invalid/");
  EXPECT_LT(time_to_stop(plan, sink_, [] { return true; }), kPrompt);
}

TEST_F(LiveClient, ServerSaysWhatIsWrongWithItsSettings) {
  ServerSettings missing;
  missing.captures = {"/no/such/file"};
  EXPECT_EQ(CaptureServer::start(missing).error, "/no/such/file: No such file or directory");
  const auto server = serve_messages();
  ServerSettings taken;
  taken.captures = {folder_.at("capture")};
  taken.port = server->port();
  EXPECT_EQ(
      CaptureServer::start(taken).error,
      "cannot listen on 127.0.0.1:" + std::to_string(server->port()) + ": Address already in use");
  taken.address = "localhost";
  EXPECT_EQ(CaptureServer::start(taken).error, "'localhost' is not a numeric address");
}

}  // namespace
}  // namespace plimsoll::feeds::live::testing
