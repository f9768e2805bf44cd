#include "feeds/venue/tardis/csv_parser.hpp"

#include "feeds/venue/tick.hpp"

namespace plimsoll::feeds::tardis {
namespace {

/// Calls on_cell(text, position) for every cell of a row. No table of Tardis quotes a cell.
template <class OnCell>
std::size_t for_each_cell(std::string_view row, OnCell&& on_cell) {
  std::size_t position = 0;
  for (;;) {
    const std::size_t comma = row.find(',');
    on_cell(row.substr(0, comma), position++);
    if (comma == std::string_view::npos) return position;
    row.remove_prefix(comma + 1);
  }
}

bool has_column(std::string_view header, std::string_view name) {
  bool found = false;
  for_each_cell(header, [&](std::string_view cell, std::size_t) { found = found || cell == name; });
  return found;
}

Table table_of(std::string_view header, std::string_view path) {
  const auto has = [&](std::string_view name) { return has_column(header, name); };
  if (has("strike_price")) return Table::options_chain;
  if (has("mark_price")) return Table::derivative_ticker;
  if (has("bid_price") && has("ask_price")) return Table::quotes;
  if (has("bids[0].price") && has("asks[0].price")) return Table::quotes;
  if (!has("id") || !has("side") || !has("price")) return Table::unknown;
  const std::string_view file = path.substr(path.rfind('/') + 1);
  const bool liquidations = file.find("liquidations") != std::string_view::npos;
  return liquidations ? Table::liquidations : Table::trades;
}

/// Microseconds; some recorders write nanoseconds, which have three digits more.
Reject read_time(std::string_view text, EventTime& time) {
  constexpr std::size_t kNanosecondDigits = 19;
  if (text.size() != kNanosecondDigits) {
    return text.empty() ? Reject::missing_field : read_count(text, TimeUnit::microseconds, time);
  }
  time = EventTime::from_raw(static_cast<std::int64_t>(read_number(text).raw()));
  return time.raw() > 0 ? Reject::none : Reject::bad_time;
}

}  // namespace

CsvParser::CsvParser(MarketTable& markets, std::string_view header, std::string_view path)
    : markets_{markets}, table_{table_of(header, path)} {
  positions_ = for_each_cell(header, [&](std::string_view name, std::size_t position) {
    if (position < kColumnsMax) place(name, static_cast<std::uint8_t>(position));
  });
}

void CsvParser::place(std::string_view name, std::uint8_t position) {
  struct Named {
    std::string_view name;
    Column column;
  };
  constexpr std::array kNames{
      Named{"symbol", symbol},     Named{"timestamp", time},    Named{"side", side},
      Named{"price", price},       Named{"bid_price", bid},     Named{"ask_price", ask},
      Named{"bids[0].price", bid}, Named{"asks[0].price", ask}, Named{"mark_price", mark},
      Named{"index_price", index},
  };
  for (const Named& one : kNames) {
    if (one.name == name) column_at_[position] = static_cast<std::uint8_t>(one.column + 1);
  }
}

Outcome CsvParser::read(std::string_view row, Updates& updates) {
  if (table_ == Table::options_chain) return {Reject::options_later, {}};
  if (table_ == Table::liquidations) return {Reject::liquidations, {}};
  if (table_ == Table::unknown) return {Reject::unknown_message, "table"};
  std::array<std::string_view, kColumns> texts;
  const std::size_t cells = for_each_cell(row, [&](std::string_view cell, std::size_t position) {
    const std::size_t column = position < kColumnsMax ? column_at_[position] : 0U;
    if (column != 0) texts[column - 1] = cell;
  });
  if (cells != positions_) return {Reject::missing_field, {}};
  TickTexts tick;
  tick.symbol = texts[symbol];
  tick.bid = texts[bid];
  tick.ask = texts[ask];
  tick.mark = texts[mark];
  tick.index = texts[index];
  if (table_ == Table::trades) tick.trade = texts[price];
  EventTime venue_time;
  Reject reject = read_time(texts[time], venue_time);
  if (reject == Reject::none) reject = add_tick(tick, venue_time, markets_, updates);
  if (reject != Reject::none) return {reject, {}};
  if (texts[side] == "buy") updates.list.back().initiator = Initiator::buyer;
  if (texts[side] == "sell") updates.list.back().initiator = Initiator::seller;
  return {};
}

}  // namespace plimsoll::feeds::tardis
