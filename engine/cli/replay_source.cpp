#include "engine/cli/replay_source.hpp"

#include "engine/configuration/inputs_reader.hpp"

namespace plimsoll::cli {

std::vector<std::string> ReplaySource::open(const std::vector<std::string>& captures,
                                            const feeds::FeedOptions& options,
                                            const std::string& inputs,
                                            const configuration::Configuration& configuration) {
  const reference::Reference& reference = configuration.reference;
  if (!captures.empty()) {
    feed_.emplace(captures, reference, options);
    advance();
    if (!error_.empty()) return {error_};
  }
  std::vector<std::string> wrong;
  if (inputs.empty()) return wrong;
  const EventTime start = ahead_ ? ahead_->time : EventTime{};
  configuration::InputsResult result =
      configuration::read_inputs(inputs, reference, start, configuration.operators);
  for (const auto& error : result.errors) wrong.push_back(configuration::to_string(error));
  inputs_ = std::move(result.inputs);
  return wrong;
}

EventTime ReplaySource::start() const noexcept {
  const bool by_file = !inputs_.empty() && (!ahead_ || inputs_.front().time < ahead_->time);
  if (by_file) return inputs_.front().time;
  return ahead_ ? ahead_->time : EventTime{};
}

bool ReplaySource::next(Input& input) {
  if (!take(input)) return false;
  if (!started_) first_ = input.time;
  started_ = true;
  last_ = input.time;
  return true;
}

bool ReplaySource::take(Input& input) {
  const bool more = next_input_ < inputs_.size();
  if (more && (!ahead_ || inputs_[next_input_].time <= ahead_->time) && error_.empty()) {
    input = inputs_[next_input_++];
    return true;
  }
  if (!ahead_) return false;
  input = *ahead_;
  advance();
  return true;
}

void ReplaySource::advance() {
  ahead_.emplace();
  const feeds::Step step = feed_->error() ? feeds::Step::failed : feed_->next(*ahead_);
  if (step == feeds::Step::ready) return;
  ahead_.reset();
  if (step == feeds::Step::failed) error_ = feeds::to_string(*feed_->error());
}

}  // namespace plimsoll::cli
