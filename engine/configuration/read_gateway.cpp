#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

#include "engine/configuration/read_sections.hpp"

namespace plimsoll::configuration {
namespace {

constexpr std::size_t kUserNameMax = 6;
constexpr std::size_t kPasswordMax = 10;
constexpr std::size_t kRangesMax = 10'000;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
/// As log-on compares.
bool same_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}
bool is_printable(char c) {
  return c > ' ' && c <= '~';
}

template <class Predicate>
bool is_word(const std::string& text, std::size_t size_max, Predicate predicate) {
  return !text.empty() && text.size() <= size_max &&
         std::all_of(text.begin(), text.end(), predicate);
}

void read_password(Section& section, std::string& password) {
  std::string text;
  if (!section.read_secret("password", text)) return;
  if (!is_word(text, kPasswordMax, is_printable)) {
    section.refuse("password", "must be 1 to 10 printable characters without blanks", true);
  }
  password = text;
}

/// "7" or "1000-1999"; a reason why it is none.
std::string parse_range(std::string_view text, AccountRange& into) {
  constexpr std::uint64_t kAccountMax = std::numeric_limits<std::uint64_t>::max() - 1;
  const auto parse_account = [](std::string_view digits, std::uint64_t& account) {
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, account);
    return error == std::errc{} && stop == end && account > 0 && account <= kAccountMax;
  };
  const std::size_t dash = text.find('-', 1);  // a number below 0 is no range
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  const bool read = parse_account(text.substr(0, dash), first) &&
                    (dash == text.npos || parse_account(text.substr(dash + 1), last));
  if (!read) {
    return "must be an account from 1 to " + std::to_string(kAccountMax) +
           ", or a range of them, as \"1000-1999\"";
  }
  if (dash == text.npos) last = first;
  if (last < first) return "ends before it begins";
  into = {AccountId::from_raw(first), AccountId::from_raw(last)};
  return {};
}

/// A word as it stands in the file.
std::string shown(const std::string& word) {
  const bool whole = word.find_first_not_of("-0123456789") == word.npos &&
                     word.find('-', 1) == word.npos && !word.empty();
  return whole ? word : quote(word);
}

void read_accounts(Section& section, std::vector<AccountRange>& accounts) {
  std::vector<std::string> words;
  if (!section.read_words("accounts", words)) return;
  if (words.empty()) {
    section.refuse("accounts", "must not be empty: without it the user sees everything");
  }
  if (words.size() > kRangesMax) {
    section.refuse("accounts", "must have at most " + std::to_string(kRangesMax) + " elements");
    return;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto refuse = [&](std::string reason) {
      section.refuse_at("accounts[" + std::to_string(i) + "]", shown(words[i]), std::move(reason));
    };
    AccountRange range;
    if (std::string reason = parse_range(words[i], range); !reason.empty()) {
      refuse(std::move(reason));
      continue;
    }
    const auto again = std::find_if(accounts.begin(), accounts.end(), [&](const auto& other) {
      return range.first <= other.last && other.first <= range.last;
    });
    if (again != accounts.end()) refuse("holds accounts that are in the list already");
    accounts.push_back(range);
  }
}

void read_users(Section& gateway, std::vector<GatewayUser>& users) {
  for (Section& section : gateway.sections("user", Need::optional)) {
    GatewayUser user;
    const bool named = section.read("name", Need::required, user.name);
    if (named && !is_word(user.name, kUserNameMax, is_alphanumeric)) {
      section.refuse("name", "must be 1 to 6 letters and digits");
    }
    const bool again = std::any_of(users.begin(), users.end(), [&](const GatewayUser& other) {
      return same_without_case(other.name, user.name);
    });
    if (named && again) section.refuse("name", "appears twice");
    read_password(section, user.password);
    read_accounts(section, user.accounts);
    section.refuse_unknown();
    users.push_back(std::move(user));
  }
}

/// Only programs on this machine reach such an address.
bool is_local(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

}  // namespace

void read_gateway(Roots& roots, GatewaySettings& gateway) {
  constexpr std::int64_t kCountMax = 1'000'000'000;
  Section section = roots.back().section("gateway", Need::optional);
  section.read("address", Need::optional, gateway.address);
  if (gateway.address.empty()) section.refuse("address", "must not be empty");
  section.read_count("port", Need::optional, 0, 65'535, gateway.port);
  section.read_count("sessions_max", Need::optional, 1, 10'000, gateway.sessions_max);
  section.read_count("retained_events", Need::optional, 1, kCountMax, gateway.retained_events);
  section.read_count("user_retained_events", Need::optional, 1, kCountMax,
                     gateway.user_retained_events);
  const auto read_wait = [&](std::string_view key, Duration& into) {
    section.read(key, Need::optional, into);
    if (into.raw() < 1'000'000) section.refuse(key, "must be at least 1ms");
  };
  read_wait("log_on_deadline", gateway.log_on_deadline);
  read_wait("heartbeat_interval", gateway.heartbeat_interval);
  read_wait("silence_max", gateway.silence_max);
  read_wait("write_stall_max", gateway.write_stall_max);
  read_users(section, gateway.users);
  if (gateway.users.empty() && !is_local(gateway.address)) {
    section.refuse("address",
                   "needs a [[gateway.user]]: without one only addresses of this machine "
                   "(127.0.0.0/8, ::1) are allowed");
  }
  section.refuse_unknown();
}

}  // namespace plimsoll::configuration
