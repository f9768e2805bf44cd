// plimsoll-micro: one function at a time, with Google Benchmark. For looking closer at what
// plimsoll-bench shows; no number of the README comes from here.

#include <array>
#include <string>

#include <benchmark/benchmark.h>

#include "bench/book.hpp"
#include "engine/core/event_hash.hpp"
#include "engine/core/inline_fabric.hpp"
#include "engine/core/sequencer.hpp"
#include "engine/margin/valuation.hpp"
#include "engine/value/decimal.hpp"
#include "engine/wire/sbe.hpp"
#include "feeds/venue/translator.hpp"

namespace plimsoll::bench {
namespace {

constexpr const char* kConfig = "config/demo.toml";

/// A loaded engine whose ledger can be looked at.
struct Loaded {
  explicit Loaded(std::uint64_t accounts) : book{make_book(kConfig, accounts)} {
    for (const Input& input : book.inputs) sequencer.submit(input);
    sequencer.publish_all();
  }
  Book book;
  core::InlineFabric fabric{book.reference, 1, watch::Mode::bands};
  core::Sequencer<core::InlineFabric> sequencer{book.reference, fabric};
};

void revalue(benchmark::State& state) {
  const Loaded loaded{static_cast<std::uint64_t>(state.range(0))};
  const core::Shard& shard = loaded.fabric.shard(0);
  const margin::Valuer valuer{loaded.book.reference, shard.ledger(), shard.marks()};
  ledger::AccountIndex account = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(valuer.revalue(account));
    if (++account == shard.ledger().account_count()) account = 0;
  }
}
BENCHMARK(revalue)->Arg(1'000)->Arg(100'000);

void parse_book_ticker(benchmark::State& state) {
  const Book book = make_book(kConfig, 0);
  feeds::Translator translator{feeds::Venue::binance_usdm, book.reference};
  std::string line =
      R"({"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":5123107839020,"s":"BTCUSDT",)"
      R"("b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256313}})";
  const std::size_t size = line.size();
  line.resize(size + feeds::Translator::kPadding);
  for (auto _ : state) {
    benchmark::DoNotOptimize(translator.translate(std::string_view{line}.substr(0, size)));
  }
}
BENCHMARK(parse_book_ticker);

void parse_price(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_decimal("61800.20", kPriceDecimals));
}
BENCHMARK(parse_price);

void encode_event(benchmark::State& state) {
  Event event{};
  event.body = MarginCallIssued{};
  std::array<std::byte, wire::kEncodedSizeMax> out{};
  for (auto _ : state) {
    benchmark::DoNotOptimize(wire::encode(event, out));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(encode_event);

void hash_event(benchmark::State& state) {
  Event event{};
  event.body = MarginCallIssued{};
  core::EventHash hash;
  for (auto _ : state) hash.add(event);
  benchmark::DoNotOptimize(hash.value());
}
BENCHMARK(hash_event);

}  // namespace
}  // namespace plimsoll::bench

BENCHMARK_MAIN();
