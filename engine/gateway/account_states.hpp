#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/flat_map.hpp"
#include "engine/message/event.hpp"
#include "engine/wire/account_state.hpp"

namespace plimsoll::gateway {

/// The state of every account, as the events published so far have it (wire::fold): a row for each
/// account in the order of their first events. Rows never move and never go, so a place in them is
/// a number. Its memory is taken at the start and bounds it.
///
/// For the gateway's thread only.
class AccountStates {
 public:
  /// `first`: number of the first event that will be folded. REQUIRES: accounts_max > 0.
  AccountStates(EventNumber first, std::size_t accounts_max)
      : first_{first}, places_{accounts_max} {
    rows_.reserve(accounts_max);
  }

  /// Events that concern no account are passed over.
  void fold(const Event& event) noexcept;

  [[nodiscard]] std::span<const wire::AccountState> rows() const noexcept { return rows_; }
  [[nodiscard]] EventNumber first() const noexcept { return first_; }
  /// Events of accounts for which there was no room.
  [[nodiscard]] std::uint64_t left_out() const noexcept { return left_out_; }

 private:
  EventNumber first_;
  FlatMap places_;
  std::vector<wire::AccountState> rows_;
  std::uint64_t left_out_{0};
};

}  // namespace plimsoll::gateway
