#include "tests/live/certificates.hpp"

#include <cstdio>
#include <stdexcept>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace plimsoll::feeds::live::testing {
namespace {

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error{std::string{"certificate: "} + what};
}

struct Close {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, Close>;

OpenFile open(const std::string& path) {
  OpenFile file{std::fopen(path.c_str(), "w")};
  require(file != nullptr, "cannot be written");
  return file;
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  require(extension != nullptr, "extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// Not signed yet.
Identity make_identity(const std::string& name, int hours) {
  static long serial = 0;
  constexpr long kHour_s = 3600;
  Identity made{std::unique_ptr<EVP_PKEY, FreeKey>{EVP_EC_gen("P-256")},
                std::unique_ptr<X509, FreeCertificate>{X509_new()}};
  require(made.key && made.certificate, "no memory");
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -kHour_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate), (hours - 1) * kHour_s);
  X509_set_pubkey(certificate, made.key.get());
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, text, -1, -1,
                             0);
  return made;
}

}  // namespace

void Identity::write_certificate(const std::string& path) const {
  require(PEM_write_X509(open(path).get(), certificate.get()) == 1, "write");
}

void Identity::write_key(const std::string& path) const {
  require(
      PEM_write_PrivateKey(open(path).get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
      "write key");
}

Identity make_authority(const std::string& name) {
  Identity made = make_identity(name, 24);
  X509* certificate = made.certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign");
  add_extension(certificate, certificate, NID_subject_key_identifier, "hash");
  require(X509_sign(certificate, made.key.get(), EVP_sha256()) > 0, "sign");
  return made;
}

Identity make_server(const Identity& authority, const std::string& names, int hours) {
  Identity made = make_identity("a venue", hours);
  X509* certificate = made.certificate.get();
  X509* issuer = authority.certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  add_extension(certificate, issuer, NID_subject_alt_name, names);
  add_extension(certificate, issuer, NID_authority_key_identifier, "keyid");
  require(X509_sign(certificate, authority.key.get(), EVP_sha256()) > 0, "sign");
  return made;
}

}  // namespace plimsoll::feeds::live::testing
