// Fan-out: the same bytes to the same number of sockets, read by the same thread. The gateway is
// given 64 events at a time and polled, as its own thread does; the bare sender has the packets
// ready made, and sends 64 of them at once or one by one to each socket in turn. A round is over
// when everything has been read.

#include "bench/fan_out.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <sstream>
#include <utility>

#include "bench/discarding_readers.hpp"
#include "bench/wire_client.hpp"
#include "engine/gateway/gateway.hpp"
#include "engine/platform/thread.hpp"
#include "engine/wire/sbe.hpp"
#include "engine/wire/soup_bin_tcp.hpp"

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 64;  // events in one send
constexpr std::size_t kPacketSize =
    wire::kPacketHeaderSize + wire::kMessageHeaderSize + wire::kBlockLength<MarginCallIssued>;

Event call_event(std::uint64_t number) {
  Event event{};
  event.header.number = EventNumber::from_raw(number);
  event.header.account = AccountId::from_raw(number % 10'000 + 1);
  event.body = MarginCallIssued{
      .equity = {}, .maintenance_margin = {}, .amount = {}, .deadline = {}, .call = {}};
  return event;
}

/// The packets of a batch.
std::vector<std::byte> batch_bytes() {
  std::vector<std::byte> bytes;
  for (std::uint64_t number = 1; number <= kBatch; ++number) {
    std::array<std::byte, wire::kEncodedSizeMax> message{};
    std::array<std::byte, kPacketSize> packet{};
    const std::size_t size = wire::encode(call_event(number), message);
    const std::size_t written = wire::write_packet(
        wire::PacketType::sequenced, std::span<const std::byte>{message}.first(size), packet);
    PLIMSOLL_ASSERT(written == kPacketSize);
    bytes.insert(bytes.end(), packet.begin(), packet.end());
  }
  return bytes;
}

/// What a measurement did.
struct Run {
  double deliveries_a_second{0};
  std::size_t events{0};
  std::uint64_t sends{0};
};

/// Times `send_batch`, called `batches` times, until the subscribers have read everything.
template <class SendBatch>
double time_deliveries(const DiscardingReaders& readers, std::size_t subscribers,
                       std::size_t batches, SendBatch&& send_batch) {
  const std::uint64_t deliveries = subscribers * batches * kBatch;
  const std::uint64_t due = readers.received() + deliveries * kPacketSize;
  const Clock::time_point start = Clock::now();
  for (std::size_t i = 0; i < batches; ++i) send_batch();
  readers.wait_for(due);
  const std::chrono::duration<double> took = Clock::now() - start;
  return static_cast<double>(deliveries) / took.count();
}

/// Subscribers of a gateway.
class Followed {
 public:
  Followed(std::size_t subscribers, DiscardingReaders& readers) : readers_{readers} {
    gateway::GatewaySettings settings;
    settings.sessions_max = subscribers;
    settings.retained_events = 100'000;
    settings.heartbeat = settings.silence_max = std::chrono::hours{24};  // nothing but events
    gateway_ = gateway::Gateway::open(settings).gateway;
    PLIMSOLL_ASSERT(gateway_ != nullptr);
    for (std::size_t i = 0; i < subscribers; ++i) {
      sockets_.push_back(connect_loopback(gateway_->port()));
      sockets_.back().send_all(wire::login_request_packet(
          {.user = "bench", .password = "", .session = "", .next_number = 0}));
      readers.add(sockets_.back().descriptor());
      while (gateway_->counters().sessions <= i) gateway_->poll();
    }
    readers.wait_for(gateway_->counters().bytes_sent);
  }

  [[nodiscard]] Run run(std::size_t batches) {
    const std::uint64_t sends = gateway_->counters().sends;
    const std::size_t subscribers = sockets_.size();
    std::uint64_t sent = gateway_->counters().bytes_sent;
    const double rate = time_deliveries(readers_, subscribers, batches, [&] {
      for (std::size_t i = 0; i < kBatch; ++i) {
        gateway_->publish(call_event(gateway_->next_number()));
      }
      sent += subscribers * kBatch * kPacketSize;
      while (gateway_->counters().bytes_sent < sent) gateway_->poll();
    });
    return {rate, batches * kBatch, gateway_->counters().sends - sends};
  }

 private:
  DiscardingReaders& readers_;
  std::unique_ptr<gateway::Gateway> gateway_;
  std::vector<RawSocket> sockets_;
};

/// As many sockets that nobody stands between.
class Bare {
 public:
  Bare(std::size_t subscribers, DiscardingReaders& readers) : readers_{readers} {
    for (std::size_t i = 0; i < subscribers; ++i) {
      auto [near, far] = loopback_pair();
      readers.add(near.descriptor());
      near_.push_back(std::move(near));
      far_.push_back(std::move(far));
    }
  }

  /// `events_a_send` divides kBatch.
  [[nodiscard]] Run run(std::size_t batches, std::size_t events_a_send) const {
    const std::size_t piece = events_a_send * kPacketSize;
    const double rate = time_deliveries(readers_, far_.size(), batches, [&] {
      for (std::size_t at = 0; at < batch_.size(); at += piece) {
        for (const RawSocket& socket : far_) {
          socket.send_all(std::span{batch_}.subspan(at, piece));
        }
      }
    });
    return {rate, batches * kBatch, far_.size() * batches * kBatch / events_a_send};
  }

 private:
  DiscardingReaders& readers_;
  std::vector<std::byte> batch_{batch_bytes()};
  std::vector<RawSocket> near_;
  std::vector<RawSocket> far_;
};

Row fan_out_row(const std::string& name, const std::vector<Run>& values,
                const std::string& baseline_name, const std::vector<Run>& baselines, double goal) {
  const auto rates = [](const std::vector<Run>& runs) {
    std::vector<double> found;
    for (const Run& run : runs) found.push_back(run.deliveries_a_second);
    return found;
  };
  Row row = paired_row(name, "/s", rates(values), baseline_name, rates(baselines));
  row.goal = goal;
  std::ostringstream work;
  work << values.front().events << " events of " << kPacketSize << " bytes in "
       << values.front().sends << " sends; baseline " << baselines.front().events << " in "
       << baselines.front().sends;
  row.work = work.str();
  return row;
}

std::vector<Row> rows_for(const Settings& settings, std::size_t subscribers) {
  const std::size_t batches = (settings.quick ? 4'000 : 20'000) / subscribers;
  const std::size_t few = std::max<std::size_t>(1, batches / 10);  // one by one takes long
  DiscardingReaders readers{1};
  Followed followed{subscribers, readers};
  const Bare bare{subscribers, readers};
  std::vector<Run> values;
  std::vector<Run> coalesced;
  std::vector<Run> separate;
  for (std::size_t i = 0; i < settings.pairs; ++i) {
    values.push_back(followed.run(batches));
    coalesced.push_back(bare.run(batches, kBatch));
    separate.push_back(bare.run(few, 1));
  }
  readers.stop();
  const std::string name = "deliveries, " + std::to_string(subscribers) + " subscribers";
  return {fan_out_row(name, values, "raw sends of 64 events", coalesced, 0.8),
          fan_out_row(name, values, "raw sends of one event", separate, 3)};
}

}  // namespace

std::vector<Row> fan_out_rows(const Settings& settings) {
  raise_file_limit();
  platform::pin_current_thread(0);  // The readers take processor 1.
  std::vector<Row> rows;
  for (const std::size_t subscribers : {100U, 1'000U}) {
    for (Row& row : rows_for(settings, subscribers)) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace plimsoll::bench
