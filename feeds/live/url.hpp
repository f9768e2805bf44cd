#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plimsoll::feeds::live {

/// Where a WebSocket is: "wss://host:port/path?query" in its parts.
struct Url {
  bool secure{true};  // wss, over TLS
  std::string host;   // a name or an address; IPv6 without its brackets
  std::uint16_t port{443};
  std::string target{"/"};  // path and query

  friend bool operator==(const Url&, const Url&) = default;
};

/// Reads ws:// and wss:// URLs, without user or fragment; the port may be left out. Nothing for any
/// other text, for control characters and spaces too: they would end a line of the request.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

/// As parse_url() reads it; the port only where it is not that of the scheme.
[[nodiscard]] std::string to_string(const Url& url);

/// "host:port" or "host", as a Host header has it.
[[nodiscard]] std::string host_header(const Url& url);

}  // namespace plimsoll::feeds::live
