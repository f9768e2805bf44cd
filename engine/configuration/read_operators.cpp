#include <filesystem>

#include "engine/configuration/read_sections.hpp"
#include "engine/platform/secret_file.hpp"

namespace plimsoll::configuration {
namespace {

void read_key(Section& section, const std::string& file, Keys keys, Operator& of) {
  std::string name;
  if (!section.read("key_file", Need::required, name)) return;
  of.key_file = (std::filesystem::path{file}.parent_path() / name).lexically_normal().string();
  if (keys == Keys::passed_over) return;
  platform::Secret secret = platform::read_secret_file(of.key_file);
  if (!secret.error.empty()) section.refuse("key_file", secret.error);
  of.key = std::move(secret.bytes);
}

}  // namespace

void read_operators(Roots& roots, const std::string& file, Keys keys,
                    std::vector<Operator>& operators) {
  for (Section& section : roots.back().sections("operator", Need::optional)) {
    Operator of;
    read_name(section, "name", of.name);
    if (!of.name.empty() && find_operator(operators, of.name).raw() != 0) {
      section.refuse("name", "appears twice");
    }
    read_key(section, file, keys, of);
    section.refuse_unknown();
    operators.push_back(std::move(of));
  }
  refuse_in_included(roots, {"operator"});
}

}  // namespace plimsoll::configuration
