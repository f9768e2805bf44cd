#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/value/modes.hpp"

// Words that stand for a value of an enumeration. Pure functions; private to this folder.

namespace plimsoll::configuration {

template <class Enum>
struct Choice {
  std::string_view word;
  Enum value;
};
template <class Enum, std::size_t N>
using Choices = std::array<Choice<Enum>, N>;

inline constexpr Choices<MarginMode, 3> kMarginModes{{{"cross", MarginMode::cross},
                                                      {"isolated", MarginMode::isolated},
                                                      {"multi_asset", MarginMode::multi_asset}}};
inline constexpr Choices<PositionMode, 2> kPositionModes{
    {{"one_way", PositionMode::one_way}, {"hedge", PositionMode::hedge}}};
inline constexpr Choices<PositionSide, 3> kPositionSides{{{"net", PositionSide::net},
                                                          {"long", PositionSide::long_side},
                                                          {"short", PositionSide::short_side}}};

/// What an instrument may be before it is settled.
inline constexpr Choices<InstrumentStatus, 3> kInstrumentStatuses{
    {{"trading", InstrumentStatus::trading},
     {"reduce_only", InstrumentStatus::reduce_only},
     {"unlisted", InstrumentStatus::unlisted}}};
inline constexpr Choices<OrderState, 2> kOrderStates{
    {{"requested", OrderState::requested}, {"resting", OrderState::resting}}};

inline constexpr Choices<Interruption, 2> kInterruptions{
    {{"gap", Interruption::gap}, {"disconnected", Interruption::disconnected}}};
/// Why liquidations may be said to wait from outside.
inline constexpr Choices<PauseReason, 2> kPauseReasons{
    {{"operator", PauseReason::operator_said}, {"breaker", PauseReason::breaker}}};

template <class Enum, std::size_t N>
[[nodiscard]] std::optional<Enum> find_choice(const Choices<Enum, N>& choices,
                                              std::string_view word) {
  for (const Choice<Enum>& choice : choices) {
    if (choice.word == word) return choice.value;
  }
  return std::nullopt;
}

/// "must be cross, isolated or multi_asset".
template <class Enum, std::size_t N>
[[nodiscard]] std::string choice_rule(const Choices<Enum, N>& choices) {
  std::string rule = "must be ";
  for (std::size_t i = 0; i < N; ++i) {
    if (i > 0) rule += i + 1 == N ? " or " : ", ";
    rule += choices[i].word;
  }
  return rule;
}

}  // namespace plimsoll::configuration
