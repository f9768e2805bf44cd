#include "engine/gateway/streams.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/base/assert.hpp"
#include "engine/base/hash.hpp"

namespace plimsoll::gateway {

wire::SessionName name_of_part(const wire::SessionName& session,
                               const AccountRanges& accounts) noexcept {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  RunningHash hash;
  for (const char c : session.padded()) hash.add(static_cast<unsigned char>(c));
  for (const AccountRange& range : accounts.ranges()) {
    hash.add(range.first.raw());
    hash.add(range.last.raw());
  }
  std::uint64_t mixed = hash.value();
  std::array<char, wire::SessionName::kSize> name{};
  for (char& c : name) {
    c = kDigits[mixed % kDigits.size()];
    mixed /= kDigits.size();
  }
  return *wire::SessionName::from_text({name.data(), name.size()});
}

Streams::Streams(const GatewaySettings& settings)
    : settings_{settings},
      all_{*wire::SessionName::from_text(settings.session),
           RetainedEvents{settings.first_number, settings.retained_events}} {
  std::vector<AccountRanges> sets;
  for (const User& user : settings.users) add_own(user, sets);
  routes_ = AccountRoutes{sets};
}

void Streams::add_own(const User& user, std::vector<AccountRanges>& sets) {
  by_user_.push_back(&all_);
  if (user.accounts.empty()) return;
  AccountRanges accounts{user.accounts};
  const std::uint64_t first = std::max<std::uint64_t>(user.first_number, 1);
  own_.push_back(std::make_unique<Stream>(
      Stream{name_of_part(all_.name, accounts),
             RetainedEvents{first, settings_.user_retained_events}, accounts}));
  by_user_.back() = own_.back().get();
  sets.push_back(std::move(accounts));
}

void Streams::publish(const Event& event) {
  const auto message = all_.events.append(event);
  for (const std::uint32_t own : routes_.sets_with(event.header.account)) {
    own_[own]->events.append(message);
  }
}

const Stream& Streams::of(const User* user) const noexcept {
  if (user == nullptr) return all_;
  const auto place = static_cast<std::size_t>(user - settings_.users.data());
  PLIMSOLL_ASSERT(place < by_user_.size());
  return *by_user_[place];
}

}  // namespace plimsoll::gateway
