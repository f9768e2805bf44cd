#include <algorithm>
#include <limits>

#include "engine/configuration/account_book.hpp"
#include "engine/configuration/portfolio_sections.hpp"

namespace plimsoll::configuration {
namespace {

constexpr std::int64_t kNumberMax = std::numeric_limits<std::int64_t>::max();

/// A required text; "" when there is none.
std::string_view read_text(Section& section, std::string_view key) {
  std::optional<std::string_view> text;
  section.read(key, Need::required, text);
  return text.value_or("");
}

void read_balances(Section section, std::vector<BalanceLine>& balances) {
  for (const std::string_view key : section.keys()) {
    balances.push_back({key, read_text(section, key)});
  }
}

void read_positions(Section& account, std::vector<PositionLine>& positions) {
  for (Section& section : account.sections("positions", Need::optional)) {
    PositionLine& line = positions.emplace_back();
    line.instrument = read_text(section, "instrument");
    line.quantity = read_text(section, "quantity");
    line.entry_price = read_text(section, "entry_price");
    section.read("side", Need::optional, line.side);
    section.read("leverage", Need::optional, line.leverage);
    section.refuse_unknown();
  }
}

void read_orders(Section& account, std::vector<OrderLine>& orders) {
  for (Section& section : account.sections("orders", Need::optional)) {
    OrderLine& line = orders.emplace_back();
    line.order = orders.size();
    section.read_count("order", Need::optional, 1, kNumberMax, line.order);
    line.instrument = read_text(section, "instrument");
    line.quantity = read_text(section, "quantity");
    line.limit = read_text(section, "limit");
    section.read("side", Need::optional, line.side);
    section.read("reduce_only", Need::optional, line.reduce_only);
    section.refuse_unknown();
  }
}

AccountLine read_account(Section& section) {
  AccountLine line;
  line.account = 1;
  section.read_count("id", Need::optional, 1, kNumberMax, line.account);
  line.owner = line.account;
  section.read_count("owner", Need::optional, 0, kNumberMax, *line.owner);
  section.read_count("parent", Need::optional, 0, kNumberMax, line.parent);
  line.profile = read_text(section, "profile");
  line.asset = read_text(section, "asset");
  section.read("mode", Need::optional, line.mode);
  section.read("position_mode", Need::optional, line.position_mode);
  read_balances(section.section("balances", Need::optional), line.balances);
  read_positions(section, line.positions);
  read_orders(section, line.orders);
  section.refuse_unknown();
  return line;
}

void refuse_fault(Section& section, const AccountLine& line, const LineFault& fault) {
  const bool is_number = fault.part == LinePart::account && fault.key == "account";
  section.refuse_at(is_number ? "id" : fault.path(line), fault.value, fault.reason);
}

}  // namespace

void read_portfolio_accounts(Section& root, bool usable, AccountsPlace place,
                             Portfolio& portfolio) {
  if (place == AccountsPlace::book && root.has("account")) {
    root.refuse("account", "may not stand here when the accounts are a book");
    return;
  }
  const Need need = place == AccountsPlace::here ? Need::required : Need::optional;
  std::vector<Section> sections = root.sections("account", need);
  std::vector<AccountLine> lines;
  reference::Limits limits{std::max<std::size_t>(1, sections.size()), 1};
  for (Section& section : sections) {
    lines.push_back(read_account(section));
    limits.positions += lines.back().positions.size() + lines.back().orders.size();
  }
  portfolio.reference.limits = limits;
  if (!usable) return;
  AccountBook book{portfolio.reference};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!root.report().sure(sections[i].path())) {
      if (root.report().clean(sections[i].path() + ".id")) book.note(lines[i]);
      continue;
    }
    PortfolioAccount account{AccountId::from_raw(lines[i].account), {}};
    LineFault fault;
    const auto add = [&account](const InputBody& input) { account.inputs.push_back(input); };
    if (!book.take(lines[i], add, fault)) refuse_fault(sections[i], lines[i], fault);
    portfolio.accounts.push_back(std::move(account));
  }
}

}  // namespace plimsoll::configuration
