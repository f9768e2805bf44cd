#include "engine/gateway/account_states.hpp"

namespace plimsoll::gateway {

void AccountStates::fold(const Event& event) noexcept {
  if (!wire::concerns_account(event)) return;
  const std::uint64_t account = event.header.account.raw();
  constexpr std::uint64_t kReserved =
      ~std::uint64_t{0};  // of the map; the engine has no such account
  std::uint32_t place = account == kReserved ? FlatMap::kAbsent : places_.find(account);
  if (place == FlatMap::kAbsent) {
    if (account == kReserved || rows_.size() == rows_.capacity()) {
      ++left_out_;
      return;
    }
    place = static_cast<std::uint32_t>(rows_.size());
    rows_.emplace_back();
    places_.insert(account, place);
  }
  wire::fold(event, rows_[place]);
}

}  // namespace plimsoll::gateway
