#pragma once

#include <string>

#include "engine/runtime/flight_recorder.hpp"

namespace plimsoll::service {

/// While it lives, a crash of the process (a signal that it cannot go on after, a failed assertion
/// among them) first writes the flight record to a file. One at a time.
class CrashFlight {
 public:
  CrashFlight(const runtime::FlightRecorder& flight, std::string path);
  ~CrashFlight();
  CrashFlight(const CrashFlight&) = delete;
  CrashFlight& operator=(const CrashFlight&) = delete;
};

/// Writes the flight record to a new file; an error in words, or nothing. Any thread.
[[nodiscard]] std::string write_flight(const runtime::FlightRecorder& flight,
                                       const std::string& path);

}  // namespace plimsoll::service
