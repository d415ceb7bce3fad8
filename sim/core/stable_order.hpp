// A stable sort for short lists.
#pragma once

#include <algorithm>

namespace windtunnel {

/// As std::stable_sort, by insertion: for lists of some hundred. (libstdc++ 12's own asks for a temporary buffer by a
/// function that its headers call deprecated, which clang reports at the caller.)
template <class Iterator, class Less>
void stable_order(Iterator first, Iterator last, Less less) {
  for (Iterator at = first; at != last; ++at) std::rotate(std::upper_bound(first, at, *at, less), at, at + 1);
}

}  // namespace windtunnel
