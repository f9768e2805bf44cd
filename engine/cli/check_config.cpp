#include "engine/cli/check_config.hpp"

#include <iomanip>
#include <ostream>

#include "engine/cli/exit_code.hpp"
#include "engine/configuration/configuration.hpp"

namespace plimsoll::cli {

int run_check_config(const std::string& path, std::ostream& out, std::ostream& err) {
  const configuration::ConfigurationResult result = configuration::load_configuration(path);
  for (const configuration::Error& error : result.errors) {
    err << "plimsoll: " << configuration::to_string(error) << "\n";
  }
  if (!result.ok()) return kBadInput;
  const reference::Reference& reference = result.configuration->reference;
  out << path << ": ok\n"
      << "  assets       " << reference.assets.size() << "\n"
      << "  instruments  " << reference.instruments.size() << "\n"
      << "  profiles     " << reference.profiles.size() << "\n"
      << "  limits       " << reference.limits.accounts << " accounts, "
      << reference.limits.positions << " positions\n"
      << "  hash         " << std::hex << std::setfill('0') << std::setw(16)
      << reference::hash_of(reference) << "\n";
  return kOk;
}

}  // namespace plimsoll::cli
