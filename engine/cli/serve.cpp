#include "engine/cli/serve.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <ostream>
#include <thread>

#include "engine/cli/exit_code.hpp"
#include "engine/cli/opening_book.hpp"
#include "engine/configuration/configuration.hpp"
#include "engine/platform/log.hpp"
#include "engine/service/service.hpp"

namespace plimsoll::cli {
namespace {

constexpr std::chrono::milliseconds kTend{2};
constexpr unsigned kLookEvery = 25;  // turns, at whether it is ready

std::atomic<bool> stop_wanted{false};
std::atomic<bool> flight_wanted{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // Signal handlers set them.

void on_stop(int /*signal*/) {
  stop_wanted.store(true);
}
void on_flight(int /*signal*/) {
  flight_wanted.store(true);
}

int fail(std::ostream& err, int code, const std::string& line) {
  err << "plimsoll: " << line << "\n";
  return code;
}

void write_flight(const service::Service& service, const std::string& path) {
  const std::string error = service.write_flight();
  error.empty() ? platform::log_info("flight record written to " + path)
                : platform::log_warning(error);
}

/// Until a signal comes.
void tend(service::Service& service, const configuration::Configuration& configuration) {
  bool ready = false;
  for (unsigned turn = 0; !stop_wanted.load(); ++turn) {
    service.tend();
    if (flight_wanted.exchange(false)) write_flight(service, configuration.service.flight_file);
    if (turn % kLookEvery == 0 && service.ready() != ready) {
      ready = !ready;
      ready ? platform::log_info("ready") : platform::log_warning("no longer ready");
    }
    std::this_thread::sleep_for(kTend);
  }
}

int print(const service::ServiceReport& report, std::ostream& out) {
  out << "served\n"
      << "  inputs                " << report.tally.inputs_total() << "\n"
      << "  events                " << report.tally.events_total() << "\n"
      << "  event hash            " << std::hex << report.tally.event_hash() << std::dec << "\n"
      << "  accounts              " << report.accounts << "\n"
      << "  conservation          " << (report.audit.conserved() ? "ok" : "BROKEN") << "\n";
  out.flush();
  return report.audit.conserved() ? kOk : kBroken;
}

}  // namespace

int run_serve(const ServeOptions& options, std::ostream& out, std::ostream& err) {
  stop_wanted.store(false);
  const auto loaded = configuration::load_configuration(options.config);
  for (const auto& error : loaded.errors) fail(err, kBadInput, configuration::to_string(error));
  if (!loaded.ok()) return kBadInput;
  const configuration::Configuration& configuration = *loaded.configuration;
  service::ServiceOptions wanted;
  wanted.record = options.record;
  OpeningBook book = read_opening_book(options.accounts, configuration.reference, err);
  if (book.code != kOk) return book.code;
  if (!options.record.empty()) book.unpack();  // A record names every input.
  wanted.book = std::move(book.inputs);
  if (book.packed) {
    wanted.openings = book.packed->openings();
    wanted.told = book.packed->rest();
  }
  std::signal(SIGINT, on_stop);
  std::signal(SIGTERM, on_stop);
  std::signal(SIGUSR1, on_flight);
  std::signal(SIGPIPE, SIG_IGN);
  service::Service service{configuration};
  if (const std::string error = service.start(std::move(wanted)); !error.empty()) {
    return fail(err, kFailed, error);
  }
  book.packed.reset();
  platform::log_info("events on " + configuration.gateway.address + ":" +
                     std::to_string(service.port()));
  if (service.status_port() != 0) {
    platform::log_info("status on " + configuration.service.status->host + ":" +
                       std::to_string(service.status_port()));
  }
  tend(service, configuration);
  platform::log_info("stopping");
  service.stop();
  if (!service.report().record_error.empty()) {
    return fail(err, kFailed, service.report().record_error);
  }
  return print(service.report(), out);
}

}  // namespace plimsoll::cli
