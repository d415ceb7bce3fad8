// The spread of one batch's time around what the law says; what depends on content is work (items), not noise.
#pragma once

namespace windtunnel {

/// A lognormal factor of mean 1 and coefficient of variation `cv_solo`, as if it had been drawn with `cv_company`: the
/// same quantile of the wider law. Needs no draw of its own, so company moves no random number (law 3).
/// @param noise  > 0  @param cv_solo  > 0  @param cv_company  >= 0
double noise_in_company(double noise, double cv_solo, double cv_company);

}  // namespace windtunnel
