// Which model a pod belongs to, by its name.
#pragma once

#include <string>
#include <string_view>

namespace windtunnel {

/// The pod's name without what its owners added: a Deployment's "-<hash of the template>-<5 characters>", a Job's or
/// ReplicaSet's "-<5 characters>", a StatefulSet's "-<number>". Generated parts hold none of a, e, i, o, u, y, 0, 1, 3
/// [S: apimachinery's rand], which words mostly do; so "room-scene" stays whole.
std::string_view owner_of_pod(std::string_view pod);

}  // namespace windtunnel
