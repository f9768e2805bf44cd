#include "engine/cli/replay_report.hpp"

#include <iomanip>
#include <ostream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "engine/value/decimal.hpp"

namespace plimsoll::cli {
namespace {

std::string hash_text(std::uint64_t hash) {
  std::ostringstream text;
  text << std::hex << std::setfill('0') << std::setw(16) << hash;
  return text.str();
}

std::string integer_text(Int128 value) {
  std::string digits;  // the last one first
  for (Int128 rest = value < 0 ? -value : value; rest > 0; rest /= 10) {
    digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  if (digits.empty()) digits.push_back('0');
  if (value < 0) digits.push_back('-');
  return {digits.rbegin(), digits.rend()};
}

std::string amount_text(Int128 amount, const reference::Asset& asset) {
  return format_wide_decimal(amount, asset.decimals);
}

/// Bad debt as exact decimal text: of the one asset, or by asset where there are several.
nlohmann::ordered_json bad_debt_json(const ReplayReport& report,
                                     const reference::Reference& reference) {
  const auto number = [&](std::size_t i) {
    return nlohmann::ordered_json::parse(amount_text(report.bad_debts[i], reference.assets[i]));
  };
  if (reference.assets.size() == 1) return number(0);
  nlohmann::ordered_json by_asset = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < reference.assets.size(); ++i) {
    by_asset[reference.assets[i].name] = number(i);
  }
  return by_asset;
}

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t value) {
  const std::string digits = std::to_string(value);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text.push_back(',');
    text.push_back(digits[i]);
  }
  return text;
}

class Page {
 public:
  explicit Page(std::ostream& out) : out_{out} {}
  void row(const std::string& name, const std::string& value) {
    out_ << "  " << std::left << std::setw(22) << name << value << "\n";
  }
  void row(const std::string& name, std::uint64_t value) { row(name, grouped(value)); }

 private:
  std::ostream& out_;
};

void print_lines(const ReplayReport& report, Page& page) {
  page.row("lines read", report.lines_read);
  page.row("lines used", report.lines_used);
  for (const auto& [reason, count] : report.lines_rejected) {
    page.row("  rejected", grouped(count) + "  " + reason);
  }
  for (const std::string& first : report.rejected_first) page.row("", first);
  if (report.stamps_went_back > 0) page.row("stamps that went back", report.stamps_went_back);
}

void print_events(const runtime::Tally& tally, Page& page) {
  page.row("margin calls", grouped(tally.events<MarginCallIssued>()) + "  (met " +
                               grouped(tally.events<MarginCallMet>()) + ", failed " +
                               grouped(tally.events<MarginCallFailed>()) + ", escalated " +
                               grouped(tally.events<MarginCallEscalated>()) + ")");
  page.row("liquidations", grouped(tally.events<LiquidationStarted>()) + "  (orders " +
                               grouped(tally.events<LiquidationOrderIssued>()) + ", fills " +
                               grouped(tally.events<LiquidationFillApplied>()) + ")");
  page.row("take-overs", grouped(tally.events<AccountTakenOver>()) + "  (bankrupt " +
                             grouped(tally.bankruptcies()) + ")");
  page.row("requests refused", grouped(tally.events<OrderRefused>()) + " orders, " +
                                   grouped(tally.events<WithdrawalRefused>()) + " withdrawals, " +
                                   grouped(tally.events<InputRefused>()) + " other inputs");
}

std::string conservation_text(const core::Audit& audit) {
  if (audit.conserved()) return "ok";
  return "broken: accounts " + integer_text(audit.accounts_gap) + ", house " +
         integer_text(audit.house_gap) + ", positions " + integer_text(audit.positions_gap);
}

}  // namespace

void print_json(const ReplayReport& report, const reference::Reference& reference,
                std::ostream& out) {
  nlohmann::ordered_json json;
  json["lines_read"] = report.lines_read;
  json["lines_used"] = report.lines_used;
  json["lines_rejected"] = nlohmann::ordered_json::object();
  for (const auto& [reason, count] : report.lines_rejected) json["lines_rejected"][reason] = count;
  json["ticks"] = report.tally.ticks();
  json["accounts"] = report.accounts;
  json["margin_calls"] = report.tally.events<MarginCallIssued>();
  json["liquidations"] = report.tally.events<LiquidationStarted>();
  json["bankruptcies"] = report.tally.bankruptcies();
  json["bad_debt"] = bad_debt_json(report, reference);
  json["events"] = report.tally.events_total();
  json["events_by_kind"] = nlohmann::ordered_json::object();
  for (std::size_t kind = 0; kind < report.tally.events_by_kind().size(); ++kind) {
    const std::uint64_t count = report.tally.events_by_kind()[kind];
    if (count == 0) continue;
    json["events_by_kind"][std::string{event_kind_name(static_cast<std::uint8_t>(kind))}] = count;
  }
  json["event_hash"] = hash_text(report.tally.event_hash());
  json["conservation"] = conservation_text(report.audit);
  json["accounts_judged"] = report.accounts_judged;
  json["inputs"] = report.tally.inputs_total();
  json["interrupted"] = report.interrupted;
  json["seconds"] = report.seconds;
  out << json.dump() << "\n";
}

void print_summary(const ReplayReport& report, const reference::Reference& reference,
                   std::ostream& out) {
  Page page{out};
  out << "replay" << (report.interrupted ? " (interrupted)" : "") << "\n";
  print_lines(report, page);
  if (report.inputs_given > 0) page.row("inputs of the file", report.inputs_given);
  page.row("ticks", report.tally.ticks());
  for (const std::string& source : report.mark_sources) page.row("  mark", source);
  page.row("accounts", report.accounts);
  page.row("accounts judged", report.accounts_judged);
  print_events(report.tally, page);
  for (std::size_t i = 0; i < reference.assets.size(); ++i) {
    const reference::Asset& asset = reference.assets[i];
    page.row("insurance fund", amount_text(report.insurance_funds[i], asset) + " " + asset.name);
    page.row("bad debt", amount_text(report.bad_debts[i], asset) + " " + asset.name);
  }
  page.row("events", report.tally.events_total());
  page.row("event hash", hash_text(report.tally.event_hash()));
  page.row("conservation", conservation_text(report.audit));
  std::ostringstream times;
  times << std::fixed << std::setprecision(3) << report.seconds << " s for "
        << report.market_seconds << " s of market, " << report.engine;
  page.row("time", times.str());
}

}  // namespace plimsoll::cli
