#include "engine/cli/sign.hpp"

#include <istream>
#include <optional>
#include <ostream>

#include "engine/cli/exit_code.hpp"
#include "engine/configuration/configuration.hpp"
#include "engine/configuration/input_signer.hpp"
#include "engine/platform/secret_file.hpp"

namespace plimsoll::cli {
namespace {

int fail(std::ostream& err, int code, const std::string& line) {
  err << "plimsoll: " << line << "\n";
  return code;
}

/// All lines, signed; every one that is wrong prints its own line.
int sign_lines(configuration::InputSigner& signer, std::istream& in, std::string& text,
               std::ostream& err) {
  int code = kOk;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    std::optional<configuration::Error> error;
    if (line.find_first_not_of(" \t") != std::string::npos) error = signer.sign(line, text);
    text += '\n';
    if (!error) continue;
    error->file = "standard input";
    error->line = number;
    code = fail(err, kBadInput, configuration::to_string(*error));
  }
  return in.bad() ? fail(err, kFailed, "standard input: cannot be read") : code;
}

}  // namespace

int run_sign(const SignOptions& options, std::istream& in, std::ostream& out, std::ostream& err) {
  const configuration::ConfigurationResult loaded =
      configuration::load_configuration(options.config, configuration::Keys::passed_over);
  for (const auto& error : loaded.errors) fail(err, kBadInput, configuration::to_string(error));
  if (!loaded.ok()) return kBadInput;
  const auto& operators = loaded.configuration->operators;
  const OperatorId who = configuration::find_operator(operators, options.who);
  if (who.raw() == 0) {
    return fail(err, kUsage, "--operator = \"" + options.who + "\": names no operator");
  }
  const std::string& file = options.key.empty() ? operators[who.raw() - 1].key_file : options.key;
  platform::Secret secret = platform::read_secret_file(file);
  if (!secret.error.empty()) return fail(err, kBadInput, file + ": " + secret.error);
  configuration::InputSigner signer{loaded.configuration->reference, operators, who,
                                    std::move(secret.bytes)};
  std::string text;
  if (const int code = sign_lines(signer, in, text, err); code != kOk) return code;
  out << text << std::flush;
  return out ? kOk : fail(err, kFailed, "standard output: write failed");
}

}  // namespace plimsoll::cli
