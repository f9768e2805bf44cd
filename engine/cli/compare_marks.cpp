#include "engine/cli/compare_marks.hpp"

#include <algorithm>
#include <array>
#include <iomanip>
#include <ostream>
#include <set>
#include <sstream>

#include <nlohmann/json.hpp>

#include "engine/cli/exit_code.hpp"
#include "engine/cli/mark_population.hpp"
#include "engine/configuration/configuration.hpp"
#include "engine/core/audit.hpp"
#include "engine/core/inline_fabric.hpp"
#include "engine/core/sequencer.hpp"
#include "engine/value/decimal.hpp"
#include "feeds/replay/feed.hpp"

namespace plimsoll::cli {
namespace {

using reference::MarkMethod;

/// What is compared when none is named.
constexpr std::array<MarkMethod, 4> kCompared{MarkMethod::last_trade, MarkMethod::middle,
                                              MarkMethod::index_basis, MarkMethod::median};

/// What became of one side of an instrument.
struct SideResult {
  std::uint32_t accounts{0};
  std::uint32_t liquidated{0};
  Rate safest{};  // the most equity, of the notional, that was liquidated
};

/// A mark at its lowest or highest.
struct Extreme {
  Price price;
  EventTime time;
};

struct InstrumentResult {
  SideResult longs;
  SideResult shorts;
  Extreme lowest;
  Extreme highest;
  std::uint64_t freezes{0};
  bool frozen{false};
};

struct MethodResult {
  std::string name;
  std::vector<InstrumentResult> instruments;
  std::vector<Int128> bad_debts;  // by asset
  bool conserved{false};
  bool refused{false};  // an account of the population
};

std::string decimal(Int128 raw, int decimals) {
  return format_wide_decimal(raw, decimals);
}

/// Time of day, UTC, to the millisecond.
std::string clock_text(EventTime time) {
  constexpr std::int64_t kDay = 86'400'000;
  const std::int64_t ms = divide_floor<std::int64_t>(time.raw(), 1'000'000);
  const std::int64_t of_day = ms - divide_floor<std::int64_t>(ms, kDay) * kDay;
  std::ostringstream text;
  text << std::setfill('0') << std::setw(2) << of_day / 3'600'000 << ":" << std::setw(2)
       << of_day / 60'000 % 60 << ":" << std::setw(2) << of_day / 1'000 % 60 << "." << std::setw(3)
       << of_day % 1'000;
  return text.str();
}

/// One over the equity share, as "2.35x".
std::string leverage_text(Rate equity) {
  const std::int64_t hundredths = 100 * kRateOne / std::max<std::int64_t>(1, equity.raw());
  return decimal(hundredths, 2) + "x";
}

/// One run of the engine with all instruments marked in one way.
class Run {
 public:
  Run(const reference::Reference& reference, const std::vector<Member>& members)
      : reference_{reference},
        members_{members},
        fabric_{reference_, 1, watch::Mode::bands},
        sequencer_{reference_, fabric_} {
    result_.instruments.resize(reference.instruments.size());
    for (const Member& member : members) ++side_of(member).accounts;
  }

  void submit(const Input& input) {
    sequencer_.submit(input);
    sequencer_.publish_all();
    for (const Event& event : sequencer_.published()) observe(event);
    sequencer_.clear();
    for (std::uint32_t i = 0; i < result_.instruments.size(); ++i) note_mark(i, input.time);
  }

  [[nodiscard]] MethodResult finish(const std::string& name) {
    result_.name = name;
    for (std::uint32_t i = 0; i < reference_.assets.size(); ++i) {
      result_.bad_debts.push_back(sequencer_.house().fund(AssetId::from_raw(i)).bad_debt);
    }
    result_.conserved = core::audit(reference_, fabric_, sequencer_.house()).conserved();
    return std::move(result_);
  }

 private:
  SideResult& side_of(const Member& member) {
    InstrumentResult& result = result_.instruments[member.instrument.raw()];
    return member.is_long ? result.longs : result.shorts;
  }

  void observe(const Event& event) {
    if (const auto* trust = std::get_if<PriceTrustChanged>(&event.body)) {
      if (trust->instrument != kNoInstrument) note_trust(*trust);
    }
    if (event.header.account.raw() != 0 && std::holds_alternative<InputRefused>(event.body)) {
      result_.refused = true;
    }
    if (!std::holds_alternative<LiquidationStarted>(event.body)) return;
    const std::uint64_t account = event.header.account.raw();
    if (!started_.insert(account).second) return;
    const Member& member = members_[account - 1];
    SideResult& side = side_of(member);
    ++side.liquidated;
    side.safest = std::max(side.safest, member.equity);
  }

  void note_trust(const PriceTrustChanged& trust) {
    InstrumentResult& result = result_.instruments[trust.instrument.raw()];
    const bool frozen = trust.trust == Trust::frozen;
    result.freezes += frozen && !result.frozen ? 1U : 0U;
    result.frozen = frozen;
  }

  void note_mark(std::uint32_t i, EventTime time) {
    const Price mark = sequencer_.marks().of(InstrumentId::from_raw(i));
    if (mark.raw() == 0) return;
    InstrumentResult& result = result_.instruments[i];
    if (result.lowest.price.raw() == 0 || mark < result.lowest.price) result.lowest = {mark, time};
    if (mark > result.highest.price) result.highest = {mark, time};
  }

  const reference::Reference reference_;
  const std::vector<Member>& members_;
  core::InlineFabric fabric_;
  core::Sequencer<core::InlineFabric> sequencer_;
  std::set<std::uint64_t> started_;
  MethodResult result_;
};

class Comparison {
 public:
  Comparison(const CompareMarksOptions& options, std::ostream& out, std::ostream& err)
      : options_{options}, out_{out}, err_{err} {}

  int run() {
    if (const int code = prepare(); code != kOk) return code;
    std::vector<MethodResult> results;
    for (const MarkMethod method : methods_) {
      results.push_back(run_with(method));
      if (!results.back().refused) continue;
      return fail(
          kBadInput,
          options_.config + ": a position of 1000 lots at the first price is beyond its limits");
    }
    const bool whole = std::all_of(results.begin(), results.end(),
                                   [](const MethodResult& result) { return result.conserved; });
    if (options_.json) {
      print_json(results);
    } else {
      print_table(results);
    }
    return whole ? kOk : kBroken;
  }

 private:
  int fail(int code, const std::string& line) {
    err_ << "plimsoll: " << line << "\n";
    return code;
  }

  int prepare() {
    configuration::ConfigurationResult loaded = configuration::load_configuration(options_.config);
    for (const auto& error : loaded.errors) fail(kBadInput, configuration::to_string(error));
    if (!loaded.ok()) return kBadInput;
    reference_ = std::move(loaded.configuration->reference);
    if (const int code = choose_methods(); code != kOk) return code;
    if (const int code = read_captures(); code != kOk) return code;
    members_ = make_population(reference_, first_prices_, options_.steps, population_);
    if (members_.empty()) return fail(kBadInput, "no instrument has a price in the captures");
    if (members_.size() > reference_.limits.accounts) {
      return fail(kBadInput, "limits.accounts of " + options_.config + " is " +
                                 std::to_string(reference_.limits.accounts) + ", the population " +
                                 std::to_string(members_.size()));
    }
    return kOk;
  }

  int choose_methods() {
    if (options_.marks.empty()) methods_.assign(kCompared.begin(), kCompared.end());
    for (const std::string& name : options_.marks) {
      const auto& all = reference::kMarkMethods;
      const auto* found =
          std::find_if(all.begin(), all.end(), [&](MarkMethod m) { return to_string(m) == name; });
      if (found == all.end()) {
        return fail(kUsage, "--mark = \"" + name + "\": names no way to mark");
      }
      methods_.push_back(*found);
    }
    for (const MarkMethod method : methods_) {
      if (method != MarkMethod::index_basis && method != MarkMethod::median) continue;
      for (const reference::Instrument& instrument : reference_.instruments) {
        if (instrument.kind == reference::Kind::spot || instrument.mark.index != kNoIndex) continue;
        return fail(kBadInput, options_.config + ": " + instrument.symbol +
                                   " has no index, which --mark " + std::string{to_string(method)} +
                                   " needs");
      }
    }
    return kOk;
  }

  int read_captures() {
    feeds::Feed feed{options_.captures, reference_, options_.feed};
    first_prices_.resize(reference_.instruments.size());
    Input input;
    while (feed.next(input) == feeds::Step::ready) {
      inputs_.push_back(input);
      note_first(input.body);
    }
    if (feed.error()) return fail(kBadInput, feeds::to_string(*feed.error()));
    if (inputs_.empty()) return fail(kBadInput, "the captures give no input");
    return kOk;
  }

  void note_first(const InputBody& body) {
    const auto note = [this](InstrumentId id, Price price) {
      Price& first = first_prices_[id.raw()];
      if (first.raw() == 0) first = price;
    };
    if (const auto* trade = std::get_if<TradePrinted>(&body)) note(trade->instrument, trade->price);
    if (const auto* mark = std::get_if<MarkPublished>(&body)) note(mark->instrument, mark->mark);
  }

  MethodResult run_with(MarkMethod method) {
    reference::Reference reference = reference_;
    for (reference::Instrument& instrument : reference.instruments) {
      if (instrument.kind != reference::Kind::spot) instrument.mark.method = method;
    }
    Run run{reference, members_};
    const EventTime start = inputs_.front().time;
    for (const InputBody& body : population_) {
      run.submit({.sequence = {}, .time = start, .origin = {}, .body = body});
    }
    for (const Input& input : inputs_) run.submit(input);
    constexpr Duration kTail = Duration::from_raw(1'000'000'000);  // what is in flight then
    run.submit({.sequence = {},
                .time = inputs_.back().time + kTail,
                .origin = {},
                .body = TimeAdvanced{}});
    return run.finish(std::string{to_string(method)});
  }

  [[nodiscard]] std::string amount(Int128 raw, AssetId asset) const {
    const reference::Asset& of = reference_.assets[asset.raw()];
    return decimal(raw, of.decimals) + " " + of.name;
  }
  static std::string price(Price value) { return decimal(value.raw(), kPriceDecimals); }

  void print_table(const std::vector<MethodResult>& results) {
    for (std::uint32_t i = 0; i < reference_.instruments.size(); ++i) {
      if (first_prices_[i].raw() == 0) continue;
      out_ << reference_.instruments[i].symbol << ", entered at " << price(first_prices_[i]) << ", "
           << options_.steps << " longs and " << options_.steps << " shorts\n  " << std::left
           << std::setw(13) << "mark" << std::setw(26) << "lowest" << std::setw(26) << "highest"
           << std::setw(22) << "longs liquidated" << std::setw(22) << "shorts liquidated"
           << std::setw(9) << "freezes"
           << "bad debt\n";
      for (const MethodResult& result : results) print_row(result, i);
    }
  }

  void print_row(const MethodResult& result, std::uint32_t i) {
    const InstrumentResult& of = result.instruments[i];
    const auto extreme = [](const Extreme& at) {
      return at.price.raw() == 0 ? std::string{"-"} : price(at.price) + " " + clock_text(at.time);
    };
    const auto side = [](const SideResult& at) {
      std::string text = std::to_string(at.liquidated);
      if (at.liquidated > 0) text += ", from " + leverage_text(at.safest);
      return text;
    };
    const AssetId settle = reference_.instruments[i].settle;
    out_ << "  " << std::left << std::setw(13) << result.name << std::setw(26) << extreme(of.lowest)
         << std::setw(26) << extreme(of.highest) << std::setw(22) << side(of.longs) << std::setw(22)
         << side(of.shorts) << std::setw(9) << of.freezes
         << amount(result.bad_debts[settle.raw()], settle) << "\n";
  }

  void print_json(const std::vector<MethodResult>& results) {
    for (const MethodResult& result : results) {
      for (std::uint32_t i = 0; i < reference_.instruments.size(); ++i) {
        if (first_prices_[i].raw() == 0) continue;
        const InstrumentResult& of = result.instruments[i];
        const AssetId settle = reference_.instruments[i].settle;
        nlohmann::ordered_json json;
        json["mark"] = result.name;
        json["instrument"] = reference_.instruments[i].symbol;
        json["entry"] = price(first_prices_[i]);
        json["lowest"] = price(of.lowest.price);
        json["lowest_at_ns"] = of.lowest.time.raw();
        json["highest"] = price(of.highest.price);
        json["highest_at_ns"] = of.highest.time.raw();
        json["longs"] = of.longs.accounts;
        json["longs_liquidated"] = of.longs.liquidated;
        json["shorts"] = of.shorts.accounts;
        json["shorts_liquidated"] = of.shorts.liquidated;
        json["freezes"] = of.freezes;
        json["bad_debt"] = amount(result.bad_debts[settle.raw()], settle);
        out_ << json.dump() << "\n";
      }
    }
  }

  const CompareMarksOptions& options_;
  std::ostream& out_;
  std::ostream& err_;
  reference::Reference reference_;
  std::vector<MarkMethod> methods_;
  std::vector<Input> inputs_;
  std::vector<Price> first_prices_;
  std::vector<InputBody> population_;
  std::vector<Member> members_;
};

}  // namespace

int run_compare_marks(const CompareMarksOptions& options, std::ostream& out, std::ostream& err) {
  return Comparison{options, out, err}.run();
}

}  // namespace plimsoll::cli
