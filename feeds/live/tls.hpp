#pragma once

#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

// What both ends of a TLS connection are set up with.

namespace plimsoll::feeds::live {

/// A context, or why there is none: the file and what is wrong with it.
struct TlsContext {
  std::unique_ptr<boost::asio::ssl::context> context;
  std::string error;
};

/// For clients: TLS 1.2 or later; certificates must lead to one of `ca_file` (PEM), or, when that
/// is empty, to one that this machine trusts.
[[nodiscard]] TlsContext make_client_tls(const std::string& ca_file);

/// For servers: a certificate, with those that lead to its root after it, and its key, both PEM.
[[nodiscard]] TlsContext make_server_tls(const std::string& certificate_file,
                                         const std::string& key_file);

}  // namespace plimsoll::feeds::live
