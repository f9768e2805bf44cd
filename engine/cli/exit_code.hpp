#pragma once

namespace plimsoll::cli {

/// What the program ends with. Documented in the README.
enum ExitCode : int {
  kOk = 0,
  kUsage = 2,     // the command line makes no sense
  kBadInput = 3,  // a file is missing or wrong: configuration, accounts, capture, record
  kFailed = 4,    // the system said no: port in use, disk full, connection lost
  kBroken = 5,    // an invariant does not hold: conservation, or a record that replays differently
  kMissed = 6,    // tail: all is well, but some events were no longer retained
};

}  // namespace plimsoll::cli
