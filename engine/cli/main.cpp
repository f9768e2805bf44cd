// The `plimsoll` program: its command line, and nothing else.

#include <iostream>

#include <CLI/CLI.hpp>

#include "engine/cli/check_config.hpp"
#include "engine/cli/compare_marks.hpp"
#include "engine/cli/event_names.hpp"
#include "engine/cli/exit_code.hpp"
#include "engine/cli/feeds.hpp"
#include "engine/cli/generate.hpp"
#include "engine/cli/import.hpp"
#include "engine/cli/margin.hpp"
#include "engine/cli/record.hpp"
#include "engine/cli/replay.hpp"
#include "engine/cli/serve_capture.hpp"
#include "engine/cli/sign.hpp"
#include "engine/cli/tail.hpp"
#include "engine/configuration/configuration.hpp"
#include "engine/platform/log.hpp"
#include "feeds/text/iso_time.hpp"

namespace {

using namespace plimsoll;  // NOLINT(google-build-using-namespace): the program, not a header.

/// A whole number without a sign: -1 must not become 2^64 - 1.
std::string whole_number_error(const std::string& text) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::string{} : text + ": not a whole number";
}
const CLI::Validator kWhole{[](std::string& text) { return whole_number_error(text); }, ""};

/// The texts of options of `replay` that are more than numbers.
struct ReplayTexts {
  std::string speed;
  bool is_inline{false};
};

/// A receive time as people or machines write it.
std::optional<EventTime> parse_receive_time(const std::string& text) {
  if (const auto time = feeds::parse_iso_time(text)) return time;
  const bool digits = !text.empty() && text.size() <= 19 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  const std::uint64_t ns = digits ? std::stoull(text) : 0;
  if (!digits || ns > static_cast<std::uint64_t>(feeds::kStampMax.raw())) return {};
  return EventTime::from_raw(static_cast<std::int64_t>(ns));
}

/// Adds what says which part of captures counts, and how.
void add_feed_options(CLI::App* command, feeds::FeedOptions& feed) {
  const auto add_time = [command](const char* name, const char* what,
                                  std::optional<EventTime>& into) {
    const auto read = [name, &into](const std::string& text) {
      into = parse_receive_time(text);
      if (into) return;
      throw CLI::ValidationError(std::string{name} + " = \"" + text +
                                 "\": not a UTC time (2024-08-08T23:55:00Z) or ns since 1970");
    };
    command->add_option_function<std::string>(name, read, what);
  };
  add_time("--from", "Receive time to start at: 2024-08-08T23:55:00Z, or ns since 1970", feed.from);
  add_time("--to", "Last receive time", feed.to);
  command->add_flag("--quotes-from-trades", feed.translator.quotes_from_trades,
                    "Quotes from the last bought and the last sold trade");
}

void add_replay(CLI::App& app, cli::ReplayOptions& options, ReplayTexts& texts) {
  CLI::App* command = app.add_subcommand("replay", "Drive the engine with captures or a record");
  command->add_option("--config", options.config, "Configuration (TOML)")->required();
  command->add_option("--speed", texts.speed, "1, 10, any factor of captured time, or max")
      ->default_val("max");
  auto* shards = command->add_option("--shards", options.shards, "Worker threads with accounts")
                     ->check(CLI::Range(1U, 64U));
  command->add_flag("--inline", texts.is_inline, "One thread for everything (default)")
      ->excludes(shards);
  command->add_flag("--naive", options.naive, "Revalue every account after every input");
  command->add_option("--accounts", options.accounts,
                      "Accounts, positions and orders (JSON Lines, or a folder of CSV)");
  command->add_option("--inputs", options.inputs,
                      "Fills, transfers, orders, indices, settlements and more (JSON Lines)");
  command->add_option("--record", options.record, "Write the sequenced inputs to this file");
  command->add_option("--events", options.events, "Write the events to this file (JSON Lines)");
  command->add_option("--listen", options.listen, "Serve the events over TCP (0: any free port)")
      ->check(CLI::Range(0, 65535));
  command->add_option("--linger", options.linger_seconds,
                      "Seconds to wait at the end for a first subscriber");
  command->add_flag("--json", options.json, "End with one JSON object instead of a page");
  add_feed_options(command, options.feed);
  command->add_option("--loop", options.feed.loops, "How often to go through the captures")
      ->check(kWhole & CLI::Range(1U, 1'000'000U));
  command->add_flag("--step", options.step,
                    "Wait for a line on standard input before each input; a number: so many");
  command->add_option("captures", options.captures,
                      "Captures, PATH or VENUE=PATH, merged by receive time; or a record");
}

void add_feeds(CLI::App& app, cli::FeedsOptions& options) {
  CLI::App* command =
      app.add_subcommand("feeds", "Say what captures hold, and account for every line");
  command->add_option("captures", options.captures, "Captures, PATH or VENUE=PATH, and folders")
      ->required();
  command->add_flag("--json", options.json, "One JSON object instead of a page");
}

void add_tail(CLI::App& app, cli::TailOptions& options, std::string& server, std::uint64_t& account,
              std::string& config) {
  CLI::App* command = app.add_subcommand("tail", "Follow the events of a running engine");
  command->add_option("--connect", server, "HOST:PORT")->required();
  command->add_option("--from", options.from, "First event wanted; 0: only new ones")
      ->default_val(1)
      ->check(kWhole);
  command->add_option("--account", account, "Only events of this account")->check(kWhole);
  command->add_option("--user", options.user, "User to log on as");
  command->add_option("--password", options.password, "Password");
  command->add_option("--config", config, "Configuration, to print names and decimals");
  command->add_flag("--json", options.json, "One JSON object a line");
}

void add_common(CLI::App* command, cli::GenerateOptions& options) {
  command->add_option("--config", options.config, "Configuration (TOML)")->required();
  command->add_option("--seed", options.seed, "Same seed, same bytes")
      ->default_val(1)
      ->check(kWhole);
  command->add_option("--price", options.prices, "SYMBOL=PRICE to start from");
  command->add_option("--near", options.near, "Captures whose first prices to start from");
  command->add_option("--output", options.output, "File to write (default: standard output)");
}

void add_generate(CLI::App& app, cli::GenerateAccountsOptions& accounts,
                  cli::GenerateCaptureOptions& capture) {
  CLI::App* command = app.add_subcommand("generate", "Make accounts or a capture from a seed");
  command->require_subcommand(1);
  CLI::App* book = command->add_subcommand("accounts", "A believable book of accounts");
  add_common(book, accounts.common);
  book->add_option("--count", accounts.count, "Accounts")->default_val(100'000)->check(kWhole);
  CLI::App* crash = command->add_subcommand("capture", "A crash in the venue's format");
  add_common(crash, capture.common);
  crash->add_option("--seconds", capture.seconds, "Length")->default_val(60)->check(kWhole);
  crash->add_option("--rate", capture.rate, "Lines per second")
      ->default_val(500)
      ->check(CLI::Range(1, 1'000'000));
  crash->add_option("--drop", capture.drop, "Depth of the crash")->default_val("0.3");
  crash->add_flag("--mark-price", capture.mark_prices, "With mark prices of the venue");
}

void add_import(CLI::App& app, cli::ImportOptions& options) {
  CLI::App* command =
      app.add_subcommand("import", "Turn what a venue publishes into sections of a configuration");
  command->add_option("venue", options.venue, "binance, bitmex, deribit, gate, kraken or okx")
      ->required();
  command->add_option("files", options.files, "Answers of the venue (JSON), or recordings of them")
      ->required();
  command->add_option("--output", options.output, "File to write (default: standard output)");
  command->add_option("--symbol", options.symbols, "Only this one; may be given again")
      ->allow_extra_args(false);
}

void add_margin(CLI::App& app, cli::MarginOptions& options, std::uint64_t& account) {
  CLI::App* command =
      app.add_subcommand("margin", "Explain the margin of a portfolio, and what would change it");
  command->add_option("portfolio", options.portfolio, "Portfolio (TOML)")->required();
  command->add_option("--accounts", options.accounts,
                      "Accounts instead of the portfolio's own (JSON Lines, or a folder of CSV)");
  command
      ->add_option(
          "--what-if", options.what_ifs,
          "\"BTCUSDT=-10%\", \"index BTC=60000\", \"funding BTCUSDT=0.0001\", \"buy 1 BTCUSDT "
          "[long] [@ 60000]\", \"deposit 100 USDT\"; may be given again")
      ->allow_extra_args(false);
  command
      ->add_option("--beta", options.betas,
                   "SYMBOL=B or ASSET=B: moves along in liquidation prices; may be given again")
      ->allow_extra_args(false);
  command->add_option("--account", account, "Only this account")->check(kWhole);
  command->add_flag("--json", options.json, "One JSON object instead of a page");
}

void add_compare_marks(CLI::App& app, cli::CompareMarksOptions& options) {
  CLI::App* command = app.add_subcommand(
      "compare-marks", "Who is liquidated under which way to mark, on the same captures");
  command->add_option("captures", options.captures, "Captures, PATH or VENUE=PATH")->required();
  command->add_option("--config", options.config, "Configuration (TOML)")->required();
  command
      ->add_option("--mark", options.marks,
                   "last_trade, middle, index_basis, median, venue or automatic; may be given "
                   "again (default: the first four)")
      ->allow_extra_args(false);
  command->add_option("--steps", options.steps, "Accounts of each instrument and side")
      ->default_val(100)
      ->check(CLI::Range(2, 10'000));
  add_feed_options(command, options.feed);
  command->add_flag("--json", options.json, "One JSON object a line instead of a table");
}

void add_sign(CLI::App& app, cli::SignOptions& options) {
  CLI::App* command = app.add_subcommand("sign", "Sign inputs of an operator: stdin to stdout");
  command->add_option("--config", options.config, "Configuration (TOML)")->required();
  command->add_option("--operator", options.who, "Who signs, a name in the configuration")
      ->required();
  command->add_option("--key", options.key, "File of the key (default: the configuration's)");
}

/// `plimsoll record` as it is written, before its times and format are read.
struct RecordWords {
  std::string format;
  std::string length;
  std::string silence;
};

void add_record(CLI::App& app, cli::RecordOptions& options, RecordWords& words) {
  CLI::App* command = app.add_subcommand("record", "Write what a venue sends to a capture");
  command->add_option("--venue", options.venue, cli::known_venues())->required();
  command->add_option("--symbols", options.symbols, "A,B,... in the venue's words")
      ->required()
      ->delimiter(',');
  command
      ->add_option("--channels", options.channels,
                   "A,B,... of the venue; with {symbol} in it: a whole topic")
      ->delimiter(',');
  command->add_option("--url", options.url, "ws:// or wss:// instead of the venue's own");
  command->add_option("--out", options.output, "A new file; .gz and .zst are compressed")
      ->required();
  command->add_option("--format", words.format, "tardis (ISO stamps) or stamp (nanoseconds)")
      ->default_val("tardis")
      ->check(CLI::IsMember({"tardis", "stamp"}));
  command->add_option("--for", words.length, "90s, 5m, 2h; default: until interrupted");
  command->add_option("--silence", words.silence, "Reconnect after so long without a message");
  command->add_option("--ca", options.ca, "Trust the certificates of this file (PEM) instead");
}

void add_serve_capture(CLI::App& app, cli::ServeCaptureOptions& options, std::string& speed,
                       std::uint64_t& drop_after) {
  CLI::App* command =
      app.add_subcommand("serve-capture", "Be a venue that sends captures over WebSocket");
  command->add_option("captures", options.captures, "Captures, merged by receive time")->required();
  command->add_option("--listen", options.port, "Port (0: any free port)")
      ->required()
      ->check(CLI::Range(0, 65535));
  command->add_option("--address", options.address, "Address to listen on")
      ->default_val("127.0.0.1");
  command->add_option("--tls", options.tls, "CERTIFICATE KEY, both PEM")->expected(2);
  command->add_option("--speed", speed, "1, 10, any factor of captured time, or max")
      ->default_val("1");
  command->add_option("--drop-after", drop_after, "Break each connection after so many messages")
      ->check(kWhole);
}

int usage_error(const std::string& line) {
  std::cerr << "plimsoll: " << line << "\n";
  return cli::kUsage;
}

/// Symbols and decimals for lines for people; prints what is wrong with the file.
bool load_names(const std::string& path, cli::TailOptions& options) {
  const auto loaded = configuration::load_configuration(path, configuration::Keys::passed_over);
  for (const auto& error : loaded.errors) (void)usage_error(configuration::to_string(error));
  if (loaded.ok()) options.names = cli::event_names_of(loaded.configuration->reference);
  return loaded.ok();
}

/// A time of the command line; empty means it was not given.
bool read_length(const std::string& name, const std::string& text,
                 std::optional<std::chrono::milliseconds>& length) {
  if (text.empty()) return true;
  length = cli::parse_length(text);
  if (!length) (void)usage_error(name + " = \"" + text + "\": not a time such as 90s, 5m or 2h");
  return length.has_value();
}

int run_record(cli::RecordOptions& options, const RecordWords& words) {
  if (words.format == "stamp") options.format = feeds::StampFormat::nanoseconds;
  if (!read_length("--for", words.length, options.length)) return cli::kUsage;
  if (!read_length("--silence", words.silence, options.silence_max)) return cli::kUsage;
  return cli::run_record(options, std::cout, std::cerr);
}

bool split_server(const std::string& server, cli::TailOptions& options) {
  const std::size_t colon = server.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  options.host = server.substr(0, colon);
  const std::string port = server.substr(colon + 1);
  const bool digits = !port.empty() && port.size() <= 5 &&
                      port.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || std::stoul(port) == 0 || std::stoul(port) > 65535) return false;
  options.port = static_cast<std::uint16_t>(std::stoul(port));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Plimsoll: a real-time margin engine"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "plimsoll 0.1.0");
  cli::ReplayOptions replay;
  ReplayTexts texts;
  add_replay(app, replay, texts);
  cli::FeedsOptions inspected;
  add_feeds(app, inspected);
  cli::TailOptions tail;
  std::string server;
  std::uint64_t account = 0;
  std::string tail_config;
  add_tail(app, tail, server, account, tail_config);
  cli::GenerateAccountsOptions accounts;
  cli::GenerateCaptureOptions capture;
  add_generate(app, accounts, capture);
  cli::ImportOptions imported;
  add_import(app, imported);
  cli::MarginOptions margin;
  std::uint64_t margin_account = 0;
  add_margin(app, margin, margin_account);
  cli::CompareMarksOptions compare;
  add_compare_marks(app, compare);
  cli::SignOptions sign;
  add_sign(app, sign);
  cli::RecordOptions recording;
  RecordWords recording_words;
  add_record(app, recording, recording_words);
  cli::ServeCaptureOptions served;
  std::string served_speed;
  std::uint64_t drop_after = 0;
  add_serve_capture(app, served, served_speed, drop_after);
  std::string config;
  app.add_subcommand("check-config", "Validate a configuration")
      ->add_option("config", config, "Configuration (TOML)")
      ->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : usage_error(error.what());
  }

  platform::start_log(replay.json && !replay.listen);
  if (app.got_subcommand("replay")) {
    const auto parsed = feeds::parse_speed(texts.speed);
    if (!parsed) {
      return usage_error("--speed = \"" + texts.speed + "\": not max or a factor above 0");
    }
    replay.speed = *parsed;
    if (replay.captures.empty() && replay.inputs.empty()) {
      return usage_error("replay needs a capture, a record, or --inputs");
    }
    return cli::run_replay(replay, std::cout, std::cerr);
  }
  if (app.got_subcommand("tail")) {
    if (!split_server(server, tail)) {
      return usage_error("--connect = \"" + server + "\": not HOST:PORT");
    }
    if (tail.user.size() > 6 || tail.password.size() > 10) {
      return usage_error("--user has at most 6 characters, --password at most 10");
    }
    if (account != 0) tail.account = AccountId::from_raw(account);
    if (!tail_config.empty() && !load_names(tail_config, tail)) return cli::kBadInput;
    const int code = cli::run_tail(tail, std::cout, std::cerr);
    if (code == cli::kTailComplete) return cli::kOk;
    return code == cli::kTailGaps ? cli::kMissed : cli::kFailed;
  }
  if (app.got_subcommand("check-config")) {
    return cli::run_check_config(config, std::cout, std::cerr);
  }
  if (app.got_subcommand("margin")) {
    if (margin_account != 0) margin.account = AccountId::from_raw(margin_account);
    return cli::run_margin(margin, std::cout, std::cerr);
  }
  if (app.got_subcommand("compare-marks")) {
    return cli::run_compare_marks(compare, std::cout, std::cerr);
  }
  if (app.got_subcommand("sign")) return cli::run_sign(sign, std::cin, std::cout, std::cerr);
  if (app.got_subcommand("record")) return run_record(recording, recording_words);
  if (app.got_subcommand("serve-capture")) {
    const auto parsed = feeds::parse_speed(served_speed);
    if (!parsed) {
      return usage_error("--speed = \"" + served_speed + "\": not max or a factor above 0");
    }
    served.speed = *parsed;
    if (drop_after != 0) served.drop_after = drop_after;
    return cli::run_serve_capture(served, std::cout, std::cerr);
  }
  if (app.got_subcommand("feeds")) return cli::run_feeds(inspected, std::cout, std::cerr);
  if (app.got_subcommand("import")) return cli::run_import(imported, std::cout, std::cerr);
  const bool wants_accounts = app.get_subcommand("generate")->got_subcommand("accounts");
  return wants_accounts ? cli::run_generate_accounts(accounts, std::cout, std::cerr)
                        : cli::run_generate_capture(capture, std::cout, std::cerr);
}
