// Compiled into ssh2's ciphers in front of everything else. From 24.19 on, node::ObjectWrap of Node 24 takes itself off a list
// when it is freed and needs a context for that. The garbage collector has none when it works between two tasks, and Node aborts
// (nodejs/node#65446, mscdex/ssh2#1511). Without the list a cipher is freed as before; one that outlives its Node is not.
#include <node.h>
#define AddEnvironmentCleanupHook(...) static_cast<void>(0)
#define RemoveEnvironmentCleanupHook(...) static_cast<void>(0)
