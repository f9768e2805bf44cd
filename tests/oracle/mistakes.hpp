#pragma once

// Small mistakes in the rules, to show that random histories notice them.

namespace plimsoll::oracle {

enum class Mistake {
  none,
  median_takes_the_upper,
  clamp_not_applied,
  quorum_one_too_many,
  stale_one_instant_late,
  freeze_width_rounded_down,
  corners_swapped,
  worst_corner_is_what_shows,
  confirmation_forgotten,
  suspended_deadline_not_moved,
  breaker_counts_across_windows,
  redemption_lifts_the_low_end,
  anchor_never_moves,
  basis_forgets_time,
  frozen_positions_are_liquidated,
  numbers_may_repeat,
  conflated_samples_stay_good,
};

}  // namespace plimsoll::oracle
