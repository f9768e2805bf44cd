#include "engine/cli/command_line.hpp"

#include <iostream>
#include <memory>

#include "engine/cli/check_config.hpp"
#include "engine/cli/compare_marks.hpp"
#include "engine/cli/event_names.hpp"
#include "engine/cli/exit_code.hpp"
#include "engine/cli/feeds.hpp"
#include "engine/cli/flight.hpp"
#include "engine/cli/generate.hpp"
#include "engine/cli/import.hpp"
#include "engine/cli/margin.hpp"
#include "engine/cli/opening_book.hpp"
#include "engine/cli/record.hpp"
#include "engine/cli/replay.hpp"
#include "engine/cli/serve.hpp"
#include "engine/cli/serve_capture.hpp"
#include "engine/cli/sign.hpp"
#include "engine/cli/stand_in.hpp"
#include "engine/cli/tail.hpp"
#include "engine/configuration/configuration.hpp"
#include "feeds/text/iso_time.hpp"

// Each command owns what its words are read into.

namespace plimsoll::cli {
namespace {

/// A whole number without a sign: -1 must not become 2^64 - 1.
std::string whole_number_error(const std::string& text) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::string{} : text + ": not a whole number";
}
const CLI::Validator kWhole{[](std::string& text) { return whole_number_error(text); }, ""};

/// Adds an option whose text `parse` makes a value of, or nothing: then it is not `what_it_is`.
template <class Value, class Parse>
CLI::Option* add_parsed(CLI::App* command, const std::string& name, Value& into, Parse parse,
                        const std::string& what_it_is, const std::string& description) {
  const auto read = [name, &into, parse, what_it_is](const std::string& text) {
    auto value = parse(text);
    if (!value) throw CLI::ValidationError(name + " = \"" + text + "\": not " + what_it_is);
    into = *value;
  };
  return command->add_option_function<std::string>(name, read, description);
}

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
  const std::string time = "a UTC time (2024-08-08T23:55:00Z) or ns since 1970";
  add_parsed(command, "--from", feed.from, parse_receive_time, time,
             "Receive time to start at: 2024-08-08T23:55:00Z, or ns since 1970");
  add_parsed(command, "--to", feed.to, parse_receive_time, time, "Last receive time");
  command->add_flag("--quotes-from-trades", feed.translator.quotes_from_trades,
                    "Quotes from the last bought and the last sold trade");
}

void add_speed(CLI::App* command, feeds::Speed& speed, const char* otherwise) {
  const auto parse = [](const std::string& text) { return feeds::parse_speed(text); };
  add_parsed(
      command, "--speed", speed, parse, "max or a factor above 0",
      std::string{"1, 10, any factor of captured time, or max (default: "} + otherwise + ")");
}

/// An account of the command line.
void add_account(CLI::App* command, std::optional<AccountId>& account, const char* description) {
  const auto read = [&account](const std::uint64_t& number) {
    if (number != 0) account = AccountId::from_raw(number);
  };
  command->add_option_function<std::uint64_t>("--account", read, description)->check(kWhole);
}

Command add_replay(CLI::App& app) {
  const auto options = std::make_shared<ReplayOptions>();
  CLI::App* command = app.add_subcommand("replay", "Drive the engine with captures or a record");
  command->add_option("--config", options->config, "Configuration (TOML)")->required();
  add_speed(command, options->speed, "max");
  auto* shards = command->add_option("--shards", options->shards, "Worker threads with accounts")
                     ->check(CLI::Range(1U, 64U));
  // It says what is so anyway, but not together with shards.
  command
      ->add_flag_function(
          "--inline", [](std::int64_t) {}, "One thread for everything (default)")
      ->excludes(shards);
  command->add_flag("--naive", options->naive, "Revalue every account after every input");
  command->add_option("--accounts", options->accounts,
                      "Accounts, positions and orders (JSON Lines, a folder of CSV, or packed)");
  command->add_option("--inputs", options->inputs,
                      "Fills, transfers, orders, indices, settlements and more (JSON Lines)");
  command->add_option("--record", options->record, "Write the sequenced inputs to this file");
  command->add_option("--events", options->events, "Write the events to this file (JSON Lines)");
  command->add_option("--listen", options->listen, "Serve the events over TCP (0: any free port)")
      ->check(CLI::Range(0, 65535));
  command->add_option("--linger", options->linger_seconds,
                      "Seconds to wait at the end for a first subscriber");
  command->add_flag("--json", options->json, "End with one JSON object instead of a page");
  add_feed_options(command, options->feed);
  command->add_option("--loop", options->feed.loops, "How often to go through the captures")
      ->check(kWhole & CLI::Range(1U, 1'000'000U));
  command->add_flag("--step", options->step,
                    "Wait for a line on standard input before each input; a number: so many");
  command->add_option("captures", options->captures,
                      "Captures, PATH or VENUE=PATH, merged by receive time; or a record");
  const auto run = [options] {
    if (options->captures.empty() && options->inputs.empty()) {
      return usage_error("replay needs a capture, a record, or --inputs");
    }
    return run_replay(*options, std::cout, std::cerr);
  };
  return {command, run, [options] { return options->json && !options->listen; }};
}

Command add_feeds(CLI::App& app) {
  const auto options = std::make_shared<FeedsOptions>();
  CLI::App* command =
      app.add_subcommand("feeds", "Say what captures hold, and account for every line");
  command->add_option("captures", options->captures, "Captures, PATH or VENUE=PATH, and folders")
      ->required();
  command->add_flag("--json", options->json, "One JSON object instead of a page");
  return {command, [options] { return run_feeds(*options, std::cout, std::cerr); }};
}

Command add_compare_marks(CLI::App& app) {
  const auto options = std::make_shared<CompareMarksOptions>();
  CLI::App* command = app.add_subcommand(
      "compare-marks", "Who is liquidated under which way to mark, on the same captures");
  command->add_option("captures", options->captures, "Captures, PATH or VENUE=PATH")->required();
  command->add_option("--config", options->config, "Configuration (TOML)")->required();
  command
      ->add_option("--mark", options->marks,
                   "last_trade, middle, index_basis, median, venue or automatic; may be given "
                   "again (default: the first four)")
      ->allow_extra_args(false);
  command->add_option("--steps", options->steps, "Accounts of each instrument and side")
      ->default_val(100)
      ->check(CLI::Range(2, 10'000));
  add_feed_options(command, options->feed);
  command->add_flag("--json", options->json, "One JSON object a line instead of a table");
  return {command, [options] { return run_compare_marks(*options, std::cout, std::cerr); }};
}

Command add_sign(CLI::App& app) {
  const auto options = std::make_shared<SignOptions>();
  CLI::App* command = app.add_subcommand("sign", "Sign inputs of an operator: stdin to stdout");
  command->add_option("--config", options->config, "Configuration (TOML)")->required();
  command->add_option("--operator", options->who, "Who signs, a name in the configuration")
      ->required();
  command->add_option("--key", options->key, "File of the key (default: the configuration's)");
  return {command, [options] { return run_sign(*options, std::cin, std::cout, std::cerr); }};
}

Command add_import(CLI::App& app) {
  const auto options = std::make_shared<ImportOptions>();
  CLI::App* command =
      app.add_subcommand("import", "Turn what a venue publishes into sections of a configuration");
  command->add_option("venue", options->venue, "binance, bitmex, deribit, gate, kraken or okx")
      ->required();
  command->add_option("files", options->files, "Answers of the venue (JSON), or recordings of them")
      ->required();
  command->add_option("--output", options->output, "File to write (default: standard output)");
  command->add_option("--symbol", options->symbols, "Only this one; may be given again")
      ->allow_extra_args(false);
  return {command, [options] { return run_import(*options, std::cout, std::cerr); }};
}

Command add_margin(CLI::App& app) {
  const auto options = std::make_shared<MarginOptions>();
  CLI::App* command =
      app.add_subcommand("margin", "Explain the margin of a portfolio, and what would change it");
  command->add_option("portfolio", options->portfolio, "Portfolio (TOML)")->required();
  command->add_option("--accounts", options->accounts,
                      "Accounts instead of the portfolio's own (JSON Lines, or a folder of CSV)");
  command
      ->add_option(
          "--what-if", options->what_ifs,
          "\"BTCUSDT=-10%\", \"index BTC=60000\", \"funding BTCUSDT=0.0001\", \"buy 1 BTCUSDT "
          "[long] [@ 60000]\", \"deposit 100 USDT\"; may be given again")
      ->allow_extra_args(false);
  command
      ->add_option("--beta", options->betas,
                   "SYMBOL=B or ASSET=B: moves along in liquidation prices; may be given again")
      ->allow_extra_args(false);
  add_account(command, options->account, "Only this account");
  command->add_flag("--json", options->json, "One JSON object instead of a page");
  return {command, [options] { return run_margin(*options, std::cout, std::cerr); }};
}

Command add_record(CLI::App& app) {
  const auto options = std::make_shared<RecordOptions>();
  CLI::App* command = app.add_subcommand("record", "Write what a venue sends to a capture");
  command->add_option("--venue", options->venue, known_venues())->required();
  command->add_option("--symbols", options->symbols, "A,B,... in the venue's words")
      ->required()
      ->delimiter(',');
  command
      ->add_option("--channels", options->channels,
                   "A,B,... of the venue; with {symbol} in it: a whole topic")
      ->delimiter(',');
  command->add_option("--url", options->url, "ws:// or wss:// instead of the venue's own");
  command->add_option("--out", options->output, "A new file; .gz and .zst are compressed")
      ->required();
  const auto format = [](const std::string& text) -> std::optional<feeds::StampFormat> {
    if (text == "tardis") return feeds::StampFormat::iso;
    if (text == "stamp") return feeds::StampFormat::nanoseconds;
    return std::nullopt;
  };
  add_parsed(command, "--format", options->format, format, "tardis or stamp",
             "tardis (ISO stamps, the default) or stamp (nanoseconds)");
  const char* length = "a time such as 90s, 5m or 2h";
  add_parsed(command, "--for", options->length, parse_length, length,
             "90s, 5m, 2h; default: until interrupted");
  add_parsed(command, "--silence", options->silence_max, parse_length, length,
             "Reconnect after so long without a message");
  command->add_option("--ca", options->ca, "Trust the certificates of this file (PEM) instead");
  return {command, [options] { return run_record(*options, std::cout, std::cerr); }};
}

Command add_serve_capture(CLI::App& app) {
  const auto options = std::make_shared<ServeCaptureOptions>();
  CLI::App* command =
      app.add_subcommand("serve-capture", "Be a venue that sends captures over WebSocket");
  command->add_option("captures", options->captures, "Captures, merged by receive time")
      ->required();
  command->add_option("--listen", options->port, "Port (0: any free port)")
      ->required()
      ->check(CLI::Range(0, 65535));
  command->add_option("--address", options->address, "Address to listen on")
      ->default_val("127.0.0.1");
  command->add_option("--tls", options->tls, "CERTIFICATE KEY, both PEM")->expected(2);
  options->speed = feeds::Speed::times(1);
  add_speed(command, options->speed, "1");
  command
      ->add_option("--drop-after", options->drop_after,
                   "Break each connection after so many messages")
      ->check(kWhole & CLI::PositiveNumber);
  return {command, [options] { return run_serve_capture(*options, std::cout, std::cerr); }};
}

Command add_serve(CLI::App& app) {
  const auto options = std::make_shared<ServeOptions>();
  CLI::App* command =
      app.add_subcommand("serve", "Run the engine on live feeds and a matching engine's stream");
  command->add_option("--config", options->config, "Configuration (TOML)")->required();
  command->add_option(
      "--accounts", options->accounts,
      "Accounts, positions and orders to start with (JSON Lines, a folder of CSV, or packed)");
  command->add_option("--record", options->record, "Write the sequenced inputs to this file");
  return {command, [options] { return run_serve(*options, std::cout, std::cerr); }};
}

Command add_pack(CLI::App& app) {
  const auto options = std::make_shared<PackOptions>();
  CLI::App* command =
      app.add_subcommand("pack", "Write a book so that a million accounts are open in a second");
  command->add_option("--config", options->config, "Configuration (TOML)")->required();
  command
      ->add_option("--accounts", options->accounts,
                   "Accounts, positions and orders (JSON Lines, or a folder of CSV)")
      ->required();
  command->add_option("--output", options->output, "Write the packed book to this file")
      ->required();
  return {command, [options] { return run_pack(*options, std::cout, std::cerr); }};
}

Command add_flight(CLI::App& app) {
  const auto path = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("flight", "Print a flight record of the engine");
  command->add_option("file", *path, "Flight record")->required();
  return {command, [path] { return run_flight(*path, std::cout, std::cerr); }};
}

/// HOST:PORT of a gateway.
struct Server {
  std::string host;
  std::uint16_t port{0};
};
std::optional<Server> parse_server(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return {};
  const std::string port = text.substr(colon + 1);
  const bool digits = !port.empty() && port.size() <= 5 && whole_number_error(port).empty();
  if (!digits || std::stoul(port) == 0 || std::stoul(port) > 65535) return {};
  return Server{text.substr(0, colon), static_cast<std::uint16_t>(std::stoul(port))};
}

Command add_stand_in(CLI::App& app) {
  const auto options = std::make_shared<StandInOptions>();
  const auto events = std::make_shared<Server>();
  CLI::App* command =
      app.add_subcommand("stand-in", "Be a matching engine, for staging: a stream of commands");
  command->add_option("--config", options->config, "Configuration (TOML)")->required();
  command->add_option("--listen", options->port, "Port of the stream (0: any free port)")
      ->required()
      ->check(CLI::Range(0, 65535));
  command->add_option("--accounts", options->accounts,
                      "Accounts to say first (JSON Lines, or a folder of CSV)");
  command->add_option("--inputs", options->inputs,
                      "Fills, transfers and orders to say at their times (JSON Lines)");
  command->add_option("--journal", options->journal,
                      "Keep the stream in this file, and go on with it");
  add_parsed(command, "--events", *events, parse_server, "HOST:PORT",
             "HOST:PORT of the margin engine, whose orders are filled");
  command->add_option("--user", options->user, "User to log on as there");
  command->add_option("--password", options->password, "Password");
  return {command, [options, events] {
            options->events_host = events->host;
            options->events_port = events->port;
            return run_stand_in(*options, std::cout, std::cerr);
          }};
}

/// Symbols and decimals for lines for people; prints what is wrong with the file.
bool load_names(const std::string& path, TailOptions& options) {
  const auto loaded = configuration::load_configuration(path, configuration::Keys::passed_over);
  for (const auto& error : loaded.errors) (void)usage_error(configuration::to_string(error));
  if (loaded.ok()) options.names = event_names_of(loaded.configuration->reference);
  return loaded.ok();
}

int run_tail_command(TailOptions& options, const Server& server, const std::string& config) {
  if (options.user.size() > 6 || options.password.size() > 10) {
    return usage_error("--user has at most 6 characters, --password at most 10");
  }
  options.host = server.host;
  options.port = server.port;
  if (!config.empty() && !load_names(config, options)) return kBadInput;
  const int code = run_tail(options, std::cout, std::cerr);
  if (code == kTailComplete) return kOk;
  return code == kTailGaps ? kMissed : kFailed;
}

Command add_tail(CLI::App& app) {
  const auto options = std::make_shared<TailOptions>();
  const auto server = std::make_shared<Server>();
  const auto config = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("tail", "Follow the events of a running engine");
  add_parsed(command, "--connect", *server, parse_server, "HOST:PORT", "HOST:PORT")->required();
  command->add_option("--from", options->from, "First event wanted; 0: only new ones")
      ->default_val(1)
      ->check(kWhole);
  add_account(command, options->account, "Only events of this account");
  command->add_option("--user", options->user, "User to log on as");
  command->add_option("--password", options->password, "Password");
  command->add_option("--config", *config, "Configuration, to print names and decimals");
  command->add_flag("--json", options->json, "One JSON object a line");
  command->add_flag("--snapshot", options->snapshot,
                    "The states of all accounts first, then events (from the next one on)");
  command->add_flag("--part", options->part, "The user sees some accounts only");
  return {command, [command, options, server, config] {
            if (options->snapshot && command->count("--from") == 0) options->from = 0;
            return run_tail_command(*options, *server, *config);
          }};
}

void add_common(CLI::App* command, GenerateOptions& options) {
  command->add_option("--config", options.config, "Configuration (TOML)")->required();
  command->add_option("--seed", options.seed, "Same seed, same bytes")
      ->default_val(1)
      ->check(kWhole);
  command->add_option("--price", options.prices, "SYMBOL=PRICE to start from");
  command->add_option("--near", options.near, "Captures whose first prices to start from");
  command->add_option("--output", options.output, "File to write (default: standard output)");
}

Command add_generate(CLI::App& app) {
  const auto accounts = std::make_shared<GenerateAccountsOptions>();
  const auto capture = std::make_shared<GenerateCaptureOptions>();
  CLI::App* command = app.add_subcommand("generate", "Make accounts or a capture from a seed");
  command->require_subcommand(1);
  CLI::App* book = command->add_subcommand("accounts", "A believable book of accounts");
  add_common(book, accounts->common);
  book->add_option("--count", accounts->count, "Accounts")->default_val(100'000)->check(kWhole);
  CLI::App* crash = command->add_subcommand("capture", "A crash in the venue's format");
  add_common(crash, capture->common);
  crash->add_option("--seconds", capture->seconds, "Length")->default_val(60)->check(kWhole);
  crash->add_option("--rate", capture->rate, "Lines per second")
      ->default_val(500)
      ->check(CLI::Range(1, 1'000'000));
  crash->add_option("--drop", capture->drop, "Depth of the crash")->default_val("0.3");
  crash->add_flag("--mark-price", capture->mark_prices, "With mark prices of the venue");
  return {command, [book, accounts, capture] {
            return book->parsed() ? run_generate_accounts(*accounts, std::cout, std::cerr)
                                  : run_generate_capture(*capture, std::cout, std::cerr);
          }};
}

Command add_check_config(CLI::App& app) {
  const auto config = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("check-config", "Validate a configuration");
  command->add_option("config", *config, "Configuration (TOML)")->required();
  return {command, [config] { return run_check_config(*config, std::cout, std::cerr); }};
}

}  // namespace

int usage_error(const std::string& line) {
  std::cerr << "plimsoll: " << line << "\n";
  return kUsage;
}

std::vector<Command> add_commands(CLI::App& app) {
  return {add_replay(app), add_serve(app),         add_feeds(app),       add_compare_marks(app),
          add_record(app), add_serve_capture(app), add_tail(app),        add_generate(app),
          add_import(app), add_margin(app),        add_sign(app),        add_stand_in(app),
          add_flight(app), add_pack(app),          add_check_config(app)};
}

}  // namespace plimsoll::cli
