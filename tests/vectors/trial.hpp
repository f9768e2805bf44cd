#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/vectors/portfolio.hpp"
#include "tests/vectors/program.hpp"

// One case of a vector on trial: what it gives, what the program makes of it, and how that compares
// with what is published. Every input must be read and every expectation looked at.

namespace plimsoll::vectors {

/// A case as its file has it.
struct Case {
  std::string id;
  Json inputs;
  Json expected;
  Json common;  // what the file says of all its cases, or null
};

/// Thrown by a rule when the case is none for the margin of an account.
struct NotApplicable {
  std::string reason;
};

enum class Verdict { passed, failed, not_applicable };

struct Outcome {
  Verdict verdict{Verdict::passed};
  std::string reason;                          // why not applicable
  std::vector<std::string> mistakes;           // why failed
  std::set<std::string> looked_at;             // JSON pointers into `expected`
  std::map<std::string, std::string> skipped;  // parts of `expected`, and why
};

class Trial {
 public:
  Trial(const Case& given, const Profiles& profiles, Program& program)
      : case_{given}, profiles_{profiles}, program_{program} {}

  // What the case gives. A missing key is no case of this kind: NotApplicable.
  [[nodiscard]] const Json& input(const std::string& key);
  [[nodiscard]] Number number(const std::string& key);
  [[nodiscard]] std::string word(const std::string& key);
  [[nodiscard]] bool has(const std::string& key) const;
  [[nodiscard]] Number number_or(const std::string& key, const Number& otherwise);
  /// Inputs that change no margin.
  void ignore(const std::vector<std::string>& keys);
  /// Whole, for a case whose inputs are no object.
  [[nodiscard]] const Json& inputs() const noexcept { return case_.inputs; }
  [[nodiscard]] const Json& common() const noexcept { return case_.common; }
  [[nodiscard]] const Json& expected() const noexcept { return case_.expected; }
  [[nodiscard]] bool expects(const std::string& pointer) const;

  /// A profile of config/profiles, or NotApplicable.
  [[nodiscard]] const ProfileData& profile(std::string_view family,
                                           const Profiles::Wanted& wanted = {}) const;

  /// Gives a portfolio the rates that the case states of the venue's rules: a profile that has
  /// them, or one that extends the family's first. NotApplicable when a rate is too fine.
  void use(Portfolio& portfolio, std::string_view family,
           const std::map<std::string, Number>& rates) const;

  /// The accounts of a portfolio as the program sees them. NotApplicable when it refuses a rule
  /// that the case needs.
  [[nodiscard]] const Json& accounts(const Portfolio& portfolio);

  // Compare what is published at a JSON pointer into `expected`, if anything is, with ours.
  void exact(const std::string& pointer, const Number& ours) { near(pointer, ours, 0); }
  void near(const std::string& pointer, const Number& ours, const Number& tolerance);
  /// To the tolerance that the case states; else to half of the last digit printed.
  void printed(const std::string& pointer, const Number& ours);
  void truth(const std::string& pointer, bool ours);
  void text(const std::string& pointer, const std::string& ours);
  /// What cannot be compared, and why.
  void skip(const std::string& pointer, const std::string& why) { outcome_.skipped[pointer] = why; }
  /// A part of `expected` that the rule compares in its own way; null when there is none.
  [[nodiscard]] const Json& look_at(const std::string& pointer);
  /// Any other statement that must hold.
  void require(bool holds, const std::string& otherwise);

  /// Once the rule is done.
  [[nodiscard]] Outcome finish();

 private:
  void mistake(const std::string& text) { outcome_.mistakes.push_back(case_.id + ": " + text); }

  const Case& case_;
  const Profiles& profiles_;
  Program& program_;
  std::set<std::string> read_;
  Outcome outcome_;
};

using Rule = void (*)(Trial&);

/// Tries a case by a rule.
[[nodiscard]] Outcome try_case(const Case& given, Rule rule, const Profiles& profiles,
                               Program& program);

/// A text without its quotes; of any other value, how JSON writes it.
[[nodiscard]] std::string text_of(const Json& value);
/// A decimal in quotes or a JSON number; NotApplicable when it is neither.
[[nodiscard]] Number number_in(const Json& value);
/// The figure at a JSON pointer into an account; a failure of the test when there is none.
[[nodiscard]] Number figure(const Json& account, const std::string& pointer);
[[nodiscard]] std::string state_of(const Json& account);
/// Is the account being closed, by orders or by a take-over?
[[nodiscard]] bool is_liquidated(const Json& account);

}  // namespace plimsoll::vectors
