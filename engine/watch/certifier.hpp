#pragma once

#include "engine/ledger/ledger.hpp"
#include "engine/margin/findings.hpp"
#include "engine/marks/marks.hpp"
#include "engine/watch/certificate.hpp"
#include "engine/watch/steepness.hpp"

namespace plimsoll::watch {

using margin::Findings;

/// Makes the certificates of accounts.
///
/// Where each line of an account stands for itself, its part of the excess, value less f times the
/// requirement, is concave in the mark, or, of a short inverse line, in its inverse: between two
/// marks it is nowhere below the chord. So what the line is worth at the end of an interval bounds
/// it over the whole interval. The end is the last price there can be, or twice or half the mark.
/// Elsewhere the steepest of all tables and profiles bounds the move.
class Certifier {
 public:
  Certifier(const reference::Reference& reference, const ledger::Ledger& ledger,
            const marks::Marks& marks);

  /// Calls use(certificate) for each certificate of an account; none when a judgement can find
  /// nothing whatever prices do. REQUIRES: the account is complete, and nothing is used up.
  template <class Use>
  void certify(ledger::AccountIndex account, const Findings& findings, Use&& use) {
    if (findings.least() == Findings::kUnlimited) return;
    if (findings.by_line && certify_floor(account, findings)) {
      use(certificate_);
      if (findings.ceiling == Findings::kUnlimited) return;
      certify_ceiling(account, findings);
      use(certificate_);
      return;
    }
    certify_all(account, findings);
    use(certificate_);
  }

  /// The factors that an account depends on, until the next call.
  [[nodiscard]] const std::vector<Factor>& factors_of(ledger::AccountIndex account);
  [[nodiscard]] Factor factor_of(InstrumentId instrument) const noexcept {
    return instrument.raw();
  }
  [[nodiscard]] Factor factor_of(AssetId asset) const noexcept {
    return static_cast<Factor>(reference_.instruments.size()) + asset.raw();
  }

 private:
  [[nodiscard]] bool certify_floor(ledger::AccountIndex account, const Findings& findings);
  [[nodiscard]] bool add_floor_side(const ledger::Position& line, const margin::Contribution& now,
                                    Rate factor, const reference::Profile& profile);
  void certify_ceiling(ledger::AccountIndex account, const Findings& findings);
  void certify_all(ledger::AccountIndex account, const Findings& findings);
  /// How a line bears on an excess.
  struct Exposure {
    Steepness::Line steepness;
    double worth{1};       // a unit of settlement, in the margin asset
    bool may_rise{false};  // an excess that rises needs no judgement
    double gain{0};        // at least, of what the value gains
    bool within{false};    // only as long as the notional is at most twice what it is
  };
  /// The mark of a line, each way that it can hurt.
  void add_line(const ledger::Position& line, const Exposure& exposure);
  void add_index(AssetId asset, double reach);
  /// The highest rate that a line can be charged while its notional is at most twice what it is.
  [[nodiscard]] Int128 highest_rate(const ledger::Position& line,
                                    const reference::Profile& profile) const;
  [[nodiscard]] const std::vector<AssetId>& assets_of(ledger::AccountIndex account);

  const reference::Reference& reference_;
  const ledger::Ledger& ledger_;
  const marks::Marks& marks_;
  Steepness steepness_;
  Certificate certificate_;
  std::vector<Factor> factors_;
  std::vector<AssetId> assets_;
};

}  // namespace plimsoll::watch
