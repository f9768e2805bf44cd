// Bytes to tick: a message of a venue to its inputs, checked to its last byte, prices and times
// read and the symbol found, against simdjson reading the same fields as texts.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>

#include "bench/benches.hpp"
#include "bench/feeds_bare.hpp"
#include "bench/feeds_messages.hpp"
#include "feeds/venue/translator.hpp"

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kGoal = 1.25;
constexpr std::size_t kTurns = 20;

reference::Reference reference_of(const std::vector<std::string>& symbols) {
  reference::Reference reference;
  for (const std::string& symbol : symbols) {
    reference::Instrument& instrument = reference.instruments.emplace_back();
    instrument.symbol = symbol;
    instrument.price_max = Price::from_raw(1'000'000'000'000'000);
  }
  return reference;
}

[[noreturn]] void give_up(const std::string& name) {
  std::cerr << "plimsoll-bench: " << name << ": a message was not read\n";
  std::exit(3);
}

/// Nanoseconds a message of `rounds` times all messages. `read(i)` is not 0 for a message that was
/// read.
template <class Read>
double time_ns(const VenueMessages& messages, std::size_t rounds, Read read) {
  std::uint64_t unread = 0;
  const Clock::time_point start = Clock::now();
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < messages.texts.size(); ++i) unread += read(i) == 0 ? 1U : 0U;
  }
  const double ns = std::chrono::duration<double, std::nano>(Clock::now() - start).count();
  if (unread != 0) give_up(messages.name);
  return ns / static_cast<double>(rounds * messages.texts.size());
}

Row feeds_row(const Settings& settings, const VenueMessages& messages) {
  feeds::Translator translator{messages.venue, reference_of(messages.symbols)};
  BareReader bare;
  const BareReader::Read bare_read = BareReader::find(messages.name);
  if (bare_read == nullptr) give_up(messages.name);
  std::uint64_t inputs = 0;
  const auto translate = [&](std::size_t i) {
    const std::size_t made = translator.translate(messages.text(i)).inputs.size();
    inputs += made;
    return made;
  };
  const auto read = [&](std::size_t i) {
    return (bare.*bare_read)(messages.text(i), messages.padding);
  };
  // Short turns, many of them: a turn that something else on the machine falls into is one of many.
  const std::size_t rounds = 4;
  const std::size_t pairs = settings.quick ? settings.pairs : settings.pairs * kTurns;
  std::vector<double> values;
  std::vector<double> baselines;
  (void)time_ns(messages, rounds, translate);
  (void)time_ns(messages, rounds, read);
  for (std::size_t i = 0; i < pairs; ++i) {
    values.push_back(time_ns(messages, rounds, translate));
    baselines.push_back(time_ns(messages, rounds, read));
  }
  Row row = paired_row("bytes to tick, " + messages.name, "ns", values, "bare simdjson", baselines);
  row.sense = "at_most";
  row.goal = kGoal;
  const std::size_t messages_read = (pairs + 1) * rounds * messages.texts.size();
  row.work = "inputs a message: " + std::to_string(inputs / messages_read) +
             ", bytes: " + std::to_string(messages.text(0).size());
  return row;
}

}  // namespace

std::vector<Row> bench_feeds(const Settings& settings) {
  std::vector<Row> rows;
  for (const VenueMessages& messages : make_messages(500)) {
    rows.push_back(feeds_row(settings, messages));
  }
  return rows;
}

}  // namespace plimsoll::bench
