#!/bin/sh
# Runs the command that follows and keeps its promise for it: nothing of this session id outlives the one who holds the
# other end of standard input. The gateway starts it as the leader of a session of its own.
# HOME is the command's own temporary folder and goes with it.

exec 3<&0 </dev/null
session=$$

# Signals everything in the session except this script; true when there was something.
signal_all() {
  found=1
  read -r self _ </proc/self/stat
  for stat in /proc/[0-9]*/stat; do
    read -r line 2>/dev/null <"$stat" || continue
    pid=${line%% *}
    # state, parent, group, session
    set -- "$1" ${line##*) }
    [ "$5" = "$session" ] && [ "$2" != Z ] && [ "$pid" != "$session" ] && [ "$pid" != "$self" ] || continue
    kill -s "$1" "$pid" 2>/dev/null && found=0
  done
  return $found
}

sweep() {
  signal_all TERM || return
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    sleep 0.1
    signal_all 0 || return
  done
  while signal_all KILL; do sleep 0.1; done
}

finish() {
  sweep
  case $HOME in */sallyport-guacd-*) rm -rf "$HOME" ;; esac
  exit
}

# End of file: the gateway let go, or is no more.
{ cat <&3 >/dev/null; finish; } &
watch=$!

# Below the gateway, which all keys of all sessions pass: a session that draws much holds up itself first. Where the kernel
# gives each session id a share of its own (sched(7), autogroup), nice counts only inside that share.
{ echo 10 >/proc/self/autogroup; } 2>/dev/null
nice -n 10 "$@" 3<&- &
wait $!
kill "$watch" 2>/dev/null
finish
