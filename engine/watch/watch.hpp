#pragma once

#include <cstdint>
#include <vector>

#include "engine/ledger/ledger.hpp"
#include "engine/marks/marks.hpp"
#include "engine/watch/bands.hpp"
#include "engine/watch/certifier.hpp"

namespace plimsoll::watch {

/// Which accounts are judged after an input. It never changes an outcome, only the work.
enum class Mode : std::uint8_t {
  bands,  // those whom the input concerns and whose safe bands a price has left
  naive,  // every account, after every input: the oracle
};

/// Who has to be judged when a price has moved: the accounts of one shard, their certificates and
/// bands. Nothing here is part of an event, a hash or a record.
class Watch {
 public:
  Watch(const reference::Reference& reference, const ledger::Ledger& ledger,
        const marks::Marks& marks);

  /// What there is to know of an account when it is opened.
  enum class Known : std::uint8_t { all, nothing };

  /// The account that the ledger has just opened.
  void open(Known known = Known::all) {
    bands_.open();
    exhausted_.push_back(known == Known::all ? 0 : 1);
  }
  /// What a judgement of an account has found. REQUIRES: at the present marks.
  void set(ledger::AccountIndex account, const Findings& findings);
  /// What was known of an account is over: it is judged at the next chance.
  void forget(ledger::AccountIndex account) { set(account, {}); }
  /// Has the account to be judged at the next chance?
  [[nodiscard]] bool exhausted(ledger::AccountIndex account) const noexcept {
    return exhausted_[account] != 0;
  }

  /// Gets what is known of an account that is soon judged into the processor's cache; then, a
  /// little later, its certificate.
  void fetch(ledger::AccountIndex account) const noexcept {
    bands_.fetch(account);
    prefetch(&exhausted_[account]);
  }
  void fetch_certificate(ledger::AccountIndex account) const noexcept {
    bands_.fetch_certificate(account);
  }
  /// Within work(), which may call set() for many accounts, bands are made many at a time: faster.
  template <class Work>
  void batch(Work&& work) {
    bands_.batch(work);
  }

  /// A mark, or index, is now that. Returns whether all its holders have to be judged. REQUIRES:
  /// the marks have it; cross() follows, or a judgement of all holders.
  template <class Id>
  [[nodiscard]] bool move(Id id, Price price) {
    return bands_.move(certifier_.factor_of(id), price);
  }
  /// Calls judge(account) for each account that may not be where it was. It sets what it finds.
  /// Some time before come fetch(account, false) and, nearer, fetch(account, true).
  template <class Id, class Fetch, class Judge>
  void cross(Id id, Fetch&& fetch, Judge&& judge) {
    bands_.cross(certifier_.factor_of(id), fetch, judge);
  }

  [[nodiscard]] const Bands& bands() const noexcept { return bands_; }

 private:
  Certifier certifier_;
  Bands bands_;
  std::vector<std::uint8_t> exhausted_;  // by account
};

}  // namespace plimsoll::watch
