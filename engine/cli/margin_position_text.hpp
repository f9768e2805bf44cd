#pragma once

#include <iosfwd>
#include <string>

#include "engine/cli/margin_numbers.hpp"
#include "engine/cli/margin_report.hpp"

namespace plimsoll::cli {

/// Rows of a name, a value, and what it is made of.
class Page {
 public:
  explicit Page(std::ostream& out) : out_{out} {}
  void blank();
  void line(const std::string& text);
  void heading(const std::string& text);
  void row(const std::string& name, const std::string& value, const std::string& formula);

 private:
  std::ostream& out_;
};

/// "below 51000.5, above none_in_range".
[[nodiscard]] std::string prices_text(const margin::LiquidationPrices& prices);

/// Writes what one position is worth, what it requires and where it ends.
void write_position(const PositionReport& position, const Numbers& numbers,
                    const reference::Profile& profile, Page& page);

}  // namespace plimsoll::cli
