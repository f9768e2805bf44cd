// Tick in to event out over loopback. The client sends one JSON tick and busy-polls for the event
// that it causes; the engine's one thread busy-polls the tick socket, parses, sequences, judges,
// encodes and sends. Ticks move an instrument up and down between two prices at which one account's
// margin call is met and issued again: each causes exactly one event. The baseline answers the same
// number of bytes with the same number of bytes and does nothing in between.

#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <iomanip>
#include <sstream>
#include <thread>

#include "bench/benches.hpp"
#include "bench/book.hpp"
#include "bench/wire_client.hpp"
#include "engine/core/inline_fabric.hpp"
#include "engine/core/sequencer.hpp"
#include "engine/gateway/gateway.hpp"
#include "engine/platform/thread.hpp"
#include "engine/reference/turnover.hpp"
#include "engine/value/decimal.hpp"
#include "engine/wire/sbe.hpp"
#include "engine/wire/soup_bin_tcp.hpp"
#include "feeds/venue/translator.hpp"

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kTickSize = 192;  // every tick line is padded to this
constexpr std::size_t kMetSize =
    wire::kPacketHeaderSize + wire::kMessageHeaderSize + wire::kBlockLength<MarginCallMet>;
constexpr std::size_t kIssuedSize =
    wire::kPacketHeaderSize + wire::kMessageHeaderSize + wire::kBlockLength<MarginCallIssued>;
constexpr AccountId kTipping = AccountId::from_raw(900'000'001);

using TickLine = std::array<std::byte, kTickSize>;

/// A quote one tick wide around `price`, as the venue sends it, padded with blanks.
TickLine tick_line(const reference::Instrument& instrument, Price price) {
  const auto decimal = [](std::int64_t raw) { return format_decimal(raw, kPriceDecimals); };
  const std::string text =
      R"({"stream":"x@bookTicker","data":{"e":"bookTicker","u":1,"s":")" + instrument.symbol +
      R"(","b":")" + decimal(price.raw() - instrument.tick.raw()) + R"(","B":"1","a":")" +
      decimal(price.raw() + instrument.tick.raw()) + R"(","A":"1","T":1,"E":1}})";
  PLIMSOLL_ASSERT(text.size() <= kTickSize);
  TickLine line;
  line.fill(static_cast<std::byte>(' '));
  std::memcpy(line.data(), text.data(), text.size());
  return line;
}

Rate first_rate(const reference::Reference& reference, const reference::Instrument& instrument) {
  return reference.tiers[instrument.tiers_long.raw()].brackets.front().maintenance;
}

/// How far the tipping account's instrument moves to either side: 0.3 times its maintenance rate.
Price moved(const reference::Reference& reference, const reference::Instrument& instrument,
            Price price, int direction) {
  const Int128 move = Int128{price.raw()} * first_rate(reference, instrument).raw() * 3 / 10 /
                      kRateOne / instrument.tick.raw() * instrument.tick.raw();
  return Price::from_raw(narrow(price.raw() + direction * move));
}

/// The engine's side: everything on the thread that calls run().
class EngineSide {
 public:
  /// The tipping account holds `instrument`.
  EngineSide(const Book& book, InstrumentId instrument)
      : book_{book},
        fabric_{book.reference, 1, watch::Mode::holders},
        translator_{feeds::Venue::binance_usdm, book.reference},
        gateway_{gateway::Gateway::open({}).gateway} {
    PLIMSOLL_ASSERT(gateway_ != nullptr);
    for (const Input& input : book.inputs) submit(input.body);
    add_account(kTipping, instrument, 14);
  }

  /// `tenths` tenths of the maintenance margin as equity, on a long position of notional 10,000.
  void add_account(AccountId account, InstrumentId id, std::int64_t tenths) {
    const reference::Instrument& instrument = book_.reference.instruments[id.raw()];
    const Price price = book_.prices[id.raw()];
    const reference::Asset& asset = book_.reference.assets[instrument.settle.raw()];
    const std::int64_t rate = first_rate(book_.reference, instrument).raw();
    const std::int64_t notional = 10'000 * power_of_ten(asset.decimals);
    const std::int64_t lots =
        narrow(reference::quantity_of(instrument, notional, price)) / instrument.lot.raw();
    const std::int64_t equity = narrow(Int128{notional} * rate / kRateOne * tenths / 10);
    submit(AccountOpened{.account = account,
                         .owner = OwnerId::from_raw(account.raw()),
                         .parent = {},
                         .profile = {},
                         .asset = instrument.settle});
    submit(Deposited{.account = account,
                     .amount = Amount::from_raw(equity),
                     .transfer = {},
                     .asset = instrument.settle});
    submit(TradeFilled{.account = account,
                       .instrument = id,
                       .quantity = Quantity::from_raw(lots * instrument.lot.raw()),
                       .price = price,
                       .fee = {},
                       .fill = {}});
  }

  [[nodiscard]] std::uint16_t port() const { return gateway_->port(); }
  [[nodiscard]] std::uint64_t events() const { return gateway_->next_number() - 1; }
  [[nodiscard]] std::uint64_t judged() const { return fabric_.shard(0).counters().accounts_judged; }

  /// Answers ticks on `socket` until `stop`.
  void run(const RawSocket& socket, const std::atomic<bool>& stop) {
    std::array<std::byte, kTickSize + feeds::Translator::kPadding> buffer{};
    std::size_t have = 0;
    for (std::uint64_t turn = 0; !stop.load(std::memory_order_relaxed); ++turn) {
      have += socket.receive_some(std::span{buffer}.subspan(have, kTickSize - have));
      if (have == kTickSize) {
        have = 0;
        take_tick({reinterpret_cast<const char*>(buffer.data()), kTickSize});
      } else if (turn % 256 == 0) {
        gateway_->poll();
      }
    }
  }

 private:
  void take_tick(std::string_view json) {
    const feeds::Translation translation = translator_.translate(json);
    PLIMSOLL_ASSERT(translation.ok());
    for (const InputBody& body : translation.inputs) submit(body);
    gateway_->flush();
  }

  void submit(const InputBody& body) {
    time_ = time_ + Duration::from_raw(1'000);
    sequencer_.submit({.sequence = {}, .time = time_, .origin = {}, .body = body});
    sequencer_.publish_ready();
    for (const Event& event : sequencer_.published()) gateway_->publish(event);
    sequencer_.clear();
  }

  const Book& book_;
  core::InlineFabric fabric_;
  core::Sequencer<core::InlineFabric> sequencer_{book_.reference, fabric_};
  feeds::Translator translator_;
  std::unique_ptr<gateway::Gateway> gateway_;
  EventTime time_{EventTime::from_raw(1)};
};

/// Logs on for new events; the log-on is answered while the server runs.
RawSocket log_on(std::uint16_t port) {
  RawSocket socket = connect_loopback(port);
  const auto request = wire::login_request_packet(
      {.user = "bench", .password = "", .session = "", .next_number = 0});
  socket.send_all(request);
  std::array<std::byte, wire::kPacketHeaderSize + 30> accepted{};
  socket.receive_exactly(accepted);
  PLIMSOLL_ASSERT(accepted[2] == static_cast<std::byte>('A'));
  return socket;
}

/// Reads one sequenced packet, passing over heartbeats.
void receive_event(const RawSocket& socket) {
  std::array<std::byte, wire::kPacketHeaderSize + wire::kEncodedSizeMax> packet{};
  for (;;) {
    socket.receive_exactly(std::span{packet}.first(wire::kPacketHeaderSize));
    const std::size_t length =
        static_cast<std::size_t>(packet[0]) * 256 + static_cast<std::size_t>(packet[1]) - 1;
    socket.receive_exactly(std::span{packet}.subspan(wire::kPacketHeaderSize, length));
    if (packet[2] == static_cast<std::byte>('S')) return;
  }
}

using RoundTrips = std::vector<double>;  // microseconds

/// Round trips of `exchange(number)`, the first ones not counted.
template <class Exchange>
RoundTrips time_round_trips(std::size_t rounds, Exchange&& exchange) {
  constexpr std::size_t kWarmUp = 200;
  RoundTrips times;
  times.reserve(rounds);
  for (std::size_t i = 0; i < rounds + kWarmUp; ++i) {
    const Clock::time_point start = Clock::now();
    exchange(i);
    const std::chrono::duration<double, std::micro> took = Clock::now() - start;
    if (i >= kWarmUp) times.push_back(took.count());
  }
  return times;
}

/// The same bytes to and fro with nothing in between. The event's size alternates as the engine's.
RoundTrips raw_round_trips(std::size_t rounds) {
  auto [client_tick, server_tick] = loopback_pair();
  auto [client_event, server_event] = loopback_pair();
  std::atomic<bool> stop{false};
  std::thread server{[&, &in = server_tick, &out = server_event] {
    platform::pin_current_thread(0);
    std::array<std::byte, kTickSize> tick{};
    std::array<std::byte, kIssuedSize> event{};
    std::size_t have = 0;
    for (bool issued = true; !stop.load(std::memory_order_relaxed);) {
      have += in.receive_some(std::span{tick}.subspan(have));
      if (have < kTickSize) continue;
      have = 0;
      out.send_all(std::span{event}.first(issued ? kIssuedSize : kMetSize));
      issued = !issued;
    }
  }};
  const TickLine tick{};
  RoundTrips times = time_round_trips(rounds, [&, &out = client_tick, &in = client_event](auto i) {
    std::array<std::byte, kIssuedSize> event{};
    out.send_all(tick);
    in.receive_exactly(std::span{event}.first(i % 2 == 0 ? kIssuedSize : kMetSize));
  });
  stop.store(true);
  server.join();
  return times;
}

/// Through the engine. Each tick must cause exactly one event.
RoundTrips engine_round_trips(EngineSide& engine, const std::array<TickLine, 2>& ticks,
                              std::size_t rounds) {
  auto [client_tick, server_tick] = loopback_pair();
  std::atomic<bool> stop{false};
  std::thread server{[&, &in = server_tick] {
    platform::pin_current_thread(0);
    engine.run(in, stop);
  }};
  const std::uint64_t before = engine.events();
  RoundTrips times;
  {
    const RawSocket events = log_on(engine.port());
    times = time_round_trips(rounds, [&, &out = client_tick](std::size_t i) {
      out.send_all(ticks[i % 2]);
      receive_event(events);
    });
  }
  stop.store(true);
  server.join();
  PLIMSOLL_ASSERT(engine.events() - before == rounds + 200);
  return times;
}

/// Pairs of raw and engine runs; rows for the median and the 99th percentile.
std::vector<Row> wire_rows(const Settings& settings, const std::string& name, EngineSide& engine,
                           const Book& book, InstrumentId instrument, std::size_t rounds) {
  const reference::Instrument& rules = book.reference.instruments[instrument.raw()];
  const Price price = book.prices[instrument.raw()];
  const std::array<TickLine, 2> ticks{tick_line(rules, moved(book.reference, rules, price, -1)),
                                      tick_line(rules, moved(book.reference, rules, price, +1))};
  platform::pin_current_thread(1);  // The server's thread takes processor 0.
  std::array<std::vector<double>, 2> values;
  std::array<std::vector<double>, 2> baselines;
  const std::uint64_t judged = engine.judged();
  for (std::size_t i = 0; i < settings.pairs; ++i) {
    const RoundTrips through = engine_round_trips(engine, ticks, rounds);
    const RoundTrips raw = raw_round_trips(rounds);
    values[0].push_back(median(through));
    values[1].push_back(percentile(through, 0.99));
    baselines[0].push_back(median(raw));
    baselines[1].push_back(percentile(raw, 0.99));
  }
  const std::uint64_t ticks_sent = settings.pairs * (rounds + 200);
  std::vector<Row> rows{
      paired_row(name + ", p50", "us", values[0], "raw busy-poll ping-pong", baselines[0]),
      paired_row(name + ", p99", "us", values[1], "raw busy-poll ping-pong", baselines[1])};
  for (Row& row : rows) {
    std::ostringstream work;
    work << std::fixed << std::setprecision(2) << "adds " << row.value - row.baseline
         << " us; accounts judged a tick: " << (engine.judged() - judged) / ticks_sent;
    row.work = work.str();
    row.sense = "at_most";
  }
  return rows;
}

}  // namespace

std::vector<Row> bench_wire(const Settings& settings) {
  const std::uint64_t accounts = settings.quick ? 1'000 : 100'000;
  const Book book = make_book(settings.config, 0, accounts + 1);
  const InstrumentId hot = InstrumentId::from_raw(0);
  const auto quiet =
      InstrumentId::from_raw(static_cast<std::uint32_t>(book.reference.instruments.size() - 1));
  std::vector<Row> rows;
  for (const InstrumentId tipping : {quiet, hot}) {
    EngineSide engine{book, tipping};
    for (std::uint64_t id = 1; id <= accounts; ++id) {
      // Three in ten hold the hot instrument, the others the next; nobody is near a threshold.
      const auto held = InstrumentId::from_raw(id % 10 < 3 ? 0U : 1U);
      engine.add_account(AccountId::from_raw(id), held, 1'000);
    }
    const bool alone = tipping == quiet;
    const std::size_t rounds = settings.quick ? 300 : (alone ? 4'000 : 300);
    const std::string name = "tick in, event out, " + std::to_string(accounts) + " accounts, " +
                             (alone ? "1 holder" : "30 % holders");
    for (Row& row : wire_rows(settings, name, engine, book, tipping, rounds)) {
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace plimsoll::bench
