#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace plimsoll::cli {

/// What both generators need.
struct GenerateOptions {
  std::string config;
  std::uint64_t seed{1};
  std::vector<std::string> prices;  // "BTCUSDT=61800.5"; they go before the following
  std::vector<std::string> near;    // captures: their first prices
  std::string output;               // a file; empty: standard output
};

/// `plimsoll generate accounts`.
struct GenerateAccountsOptions {
  GenerateOptions common;
  std::uint64_t count{100'000};
};

/// `plimsoll generate capture`.
struct GenerateCaptureOptions {
  GenerateOptions common;
  std::uint64_t seconds{60};
  std::uint64_t rate{500};
  std::string drop{"0.3"};
  bool mark_prices{false};
};

/// Writes an accounts file (config/README.md). Prices come from --price, --near, or the reference
/// prices of the configuration, in this order. Returns the exit code.
int run_generate_accounts(const GenerateAccountsOptions& options, std::ostream& out,
                          std::ostream& err);

/// Writes a capture of a crash in the format of a recorded venue session. Returns the exit code.
int run_generate_capture(const GenerateCaptureOptions& options, std::ostream& out,
                         std::ostream& err);

}  // namespace plimsoll::cli
