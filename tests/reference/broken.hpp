#pragma once

#include <string>

#include <gtest/gtest.h>

#include "engine/reference/reference.hpp"
#include "tests/support/reference_builder.hpp"
#include "tests/support/reference_fixture.hpp"

// One broken rule at a time, and what finish() must say of it.

namespace plimsoll::reference {

using Change = void (*)(Reference&);

struct Broken {
  const char* path;
  const char* message;
  Change change;
};

inline constexpr Rate rate(std::int64_t raw) {
  return Rate::from_raw(raw);
}

inline Instrument& btc(Reference& reference) {
  return reference.instruments[0];
}
inline Bracket& bracket(Reference& reference, std::size_t index) {
  return support::brackets_of(reference, support::kBtc)[index];
}
inline Profile& desk(Reference& reference) {
  return reference.profiles[1];
}

/// A rule for USDC as collateral, made with a numeraire when there is none.
inline Collateral& rule(Reference& reference) {
  Profile& profile = desk(reference);
  if (profile.collateral.empty()) {
    reference.numeraire = support::kUsdt;
    reference.assets[1].index_max = Price::from_raw(2 * kRateOne);
    profile.collateral.resize(1);
    profile.collateral[0].asset = support::kUsdc;
    profile.collateral[0].steps = {{100, rate(900'000'000)}, {200, rate(500'000'000)}};
  }
  return profile.collateral[0];
}

inline void expect_refused(const Broken& broken, Reference reference = support::small_reference()) {
  broken.change(reference);
  std::string all;
  bool found = false;
  for (const Violation& violation : finish(reference)) {
    all += "\n  " + violation.path + ": " + violation.message;
    found = found || (violation.path == broken.path &&
                      violation.message.find(broken.message) != std::string::npos);
  }
  EXPECT_TRUE(found) << broken.path << ": " << broken.message << "; found:" << all;
}

}  // namespace plimsoll::reference
