#pragma once

#include <array>

#include "feeds/venue/venue_parser.hpp"

namespace plimsoll::feeds::tardis {

/// What the rows of a CSV file of Tardis are.
enum class Table : std::uint8_t {
  unknown,
  trades,
  liquidations,
  quotes,  // also book_ticker and book_snapshot_N: the best of the book
  derivative_ticker,
  options_chain,
};

/// Rows of Tardis CSV. What a table is, its header says; liquidations have that of trades and are
/// told by the name of their file.
class CsvParser final : public VenueParser {
 public:
  static constexpr std::size_t kColumnsMax = 128;

  CsvParser(MarketTable& markets, std::string_view header, std::string_view path);
  [[nodiscard]] Outcome read(std::string_view row, Updates& updates) override;

 private:
  enum Column : std::uint8_t { symbol, time, side, price, bid, ask, mark, index, kColumns };
  void place(std::string_view name, std::uint8_t position);

  MarketTable& markets_;
  Table table_{Table::unknown};
  std::array<std::uint8_t, kColumnsMax> column_at_{};  // a Column + 1, by position; 0: not needed
  std::size_t positions_{0};                           // columns of the header
};

}  // namespace plimsoll::feeds::tardis
