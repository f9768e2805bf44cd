#pragma once

#include <memory>
#include <string>

#include "engine/gateway/gateway_thread.hpp"
#include "engine/log/record_check.hpp"
#include "engine/log/record_writer.hpp"
#include "engine/platform/output_file.hpp"
#include "engine/runtime/tally.hpp"
#include "engine/wire/event_text.hpp"

namespace plimsoll::cli {

/// Where a replay's inputs and events go: always the tally; the record, the events file and the
/// gateway as asked for. On the engine's thread. Every input reaches the record before any event
/// that it caused leaves.
class ReplayOutlet {
 public:
  void record_to(const std::string& path, std::uint64_t reference_hash) {
    record_ = std::make_unique<log::RecordWriter>(path, reference_hash);
  }
  void write_events_to(const std::string& path) {
    events_ = std::make_unique<platform::OutputFile>(path);
  }
  /// Every sequenced input is compared with what this is told to expect.
  log::RecordCheck& check_against_record() {
    check_ = std::make_unique<log::RecordCheck>();
    return *check_;
  }
  void publish_to(gateway::GatewayThread& gateway) noexcept { gateway_ = &gateway; }

  void opened(const Openings& openings) { tally_.add(openings); }
  void sequenced(const Input& input) {
    tally_.add(input);
    if (check_) check_->see(input);
    if (record_) record_->append(input);
  }
  void published(const Event& event) {
    tally_.add(event);
    if (events_) {
      text_.clear();
      wire::append_event_json(event, text_);
      text_ += '\n';
      events_->append(text_);
    }
    if (gateway_ != nullptr) gateway_->push(event);
  }

  /// Ends the files. Returns false, and error() says why, when anything could not be written.
  bool close() {
    const bool recorded = !record_ || record_->close();
    const bool written = !events_ || events_->close();
    return recorded && written;
  }
  [[nodiscard]] std::string error() const {
    if (record_ && !record_->error().empty()) return record_->error();
    return events_ ? events_->error() : std::string{};
  }
  [[nodiscard]] const runtime::Tally& tally() const noexcept { return tally_; }

 private:
  runtime::Tally tally_;
  std::unique_ptr<log::RecordWriter> record_;
  std::unique_ptr<log::RecordCheck> check_;
  std::unique_ptr<platform::OutputFile> events_;
  gateway::GatewayThread* gateway_{nullptr};
  std::string text_;
};

}  // namespace plimsoll::cli
