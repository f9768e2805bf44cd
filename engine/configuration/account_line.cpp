#include "engine/configuration/account_line.hpp"

#include <algorithm>
#include <charconv>

#include "engine/configuration/error.hpp"

namespace plimsoll::configuration {
namespace {

/// An asset as it stands in a path: in quotes when it cannot be one.
std::string name_of(std::string_view asset) {
  constexpr std::size_t kNameMax = 32;
  const bool plain = !asset.empty() && asset.size() <= kNameMax &&
                     std::all_of(asset.begin(), asset.end(),
                                 [](char c) { return c > ' ' && c <= '~' && c != '"'; });
  return plain ? std::string{asset} : quote(asset);
}

}  // namespace

void AccountLine::clear() {
  account = parent = 0;
  owner.reset();
  mode.reset();
  position_mode.reset();
  balance.reset();
  auto_top_up = false;
  balances.clear();
  positions.clear();
  orders.clear();
}

std::string LineFault::path(const AccountLine& line) const {
  if (key.empty()) return {};
  std::string path;
  if (part == LinePart::balances) {
    return path.append("balances.").append(name_of(line.balances[index].asset));
  }
  if (part != LinePart::account) {
    path.append(part == LinePart::positions ? "positions[" : "orders[");
    path.append(std::to_string(index)).append("].");
  }
  return path.append(key);
}

bool parse_number(std::string_view text, std::uint64_t& into) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return false;
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, into);
  return code == std::errc{} && stop == end;
}

}  // namespace plimsoll::configuration
