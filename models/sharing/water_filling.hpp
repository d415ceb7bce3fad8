// Max-min fair division of one unit under a cap each.
#pragma once

#include <span>

namespace windtunnel {

/// Raises all shares together; one that reaches its cap stays there while the others go on.
/// Afterwards sum(out) = min(1, sum(caps)), out[i] <= caps[i], and a share below its cap is the largest there is.
/// @param caps  largest share of each, >= 0
/// @param out   one share each, as many as caps
void water_fill(std::span<const double> caps, std::span<double> out);

}  // namespace windtunnel
