#include "feeds/live/url.hpp"

#include <algorithm>
#include <charconv>

namespace plimsoll::feeds::live {
namespace {

constexpr std::string_view kPlain{"ws://"};
constexpr std::string_view kSecure{"wss://"};

constexpr std::uint16_t port_of(bool secure) noexcept {
  return secure ? 443 : 80;
}

bool is_printable(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool parse_port(std::string_view text, std::uint16_t& port) noexcept {
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && rest == text.data() + text.size() && port != 0;
}

/// "host", "host:port", "[::1]:port".
bool parse_authority(std::string_view text, Url& url) {
  const bool bracketed = text.starts_with('[');
  const std::size_t host_end = bracketed ? text.find(']') : text.find(':');
  if (bracketed && host_end == text.npos) return false;
  url.host = text.substr(bracketed ? 1 : 0, bracketed ? host_end - 1 : host_end);
  if (url.host.empty() || url.host.find('@') != std::string::npos) return false;
  std::string_view rest;
  if (host_end != text.npos) rest = text.substr(host_end + (bracketed ? 1 : 0));
  if (rest.empty()) return true;
  return rest.front() == ':' && parse_port(rest.substr(1), url.port);
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  Url url;
  url.secure = text.starts_with(kSecure);
  if (!url.secure && !text.starts_with(kPlain)) return std::nullopt;
  if (!is_printable(text) || text.find('#') != text.npos) return std::nullopt;
  url.port = port_of(url.secure);
  text.remove_prefix(url.secure ? kSecure.size() : kPlain.size());
  const std::size_t authority_end = text.find_first_of("/?");
  if (!parse_authority(text.substr(0, authority_end), url)) return std::nullopt;
  if (authority_end != text.npos) url.target = text.substr(authority_end);
  if (url.target.front() != '/') url.target.insert(0, 1, '/');
  return url;
}

std::string to_string(const Url& url) {
  return std::string{url.secure ? kSecure : kPlain} + host_header(url) + url.target;
}

std::string host_header(const Url& url) {
  const bool is_v6 = url.host.find(':') != std::string::npos;
  const std::string host = is_v6 ? '[' + url.host + ']' : url.host;
  return url.port == port_of(url.secure) ? host : host + ':' + std::to_string(url.port);
}

}  // namespace plimsoll::feeds::live
