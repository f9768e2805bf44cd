#pragma once

#include <deque>
#include <string>

#include "engine/message/input.hpp"

namespace plimsoll::log {

/// Do two inputs say the same in every field, number, time and origin included?
[[nodiscard]] bool same(const Input& a, const Input& b);

/// Compares what a replay sequences with what its record holds, the engine's own inputs included.
/// The first difference sticks. One thread.
class RecordCheck {
 public:
  /// The next input of the record. It comes before the replay sequences it.
  void expect(const Input& recorded) { expected_.push_back(recorded); }
  /// The next input that the replay has sequenced.
  void see(const Input& sequenced);
  /// At the end: also what the replay did not sequence is a difference.
  void finish();

  /// "at sequence 17 the record holds book_quoted, the replay made trade_filled", or empty.
  [[nodiscard]] const std::string& divergence() const noexcept { return divergence_; }

 private:
  void diverge(Sequence at, const std::string& recorded, const std::string& made);

  std::deque<Input> expected_;
  std::string divergence_;
};

}  // namespace plimsoll::log
