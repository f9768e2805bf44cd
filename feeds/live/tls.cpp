#include "feeds/live/tls.hpp"

namespace plimsoll::feeds::live {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

/// Without the protocols that are broken. Throws when OpenSSL has no memory.
std::unique_ptr<ssl::context> make_context(ssl::context::method method) {
  auto context = std::make_unique<ssl::context>(method);
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                       ssl::context::no_sslv3 | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  return context;
}

TlsContext failed(const std::string& file, const error_code& error) {
  return {nullptr, file + ": " + error.message()};
}

}  // namespace

TlsContext make_client_tls(const std::string& ca_file) {
  auto context = make_context(ssl::context::tls_client);
  error_code error;
  if (ca_file.empty()) {
    context->set_default_verify_paths(error);
  } else {
    context->load_verify_file(ca_file, error);
  }
  if (error) return failed(ca_file.empty() ? "certificates of this machine" : ca_file, error);
  context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, error);
  if (error) return failed("TLS", error);
  return {std::move(context), {}};
}

TlsContext make_server_tls(const std::string& certificate_file, const std::string& key_file) {
  auto context = make_context(ssl::context::tls_server);
  error_code error;
  context->use_certificate_chain_file(certificate_file, error);
  if (error) return failed(certificate_file, error);
  context->use_private_key_file(key_file, ssl::context::pem, error);
  if (error) return failed(key_file, error);
  return {std::move(context), {}};
}

}  // namespace plimsoll::feeds::live
