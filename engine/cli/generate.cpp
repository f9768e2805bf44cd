#include "engine/cli/generate.hpp"

#include <memory>
#include <ostream>

#include "engine/cli/exit_code.hpp"
#include "engine/configuration/configuration.hpp"
#include "engine/generate/accounts.hpp"
#include "engine/generate/capture.hpp"
#include "engine/platform/output_file.hpp"
#include "engine/value/decimal.hpp"
#include "feeds/replay/first_prices.hpp"

namespace plimsoll::cli {
namespace {

/// A generator's configuration, prices and output; each step that fails prints one line.
class Generation {
 public:
  Generation(const GenerateOptions& options, std::ostream& out, std::ostream& err)
      : options_{options}, out_{out}, err_{err} {}

  /// Everything before generating; kOk goes on.
  int prepare() {
    configuration::ConfigurationResult loaded =
        configuration::load_configuration(options_.config, configuration::Keys::passed_over);
    for (const auto& error : loaded.errors) fail(kBadInput, configuration::to_string(error));
    if (!loaded.ok()) return kBadInput;
    configuration_ = std::move(*loaded.configuration);
    prices_ = configuration_.reference_prices;
    if (const int code = take_captured_prices(); code != kOk) return code;
    for (const std::string& price : options_.prices) {
      if (const int code = take_price(price); code != kOk) return code;
    }
    if (options_.output.empty()) return kOk;
    file_ = std::make_unique<platform::OutputFile>(options_.output);
    return file_->error().empty() ? kOk : fail(kFailed, file_->error());
  }

  void write(std::string_view text) {
    if (file_) {
      file_->append(text);
    } else {
      out_ << text;
    }
  }

  int finish(const std::vector<generate::SettingError>& errors) {
    for (const auto& error : errors) fail(kUsage, error.field + ": " + error.reason);
    if (!errors.empty()) return kUsage;
    if (file_ && !file_->close()) return fail(kFailed, file_->error());
    if (!file_ && !out_.flush()) return fail(kFailed, "standard output: write failed");
    return kOk;
  }

  int fail(int code, const std::string& line) {
    err_ << "plimsoll: " << line << "\n";
    return code;
  }

  [[nodiscard]] const reference::Reference& reference() const { return configuration_.reference; }
  [[nodiscard]] const generate::Prices& prices() const { return prices_; }

 private:
  int take_captured_prices() {
    if (options_.near.empty()) return kOk;
    const feeds::FirstPrices first = feeds::first_prices(options_.near, reference());
    if (first.error) return fail(kBadInput, feeds::to_string(*first.error));
    for (std::size_t i = 0; i < prices_.size(); ++i) {
      // A book near a capture holds only what the capture prices.
      prices_[i] = first.prices[i].raw() > 0 ? std::optional{first.prices[i]} : std::nullopt;
    }
    return kOk;
  }

  int take_price(const std::string& text) {
    const std::size_t sign = text.find('=');
    const std::string symbol = text.substr(0, sign);
    const int instrument = reference::find_instrument(reference(), symbol);
    if (sign == std::string::npos || instrument < 0) {
      return fail(kUsage, "--price = \"" + text + "\": not SYMBOL=PRICE of an instrument in " +
                              options_.config);
    }
    const DecimalResult price = parse_decimal(text.substr(sign + 1), kPriceDecimals);
    if (!price.ok() || price.raw <= 0) {
      return fail(kUsage, "--price = \"" + text +
                              "\": " + (price.ok() ? "not above 0" : to_string(price.error)));
    }
    const auto index = static_cast<std::size_t>(instrument);
    const Price highest = reference().instruments[index].price_max;
    if (price.raw > highest.raw()) {
      return fail(kUsage, "--price = \"" + text + "\": above price_max " +
                              format_decimal(highest.raw(), kPriceDecimals));
    }
    prices_[index] = Price::from_raw(price.raw);
    return kOk;
  }

  const GenerateOptions& options_;
  std::ostream& out_;
  std::ostream& err_;
  configuration::Configuration configuration_;
  generate::Prices prices_;
  std::unique_ptr<platform::OutputFile> file_;
};

}  // namespace

int run_generate_accounts(const GenerateAccountsOptions& options, std::ostream& out,
                          std::ostream& err) {
  Generation generation{options.common, out, err};
  if (const int code = generation.prepare(); code != kOk) return code;
  std::string line;
  return generation.finish(generate::generate_accounts(
      generation.reference(),
      {.seed = options.common.seed, .count = options.count, .prices = generation.prices()},
      [&](const generate::BookAccount& account) {
        line.clear();
        generate::append_line(line, account, generation.reference());
        generation.write(line);
      }));
}

int run_generate_capture(const GenerateCaptureOptions& options, std::ostream& out,
                         std::ostream& err) {
  Generation generation{options.common, out, err};
  if (const int code = generation.prepare(); code != kOk) return code;
  const DecimalResult drop = parse_decimal(options.drop, 6);
  constexpr std::int64_t kDropMax = 800'000;
  if (!drop.ok() || drop.raw < 0 || drop.raw > kDropMax) {
    return generation.fail(kUsage,
                           "--drop = \"" + options.drop + "\": not a fraction from 0 to 0.8");
  }
  generate::CaptureSettings settings;
  settings.seed = options.common.seed;
  settings.seconds = options.seconds;
  settings.rate = options.rate;
  settings.crash.drop = static_cast<std::uint64_t>(drop.raw);
  settings.mark_prices = options.mark_prices;
  settings.prices = generation.prices();
  return generation.finish(generate::generate_capture(
      generation.reference(), settings, [&](std::string_view line) { generation.write(line); }));
}

}  // namespace plimsoll::cli
