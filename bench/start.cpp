// How long an engine takes to start with a packed book: read, checked, opened, and at its first
// prices judged, certified and put among the bands.

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <sstream>

#include <unistd.h>

#include "bench/bands_book.hpp"
#include "bench/benches.hpp"
#include "bench/book.hpp"
#include "engine/core/inline_fabric.hpp"
#include "engine/log/packed_book.hpp"
#include "engine/runtime/engine.hpp"
#include "engine/runtime/sharded_fabric.hpp"

namespace plimsoll::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct NoOutlet {
  void opened(const Openings& /*openings*/) {}
  void sequenced(const Input& /*input*/) {}
  void published(const Event& /*event*/) {}
};

/// Seconds of each stage.
struct Stages {
  double read{0};
  double open{0};
  double judge{0};
  [[nodiscard]] double all() const noexcept { return read + open + judge; }
};

/// A file that is gone with it.
class PackedFile {
 public:
  PackedFile(const reference::Reference& reference, std::size_t accounts)
      : path_{(std::filesystem::temp_directory_path() /
               ("plimsoll-bench-" + std::to_string(::getpid()) + ".packed"))
                  .string()} {
    log::BookPacker packer;
    for (std::uint64_t i = 0; i < accounts; ++i) {
      const PackedBandAccount packed = packed_account(i, band_account(i));
      Openings{{&packed.account, 1}, packed.lines}.for_each_input(
          [&](const InputBody& body) { packer.add(body); });
    }
    if (const std::string error = packer.write(path_, reference::hash_of(reference));
        !error.empty()) {
      std::cerr << "plimsoll-bench: " << error << "\n";
      std::exit(4);
    }
  }
  PackedFile(const PackedFile&) = delete;
  PackedFile& operator=(const PackedFile&) = delete;
  ~PackedFile() { std::remove(path_.c_str()); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

template <class Engine>
void give_prices(Engine& engine, const reference::Reference& reference) {
  for (std::uint32_t i = 0; i < kContracts; ++i) {
    engine.submit(quote_at(reference, InstrumentId::from_raw(i), Price::from_raw(first_price(i)),
                           EventTime::from_raw(2)));
  }
  engine.drain();
}

template <class Fabric>
Stages start_packed(const reference::Reference& reference, Fabric& fabric,
                    const std::string& path) {
  NoOutlet outlet;
  runtime::Engine<Fabric, NoOutlet> engine{reference, fabric, outlet};
  Stages stages;
  Clock::time_point start = Clock::now();
  const log::PackedBook book{path};
  stages.read = seconds_since(start);
  if (!book.error().empty()) {
    std::cerr << "plimsoll-bench: " << book.error() << "\n";
    std::exit(3);
  }
  start = Clock::now();
  if (engine.open(book.openings(), EventTime::from_raw(1))) std::exit(3);
  stages.open = seconds_since(start);
  start = Clock::now();
  give_prices(engine, reference);
  stages.judge = seconds_since(start);
  if (engine.sequencer().registry().size() != book.openings().accounts.size()) std::exit(3);
  return stages;
}

/// The same by an input for everything.
double start_by_inputs(const reference::Reference& reference, const std::string& path) {
  core::InlineFabric fabric{reference, 1, watch::Mode::bands};
  NoOutlet outlet;
  runtime::Engine<core::InlineFabric, NoOutlet> engine{reference, fabric, outlet};
  const log::PackedBook book{path};
  const Clock::time_point start = Clock::now();
  book.openings().for_each_input([&](const InputBody& body) {
    engine.submit({.sequence = {}, .time = EventTime::from_raw(1), .origin = {}, .body = body});
  });
  give_prices(engine, reference);
  return seconds_since(start);
}

template <class MakeFabric>
Row start_row(const std::string& name, const Settings& settings, std::size_t accounts,
              const reference::Reference& reference, const std::string& path,
              MakeFabric&& make_fabric) {
  std::vector<double> values;
  std::vector<double> reads;
  std::vector<double> opens;
  std::vector<double> judges;
  for (std::size_t i = 0; i < settings.pairs; ++i) {
    const auto fabric = make_fabric();
    const Stages stages = start_packed(reference, *fabric, path);
    values.push_back(stages.all());
    reads.push_back(stages.read);
    opens.push_back(stages.open);
    judges.push_back(stages.judge);
  }
  Row row =
      paired_row("start, " + std::to_string(accounts) + " accounts, " + name, "s", {median(values)},
                 "by an input for everything", {start_by_inputs(reference, path)});
  row.ratio_min = *std::min_element(values.begin(), values.end()) / row.baseline;
  row.ratio_max = *std::max_element(values.begin(), values.end()) / row.baseline;
  row.pairs = settings.pairs;
  std::ostringstream text;
  text.precision(3);
  text << "read and checked " << median(reads) << ", opened " << median(opens)
       << ", judged, certified and indexed at their first prices " << median(judges) << "; least "
       << *std::min_element(values.begin(), values.end()) << ", most "
       << *std::max_element(values.begin(), values.end());
  row.work = text.str();
  row.sense = "at_most";
  return row;
}

}  // namespace

std::vector<Row> bench_start(const Settings& settings) {
  const std::size_t accounts = settings.accounts != 0 ? settings.accounts
                               : settings.quick       ? 5'000
                                                      : 1'000'000;
  const reference::Reference reference = band_reference(accounts);
  const PackedFile file{reference, accounts};
  const auto row = [&](const std::string& name, auto&& make_fabric) {
    return start_row(name, settings, accounts, reference, file.path(), make_fabric);
  };
  return {row("one thread",
              [&] {
                return std::make_unique<core::InlineFabric>(reference, core::ShardIndex{1},
                                                            watch::Mode::bands);
              }),
          row("two shards", [&] {
            return std::make_unique<runtime::ShardedFabric>(reference, core::ShardIndex{2},
                                                            watch::Mode::bands);
          })};
}

}  // namespace plimsoll::bench
