#pragma once

#include "engine/value/types.hpp"

namespace plimsoll {

/// Accounts from `first` to `last`, both in it. Neither is 0; first <= last.
struct AccountRange {
  AccountId first;
  AccountId last;
  friend constexpr bool operator==(const AccountRange&, const AccountRange&) = default;
};

}  // namespace plimsoll
