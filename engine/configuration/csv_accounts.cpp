#include "engine/configuration/csv_accounts.hpp"

#include "engine/configuration/csv_rows.hpp"

namespace plimsoll::configuration {
namespace {

constexpr std::array<std::string_view, 8> kAccountColumns{
    "account", "profile", "asset", "owner", "parent", "mode", "position_mode", "auto_top_up"};
constexpr std::array<std::string_view, 3> kBalanceColumns{"account", "asset", "amount"};
constexpr std::array<std::string_view, 6> kPositionColumns{"account",     "instrument", "quantity",
                                                           "entry_price", "side",       "leverage"};
constexpr std::array<std::string_view, 7> kOrderColumns{
    "account", "order", "instrument", "quantity", "limit", "side", "reduce_only"};

std::optional<std::string_view> optional(std::string_view field) {
  return field.empty() ? std::nullopt : std::optional{field};
}

bool read_boolean(std::string_view text, const FieldPlace& place, bool& into, LineFault& fault) {
  into = text == "true";
  if (into || text.empty() || text == "false") return true;
  return refuse(fault, place, quote(text), "must be true or false");
}

/// Is none of the fields empty that must not be?
bool check_given(LinePart part, std::size_t index, CsvColumns columns,
                 std::initializer_list<std::string_view> fields, LineFault& fault) {
  std::size_t column = 1;  // after the account
  for (const std::string_view field : fields) {
    if (field.empty()) return refuse_missing(fault, {columns[column].data(), part, index});
    ++column;
  }
  return true;
}

class CsvBook {
 public:
  CsvBook(const std::string& folder, const reference::Reference& reference)
      : accounts_path_{csv_file(folder, "accounts.csv")},
        balances_{folder, "balances.csv", kBalanceColumns, kBalanceColumns.size()},
        positions_{folder, "positions.csv", kPositionColumns, 1 + kPositionKeysRequired},
        orders_{folder, "orders.csv", kOrderColumns, 1 + kOrderKeysRequired},
        book_{reference} {}

  AccountsResult read(const InputSink& sink, std::size_t errors_max) {
    AccountsResult result;
    positions_.load(result.errors, errors_max);
    positions_known_ = result.errors.empty();
    balances_.load(result.errors, errors_max);
    orders_.load(result.errors, errors_max);
    if (read_accounts(sink, errors_max, result.errors)) {
      for (const CsvRows* rows : {&balances_, &positions_, &orders_}) {
        rows->report_unused(result.errors, errors_max);
      }
    }
    result.counts = book_.counts();
    return result;
  }

 private:
  /// False when the file was not read to its end.
  bool read_accounts(const InputSink& sink, std::size_t errors_max, std::vector<Error>& errors) {
    CsvTable table{accounts_path_, kAccountColumns, kAccountKeysRequired};
    while (errors.size() < errors_max) {
      const CsvTable::Step step = table.next();
      if (step == CsvTable::Step::end) return true;
      LineFault fault;
      if (step != CsvTable::Step::row) {
        errors.push_back(table.error());
        if (step == CsvTable::Step::failed) return false;
      } else if (!take_row(table, sink, fault)) {
        // Orders may seem wrong only because a position is not known.
        if (fault.part == LinePart::orders && !positions_known_) continue;
        errors.push_back(error_of(fault, table.line()));
      }
    }
    return false;
  }

  bool take_row(const CsvTable& table, const InputSink& sink, LineFault& fault) {
    if (read_row(table, fault)) return book_.take(line_, sink, fault);
    book_.note(line_);
    return false;
  }

  bool read_row(const CsvTable& table, LineFault& fault) {
    line_.clear();
    if (!read_csv_number(table.field(0), {"account"}, line_.account, fault)) return false;
    position_rows_ = positions_.of(line_.account);
    balance_rows_ = balances_.of(line_.account);
    order_rows_ = orders_.of(line_.account);
    line_.profile = table.field(1);
    line_.asset = table.field(2);
    if (line_.profile.empty()) return refuse_missing(fault, {"profile"});
    if (line_.asset.empty()) return refuse_missing(fault, {"asset"});
    if (!table.field(3).empty() &&
        !read_csv_number(table.field(3), {"owner"}, line_.owner.emplace(), fault)) {
      return false;
    }
    if (!table.field(4).empty() &&
        !read_csv_number(table.field(4), {"parent"}, line_.parent, fault)) {
      return false;
    }
    line_.mode = optional(table.field(5));
    line_.position_mode = optional(table.field(6));
    return read_boolean(table.field(7), {"auto_top_up"}, line_.auto_top_up, fault) &&
           add_balances(fault) && add_positions(fault) && add_orders(fault);
  }

  bool add_balances(LineFault& fault) {
    for (const CsvRows::Row& row : balance_rows_) {
      const BalanceLine line{balances_.field(row, 1), balances_.field(row, 2)};
      line_.balances.push_back(line);
      if (!check_given(LinePart::balances, line_.balances.size() - 1, kBalanceColumns,
                       {line.asset, line.amount}, fault)) {
        return false;
      }
    }
    return true;
  }

  bool add_positions(LineFault& fault) {
    for (const CsvRows::Row& row : position_rows_) {
      const PositionLine line{positions_.field(row, 1), positions_.field(row, 2),
                              positions_.field(row, 3), optional(positions_.field(row, 4)),
                              optional(positions_.field(row, 5))};
      if (!check_given(LinePart::positions, line_.positions.size(), kPositionColumns,
                       {line.instrument, line.quantity, line.entry_price}, fault)) {
        return false;
      }
      line_.positions.push_back(line);
    }
    return true;
  }

  bool add_orders(LineFault& fault) {
    for (const CsvRows::Row& row : order_rows_) {
      const std::size_t index = line_.orders.size();
      OrderLine line{0,
                     orders_.field(row, 2),
                     orders_.field(row, 3),
                     orders_.field(row, 4),
                     optional(orders_.field(row, 5)),
                     false};
      if (!check_given(LinePart::orders, index, kOrderColumns,
                       {orders_.field(row, 1), line.instrument, line.quantity, line.limit},
                       fault) ||
          !read_csv_number(orders_.field(row, 1), {"order", LinePart::orders, index}, line.order,
                           fault) ||
          !read_boolean(orders_.field(row, 6), {"reduce_only", LinePart::orders, index},
                        line.reduce_only, fault)) {
        return false;
      }
      line_.orders.push_back(line);
    }
    return true;
  }

  /// The place of a fault is that of the row it is about.
  [[nodiscard]] Error error_of(const LineFault& fault, std::size_t account_line) const {
    const auto in_rows = [&](const CsvRows& rows, std::span<const CsvRows::Row> range) {
      return Error{rows.path(), range[fault.index].line, 0, fault.key, fault.value, fault.reason};
    };
    switch (fault.part) {
      case LinePart::balances:
        return in_rows(balances_, balance_rows_);
      case LinePart::positions:
        return in_rows(positions_, position_rows_);
      case LinePart::orders:
        return in_rows(orders_, order_rows_);
      default:
        return {accounts_path_, account_line, 0, fault.key, fault.value, fault.reason};
    }
  }

  std::string accounts_path_;
  CsvRows balances_;
  CsvRows positions_;
  CsvRows orders_;
  bool positions_known_{false};
  AccountBook book_;
  AccountLine line_;
  std::span<const CsvRows::Row> balance_rows_;  // of the account that is being read
  std::span<const CsvRows::Row> position_rows_;
  std::span<const CsvRows::Row> order_rows_;
};

/// The records of a file without its header, or nothing when it cannot be read.
std::optional<std::size_t> count_records(const std::string& path) {
  std::size_t count = 0;
  CsvReader reader{path};
  std::vector<std::string_view> fields;
  for (;;) {
    const CsvReader::Step step = reader.next(fields);
    if (step == CsvReader::Step::failed) return std::nullopt;
    if (step == CsvReader::Step::end) return count == 0 ? 0 : count - 1;
    ++count;
  }
}

}  // namespace

AccountsResult read_csv_accounts(const std::string& folder, const reference::Reference& reference,
                                 const InputSink& sink, std::size_t errors_max) {
  return CsvBook{folder, reference}.read(sink, errors_max);
}

std::optional<AccountCounts> count_csv_accounts(const std::string& folder) {
  const std::optional<std::size_t> accounts = count_records(csv_file(folder, "accounts.csv"));
  if (!accounts) return std::nullopt;
  AccountCounts counts{*accounts, 0};
  for (const char* name : {"positions.csv", "orders.csv"}) {
    const std::string path = csv_file(folder, name);
    if (!file_exists(path)) continue;
    const std::optional<std::size_t> lines = count_records(path);
    if (!lines) return std::nullopt;
    counts.positions += *lines;
  }
  return counts;
}

}  // namespace plimsoll::configuration
