#include "engine/gateway/credentials.hpp"

#include <cstddef>

namespace plimsoll::gateway {
namespace {

constexpr std::size_t kTextMax = 10;  // the longest field of a log-on

unsigned lower_at(std::string_view text, std::size_t index) noexcept {
  if (index >= text.size()) return 0;
  const auto c = static_cast<unsigned char>(text[index]);
  return c >= 'A' && c <= 'Z' ? c + 32U : c;
}

/// The bits in which two texts differ, looking at every character of a field.
unsigned difference(std::string_view a, std::string_view b) noexcept {
  unsigned bits = static_cast<unsigned>(a.size() ^ b.size());
  for (std::size_t i = 0; i < kTextMax; ++i) bits |= lower_at(a, i) ^ lower_at(b, i);
  return bits;
}

}  // namespace

Admission admit(const std::vector<User>& users, std::string_view name,
                std::string_view password) noexcept {
  Admission admission{users.empty(), nullptr};
  for (const User& user : users) {
    const unsigned bits = difference(user.name, name) | difference(user.password, password);
    if (bits == 0) admission = {true, &user};
  }
  return admission;
}

bool same_user_name(std::string_view a, std::string_view b) noexcept {
  return difference(a, b) == 0;
}

}  // namespace plimsoll::gateway
