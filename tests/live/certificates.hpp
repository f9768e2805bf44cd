#pragma once

#include <memory>
#include <string>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>

// Certificates made on the spot.

namespace plimsoll::feeds::live::testing {

struct FreeKey {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};

/// A certificate and its key.
struct Identity {
  std::unique_ptr<EVP_PKEY, FreeKey> key;
  std::unique_ptr<X509, FreeCertificate> certificate;

  void write_certificate(const std::string& path) const;
  void write_key(const std::string& path) const;
};

/// An authority that signs itself.
[[nodiscard]] Identity make_authority(const std::string& name);

/// A server's, signed by `authority`. `names` as openssl has them: "DNS:localhost,IP:127.0.0.1".
/// Valid from an hour ago for `hours`.
[[nodiscard]] Identity make_server(const Identity& authority, const std::string& names,
                                   int hours = 24);

}  // namespace plimsoll::feeds::live::testing
