#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "engine/reference/reference.hpp"

// What the parts of finish() share. Private to this folder.

namespace plimsoll::reference {

/// Collects broken rules under the path of what is being looked at.
class Check {
 public:
  explicit Check(std::vector<Violation>& violations) : violations_{violations} {}
  void require(bool holds, const std::string& path, const char* message) {
    if (!holds) violations_.push_back({path, message});
  }

 private:
  std::vector<Violation>& violations_;
};

/// "asset[1]".
[[nodiscard]] inline std::string element(const char* list, std::size_t index) {
  return std::string{list} + "[" + std::to_string(index) + "]";
}

[[nodiscard]] inline bool is_rate(Rate rate) noexcept {
  return rate.raw() >= 0 && rate.raw() <= kRateOne;
}

/// No two of a list may have the same name, the member `field`.
template <class T, class Name>
void check_unique(const std::vector<T>& list, const char* path, const char* field, Name name,
                  Check& check) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const bool again = std::any_of(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const T& other) { return name(other) == name(list[i]); });
    check.require(!again, element(path, i) + "." + field, "appears twice");
  }
}

/// Guards, indices and their sources, the marks of instruments, the breaker. Fills in
/// Index::sources.
void finish_price_rules(Reference& reference, Check& check);

}  // namespace plimsoll::reference
