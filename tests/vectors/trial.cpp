#include "tests/vectors/trial.hpp"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

namespace plimsoll::vectors {
namespace {

/// What a case may need and the program refuses as a whole: not a matter of numbers.
struct Refusal {
  std::string_view field;  // the end of its path; "" for any
  std::string_view message;
  std::string_view reason;
};
constexpr std::array kRefusals{
    Refusal{"liquidation_fee", "must be below the first maintenance rate",
            "a maintenance rate of 0 is refused: no liquidation order would have a limit"},
    Refusal{"", "out of range", "it is larger than the engine takes"},
    Refusal{"", "makes the account too large", "it is larger than the engine takes"},
};

bool is_meant(const Refusal& refusal, const std::string& error) {
  const std::size_t at = error.find(refusal.message);
  if (at == std::string::npos || refusal.field.empty()) return at != std::string::npos;
  return error.rfind("." + std::string{refusal.field} + " ", at) != std::string::npos;
}

struct Failed {
  std::string text;
};

std::string shown(const Number& x) {
  return decimal_text(x, 12);
}

}  // namespace

const Json& Trial::input(const std::string& key) {
  read_.insert(key);
  if (!case_.inputs.contains(key)) throw NotApplicable{"the case has no " + key};
  return case_.inputs.at(key);
}

Number Trial::number(const std::string& key) {
  return number_in(input(key));
}

std::string Trial::word(const std::string& key) {
  return text_of(input(key));
}

bool Trial::has(const std::string& key) const {
  return case_.inputs.contains(key) && !case_.inputs.at(key).is_null();
}

Number Trial::number_or(const std::string& key, const Number& otherwise) {
  read_.insert(key);
  return has(key) ? number(key) : otherwise;
}

void Trial::ignore(const std::vector<std::string>& keys) {
  read_.insert(keys.begin(), keys.end());
}

bool Trial::expects(const std::string& pointer) const {
  return case_.expected.contains(Json::json_pointer{pointer});
}

const ProfileData& Trial::profile(std::string_view family, const Profiles::Wanted& wanted) const {
  const ProfileData* found = profiles_.find(family, wanted);
  if (found != nullptr) return *found;
  std::string reason = "no profile " + std::string{family};
  for (const auto& [key, value] : wanted) reason += ", " + key + " " + value;
  throw NotApplicable{reason};
}

void Trial::use(Portfolio& portfolio, std::string_view family,
                const std::map<std::string, Number>& rates) const {
  Profiles::Wanted wanted;
  for (const auto& [key, rate] : rates) {
    constexpr int kRateDecimals = 9;
    if (!decimals_needed(rate, kRateDecimals)) throw NotApplicable{key + " has over 9 decimals"};
    wanted[key] = decimal_text(rate, kRateDecimals);
  }
  portfolio.profile = profiles_.find(family, wanted);
  if (portfolio.profile != nullptr) return;
  portfolio.profile = &profile(family);
  portfolio.changes = rates;
}

const Json& Trial::accounts(const Portfolio& portfolio) {
  const std::string text = portfolio.text();
  const Answer& answer = program_.margin(text);
  if (answer.code == 0) return answer.accounts;
  for (const Refusal& refusal : kRefusals) {
    if (is_meant(refusal, answer.error)) throw NotApplicable{std::string{refusal.reason}};
  }
  throw Failed{"the program ended with " + std::to_string(answer.code) + ": " + answer.error +
               "\nfor this portfolio:\n" + text};
}

void Trial::near(const std::string& pointer, const Number& ours, const Number& tolerance) {
  if (!expects(pointer)) return;
  const Number published = number_in(look_at(pointer));
  if (abs(published - ours) <= tolerance) return;
  mistake("expected" + pointer + " is " + shown(published) + ", ours is " + shown(ours) +
          (tolerance == 0 ? "" : ", which is off by more than " + shown(tolerance)));
}

void Trial::printed(const std::string& pointer, const Number& ours) {
  if (!expects(pointer)) return;
  const Json& published = look_at(pointer);
  const std::string stated = "/tolerance";
  const Number tolerance = expects(stated)
                               ? number_in(case_.expected.at(Json::json_pointer{stated}))
                               : half_of_last_digit(text_of(published));
  near(pointer, ours, tolerance);
}

void Trial::truth(const std::string& pointer, bool ours) {
  if (!expects(pointer)) return;
  const Json& published = look_at(pointer);
  if (published.is_boolean() && published.get<bool>() == ours) return;
  mistake("expected" + pointer + " is " + published.dump() + ", ours is " +
          (ours ? "true" : "false"));
}

void Trial::text(const std::string& pointer, const std::string& ours) {
  if (!expects(pointer)) return;
  const Json& published = look_at(pointer);
  if (published == ours) return;
  mistake("expected" + pointer + " is " + published.dump() + ", ours is \"" + ours + "\"");
}

const Json& Trial::look_at(const std::string& pointer) {
  static const Json nothing;
  if (!expects(pointer)) return nothing;
  outcome_.looked_at.insert(pointer);
  return case_.expected.at(Json::json_pointer{pointer});
}

void Trial::require(bool holds, const std::string& otherwise) {
  if (!holds) mistake(otherwise);
}

Outcome Trial::finish() {
  if (case_.inputs.is_object()) {
    for (const auto& [key, value] : case_.inputs.items()) {
      if (!read_.contains(key)) throw NotApplicable{"no rule for an input " + key};
    }
  }
  const Json leaves = case_.expected.flatten();
  for (const auto& [pointer, value] : leaves.items()) {
    const auto covers = [&p = pointer](const std::string& part) { return p.starts_with(part); };
    const bool skipped = std::any_of(outcome_.skipped.begin(), outcome_.skipped.end(),
                                     [&](const auto& skip) { return covers(skip.first); });
    const bool seen = std::any_of(outcome_.looked_at.begin(), outcome_.looked_at.end(), covers);
    if (!seen && !skipped && pointer != "/tolerance") {
      mistake("expected" + pointer + " is not looked at");
    }
  }
  outcome_.verdict = outcome_.mistakes.empty() ? Verdict::passed : Verdict::failed;
  return outcome_;
}

Outcome try_case(const Case& given, Rule rule, const Profiles& profiles, Program& program) {
  Trial trial{given, profiles, program};
  Outcome outcome;
  try {
    rule(trial);
    return trial.finish();
  } catch (const NotApplicable& none) {
    outcome.verdict = Verdict::not_applicable;
    outcome.reason = none.reason;
  } catch (const Failed& failed) {
    outcome.verdict = Verdict::failed;
    outcome.mistakes.push_back(given.id + ": " + failed.text);
  } catch (const Json::exception& shape) {
    outcome.verdict = Verdict::failed;
    outcome.mistakes.push_back(given.id + ": has another shape: " + shape.what());
  }
  return outcome;
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

Number number_in(const Json& value) {
  const std::string text = text_of(value);
  const auto number = parse_number(text);
  if (!number) throw NotApplicable{"\"" + text + "\" is no number"};
  return *number;
}

Number figure(const Json& account, const std::string& pointer) {
  const Json::json_pointer at{pointer};
  const Json value = account.contains(at) ? account.at(at) : Json{};
  const auto number = value.is_string() ? parse_number(value.get<std::string>()) : std::nullopt;
  if (!number) throw Failed{"the program says nothing at " + pointer + " of " + account.dump()};
  return *number;
}

std::string state_of(const Json& account) {
  return account.value("state", std::string{});
}

bool is_liquidated(const Json& account) {
  return state_of(account) == "liquidation" || state_of(account) == "takeover";
}

}  // namespace plimsoll::vectors
