#include "engine/service/crash_flight.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "engine/base/assert.hpp"

namespace plimsoll::service {
namespace {

constexpr std::array<int, 5> kCrashes{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

std::atomic<const runtime::FlightRecorder*> crash_flight{nullptr};
std::array<char, 4096> crash_path{};
std::atomic<bool> crashed{false};

/// Only what a signal handler may call. The signal's own handler is the default one by then.
void on_crash(int signal) {
  const runtime::FlightRecorder* flight = crash_flight.load();
  if (flight != nullptr && !crashed.exchange(true)) {
    const int file = ::open(crash_path.data(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (file >= 0) {
      (void)flight->write(file);
      (void)::fsync(file);
      ::close(file);
    }
  }
  (void)::raise(signal);
}

}  // namespace

CrashFlight::CrashFlight(const runtime::FlightRecorder& flight, std::string path) {
  PLIMSOLL_ASSERT(path.size() < crash_path.size());
  std::strncpy(crash_path.data(), path.c_str(), crash_path.size() - 1);
  crash_flight.store(&flight);
  for (const int signal : kCrashes) {
    struct sigaction action {};
    action.sa_handler = on_crash;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
    (void)::sigaction(signal, &action, nullptr);
  }
}

CrashFlight::~CrashFlight() {
  for (const int signal : kCrashes) std::signal(signal, SIG_DFL);
  crash_flight.store(nullptr);
}

std::string write_flight(const runtime::FlightRecorder& flight, const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  const bool written = file >= 0 && flight.write(file);
  const std::string error = written ? "" : path + ": cannot be written: " + std::strerror(errno);
  if (file >= 0) ::close(file);
  return error;
}

}  // namespace plimsoll::service
