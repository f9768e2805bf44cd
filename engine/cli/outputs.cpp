#include "engine/cli/outputs.hpp"

#include <filesystem>

namespace plimsoll::cli {

std::string overwriting(const std::string& output, const std::string& input) {
  std::error_code unknown;  // a file that is not there is nobody's
  if (output == input || std::filesystem::equivalent(output, input, unknown)) {
    return output + ": would be written over, it is also " + input;
  }
  const auto folder = std::filesystem::absolute(output, unknown).parent_path();
  if (std::filesystem::is_directory(input, unknown) &&
      std::filesystem::equivalent(folder, input, unknown)) {
    return output + ": would be written into the book " + input;
  }
  return {};
}

}  // namespace plimsoll::cli
