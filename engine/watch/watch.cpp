#include "engine/watch/watch.hpp"

namespace plimsoll::watch {

Watch::Watch(const reference::Reference& reference, const ledger::Ledger& ledger,
             const marks::Marks& marks)
    : certifier_{reference, ledger, marks},
      bands_{reference.instruments.size() + reference.assets.size(), reference.limits.accounts,
             reference.limits.positions} {
  exhausted_.reserve(reference.limits.accounts);
}

void Watch::set(ledger::AccountIndex account, const Findings& findings) {
  bands_.clear(account);
  exhausted_[account] = findings.least() < 0 ? 1 : 0;
  if (exhausted_[account] != 0) {
    bands_.add_always(account, certifier_.factors_of(account));
    return;
  }
  certifier_.certify(account, findings,
                     [&](const Certificate& certificate) { bands_.add(account, certificate); });
}

}  // namespace plimsoll::watch
