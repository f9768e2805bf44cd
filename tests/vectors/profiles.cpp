#include "tests/vectors/profiles.hpp"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <toml++/toml.h>

namespace plimsoll::vectors {
namespace {

// Of the keys that cases ask for.
const std::map<std::string, std::string>& defaults() {
  static const std::map<std::string, std::string> values{
      {"basis", "mark"},       {"closing_fee", "0"},
      {"initial_factor", "0"}, {"requirement_rounding", "up"},
      {"debt_initial", "0"},   {"debt_maintenance", "0"},
  };
  return values;
}

std::vector<CollateralStepText> steps_of(const toml::table& rule) {
  std::vector<CollateralStepText> steps;
  const toml::array* list = rule["steps"].as_array();
  if (list == nullptr) return steps;
  for (const toml::node& node : *list) {
    const toml::table& step = *node.as_table();
    steps.push_back({step["up_to"].value_or(std::string{}),
                     parse_number(step["ratio"].value_or(std::string{})).value_or(0)});
  }
  return steps;
}

Number number_at(const toml::table& table, const char* key, const Number& otherwise) {
  return parse_number(table[key].value_or(std::string{})).value_or(otherwise);
}

/// `before` are those of the file so far: it may extend one.
ProfileData profile_of(const toml::table& table, const std::string& file,
                       const std::vector<ProfileData>& before) {
  ProfileData profile;
  const std::string base = table["extends"].value_or(std::string{});
  for (const ProfileData& other : before) {
    if (other.name == base) profile = other;
  }
  profile.file = file;
  profile.name = table["name"].value_or(std::string{});
  for (const auto& [key, node] : table) {
    if (const auto text = node.value<std::string>()) profile.says[std::string{key}] = *text;
    if (node.is_boolean()) {
      profile.says[std::string{key}] = node.value_or(false) ? "true" : "false";
    }
  }
  if (const toml::array* rules = table["collateral"].as_array()) {
    for (const toml::node& node : *rules) {
      const toml::table& rule = *node.as_table();
      profile.collateral[rule["asset"].value_or(std::string{})] = {
          steps_of(rule), number_at(rule, "exchange_above", 0),
          number_at(rule, "exchange_ratio", 1)};
    }
  }
  return profile;
}

std::vector<ProfileData> profiles_of(const std::string& file) {
  std::vector<ProfileData> profiles;
  try {
    const toml::table table = toml::parse_file(file);
    const toml::array* list = table["profile"].as_array();
    EXPECT_NE(list, nullptr) << file << " has no profile";
    if (list == nullptr) return profiles;
    for (const toml::node& node : *list) {
      profiles.push_back(profile_of(*node.as_table(), file, profiles));
    }
  } catch (const toml::parse_error& error) {
    ADD_FAILURE() << file << ": " << error.description();
  }
  std::vector<std::string> assets;
  for (const ProfileData& profile : profiles) {
    for (const auto& [asset, steps] : profile.collateral) assets.push_back(asset);
  }
  std::sort(assets.begin(), assets.end());
  assets.erase(std::unique(assets.begin(), assets.end()), assets.end());
  for (ProfileData& profile : profiles) profile.assets = assets;
  return profiles;
}

bool same(const std::string& said, const std::string& wanted) {
  const auto a = parse_number(said);
  const auto b = parse_number(wanted);
  return a && b ? *a == *b : said == wanted;
}

}  // namespace

Profiles::Profiles(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    for (ProfileData& profile : profiles_of(file)) all_.push_back(std::move(profile));
  }
}

const ProfileData* Profiles::find(std::string_view family, const Wanted& wanted) const {
  const auto says_all = [&](const ProfileData& profile) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const auto& pair) {
      return same(saying(profile, pair.first), pair.second);
    });
  };
  const ProfileData* found = nullptr;
  for (const ProfileData& profile : all_) {
    if (!says_all(profile)) continue;
    if (profile.name == family) return &profile;
    const bool member = profile.name.starts_with(std::string{family} + "-");
    if (member && found == nullptr) found = &profile;
  }
  return found;
}

std::string saying(const ProfileData& profile, const std::string& key) {
  const auto said = profile.says.find(key);
  if (said != profile.says.end()) return said->second;
  const auto usual = defaults().find(key);
  return usual == defaults().end() ? std::string{} : usual->second;
}

Number number_of(const ProfileData& profile, const std::string& key) {
  const auto number = parse_number(saying(profile, key));
  EXPECT_TRUE(number) << profile.name << "." << key;
  return number.value_or(0);
}

}  // namespace plimsoll::vectors
