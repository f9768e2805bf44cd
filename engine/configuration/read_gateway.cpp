#include <algorithm>

#include "engine/configuration/read_sections.hpp"

namespace plimsoll::configuration {
namespace {

constexpr std::size_t kUserNameMax = 6;
constexpr std::size_t kPasswordMax = 10;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
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

void read_users(Section& gateway, std::vector<GatewayUser>& users) {
  for (Section& section : gateway.sections("user", Need::optional)) {
    GatewayUser user;
    const bool named = section.read("name", Need::required, user.name);
    if (named && !is_word(user.name, kUserNameMax, is_alphanumeric)) {
      section.refuse("name", "must be 1 to 6 letters and digits");
    }
    const bool again = std::any_of(users.begin(), users.end(), [&](const GatewayUser& other) {
      return other.name == user.name;
    });
    if (named && again) section.refuse("name", "appears twice");
    read_password(section, user.password);
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
