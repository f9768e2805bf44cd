#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/vectors/number.hpp"

// The venue profiles of config/profiles, as data: what they are named, what they say, which assets
// a file that includes them has to declare.

namespace plimsoll::vectors {

struct CollateralStepText {
  std::string up_to;
  Number ratio;
};

struct CollateralText {
  std::vector<CollateralStepText> steps;
  Number exchange_above;
  Number exchange_ratio;
};

struct ProfileData {
  std::string name;
  std::string file;                                  // to be included
  std::map<std::string, std::string> says;           // plain keys; true and false for those
  std::map<std::string, CollateralText> collateral;  // by asset
  std::vector<std::string> assets;                   // that the file needs
};

class Profiles {
 public:
  /// Reads every file of a folder; a test fails when one cannot be read.
  explicit Profiles(const std::string& folder);

  [[nodiscard]] const std::vector<ProfileData>& all() const noexcept { return all_; }

  /// The profile of that name, else the first of the family ("-" and more behind the name), that
  /// says all that is wanted; a key that it leaves out has its default. Null when there is none.
  using Wanted = std::map<std::string, std::string>;
  [[nodiscard]] const ProfileData* find(std::string_view family, const Wanted& wanted = {}) const;

 private:
  std::vector<ProfileData> all_;
};

/// What a profile says of a key, or its default; "" for a key without one.
[[nodiscard]] std::string saying(const ProfileData& profile, const std::string& key);
/// The same for a key that is a number.
[[nodiscard]] Number number_of(const ProfileData& profile, const std::string& key);

}  // namespace plimsoll::vectors
