#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/configuration/configuration.hpp"
#include "engine/message/input.hpp"
#include "feeds/replay/feed.hpp"

namespace plimsoll::cli {

/// What drives a replay: captures and a file of inputs, merged by time; of equal times the file's
/// come first. One thread at a time.
class ReplaySource {
 public:
  /// Opens the captures (there may be none) and reads the whole file of inputs ("": none). Returns
  /// what is wrong, a line each.
  [[nodiscard]] std::vector<std::string> open(const std::vector<std::string>& captures,
                                              const feeds::FeedOptions& options,
                                              const std::string& inputs,
                                              const configuration::Configuration& configuration);

  /// The time of the first input; 0 when there is none.
  [[nodiscard]] EventTime start() const noexcept;

  /// The next input, or false: at the end, or because of error().
  [[nodiscard]] bool next(Input& input);

  /// Why a capture could not be read to its end, or "".
  [[nodiscard]] const std::string& error() const noexcept { return error_; }

  /// From the first input given to the last.
  [[nodiscard]] Duration length() const noexcept { return last_ - first_; }
  /// Inputs of the file that were given.
  [[nodiscard]] std::size_t inputs() const noexcept { return next_input_; }

  /// What became of the lines of the captures.
  [[nodiscard]] feeds::FeedStatistics statistics() const {
    return feed_ ? feed_->statistics() : feeds::FeedStatistics{};
  }

 private:
  [[nodiscard]] bool take(Input& input);
  /// Reads the next line of the captures ahead.
  void advance();

  std::optional<feeds::Feed> feed_;
  std::optional<Input> ahead_;  // of the captures
  std::vector<Input> inputs_;
  std::size_t next_input_{0};
  EventTime first_;
  EventTime last_;
  bool started_{false};
  std::string error_;
};

}  // namespace plimsoll::cli
